// Weights as the extension lists, registers and waits for them, on this server's own models.
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { CheckpointRequest, InstallWatch } from "#models/registry/install-checkpoint.ts";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Model, Progress } from "#protocol/types.ts";
import type { Domains } from "#server/operations/contract.ts";
import { resolveAllowed } from "#server/volumes/allowed-path.ts";
import { autoOf } from "./looking.ts";
import { modelNames, weightsOf } from "./model-names.ts";
import type { ModelName, WeightsEntry } from "./model-names.ts";
import { reasonFor } from "./refusal.ts";
import type { WeightsRequest } from "./requests.ts";

export type AddModel = (request: CheckpointRequest, watch: InstallWatch) => Promise<{ readonly model: Model; readonly already: boolean }>;

export interface WeightsProgress {
  readonly message: string | null;
  /** -1 while nothing is measured. */
  readonly percent: number;
}

export interface Weights {
  /** @param name undefined for all */
  list(name: ModelName | undefined): Promise<WeightsEntry[]>;
  /** Downloads and installs. @returns what a person is to read, however it ended */
  register(request: WeightsRequest): Promise<string>;
  progress(): WeightsProgress;
  cancel(): void;
}

const idle: WeightsProgress = { message: null, percent: -1 };

/** @param roots folders from which weights may be taken */
export function createWeights(models: Domains["models"], addModel: AddModel, roots: readonly string[]): Weights {
  const running = new Set<AbortController>();
  let latest = idle;

  async function install({ name, url }: WeightsRequest, signal: AbortSignal): Promise<string> {
    const source = await sourceOf(url, roots);
    const id = idOf(name);
    const installed = (await models.list()).filter((model) => model.installed);
    if (installed.some((model) => model.id === id)) return `${name} already exists by name.`;
    const same = installed.find((model) => model.source === source);
    if (same !== undefined) return `${url} already exists by url, as ${same.id}.`;
    let doing = "downloading";
    const onProgress = ({ done, total, unit }: Progress): void => {
      const percent = total > 0 ? Math.floor((100 * done) / total) : -1;
      latest = { message: unit === "bytes" ? `${doing} ${name}: ${mebibytes(done)} of ${mebibytes(total)} MiB` : `${doing} ${name}`, percent };
    };
    const { model, already } = await addModel({ source, id, int8: false }, { signal, onPart: (part) => { doing = part; latest = { message: `${part} ${name}`, percent: -1 }; }, onProgress });
    return already ? `${name} already exists, as ${model.id}.` : `${name} is registered, as ${model.id}.`;
  }

  return {
    list: async (name) => {
      const [auto, known] = [await autoOf(models), await models.list()];
      return (name === undefined ? modelNames : [name]).flatMap((one) => weightsOf(one, known, auto));
    },
    register: async (request) => {
      if (request.type === "sam3") return "SAM 3 is not installed: there is nothing here to use its weights.";
      const stop = new AbortController();
      running.add(stop);
      latest = { message: `downloading ${request.name}`, percent: 0 };
      try {
        return await install(request, stop.signal);
      } catch (thrown) {
        if (asMaskletError(thrown).code === "cancelled") return `Registering ${request.name} was cancelled.`;
        return `${request.name} is not registered. ${reasonFor(thrown)}`;
      } finally {
        running.delete(stop);
        if (running.size === 0) latest = idle;
      }
    },
    progress: () => latest,
    cancel: () => { for (const stop of running) stop.abort(); },
  };
}

/** An address, or a file under a root. @throws usage, path_forbidden, file_missing */
async function sourceOf(url: string, roots: readonly string[]): Promise<string> {
  // What people copy from a browser's address bar shows the file; this is the file.
  if (/^https?:/i.test(url)) return url.replace(/^(https:\/\/huggingface\.co\/[^/]+\/[^/]+)\/blob\//, "$1/resolve/");
  const path = /^file:/i.test(url) && URL.canParse(url) ? filePath(url) : url;
  if (!isAbsolute(path)) throw MaskletError.of("usage", { why: `"${url}" is neither an address that begins with https:// nor the whole path of a file on the server.` });
  return resolveAllowed(path, roots);
}

/** @throws usage */
function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (thrown) {
    throw MaskletError.of("usage", { why: `"${url}" names no file of this machine.` }, thrown);
  }
}

/** Undefined where nothing of the name can be used: then the file's name decides. */
function idOf(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9._]+/g, "-").replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "").slice(0, 64).replace(/\.+$/, "");
  return plain === "" || plain === "auto" ? undefined : plain;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
