// masklet models list | pull | add | verify | remove
import { basename } from "node:path";
import type { CheckpointRequest, InstallPart, InstallWatch } from "#models/registry/install-checkpoint.ts";
import { createModelStore } from "#models/registry/store.ts";
import type { ModelStore } from "#models/registry/store.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { Model, Progress } from "#protocol/types.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { serverClient } from "./server-client.ts";
import { verifyModels } from "./verify-models.ts";

export const modelsOptions = { server: "text", id: "text", "image-size": "text", int8: "flag", image: "text" } as const;

/** Which options go with which action: one given to another would be silently ignored. */
const optionsOf: Readonly<Record<string, readonly (keyof typeof modelsOptions)[]>> = { list: ["server"], pull: [], add: ["id", "image-size", "int8"], verify: ["image"], remove: [] };

/** @throws usage, and what the model store or the server throws */
export async function runModels(options: Options, context: CommandContext): Promise<void> {
  const [action = "list", word, ...more] = options.words;
  const { terminal } = context;
  const store = createModelStore({ home: context.home, onLog: (line) => terminal.say(line) });
  checkUsage(action, more, options);
  const named = (what = "a model's id"): string => {
    if (word === undefined) throw MaskletError.of("usage", { why: `masklet models ${action} needs ${what}.` });
    return word;
  };
  switch (action) {
    case "list":
      return list(store, options.text("server"), context);
    case "pull": {
      const model = await store.pull(named(), shown(named(), context));
      return terminal.result(modelLine(model), model);
    }
    case "add": {
      const source = named("a file or an address");
      const { model, already } = await store.add(addRequest(source, options), shown(options.text("id") ?? basename(source), context));
      return terminal.result(already ? `${modelLine(model)}, already there` : modelLine(model), { ...model, already });
    }
    case "verify":
      return verifyModels(store, word, options.text("image"), context);
    case "remove":
      await store.remove(named());
      return terminal.result(`${named()} removed`, { removed: named() });
  }
}

function checkUsage(action: string, more: readonly string[], options: Options): void {
  const allowed = Object.hasOwn(optionsOf, action) ? optionsOf[action] : undefined;
  if (allowed === undefined) throw MaskletError.of("usage", { why: `There is no \`masklet models ${action}\`.` });
  if (more.length > 0) throw MaskletError.of("usage", { why: `masklet models ${action} takes one name, not also "${more.join(" ")}".` });
  for (const name of ["server", "id", "image-size", "int8", "image"] as const) {
    if (!allowed.includes(name) && (options.text(name) !== undefined || options.flag(name))) throw MaskletError.of("usage", { why: `masklet models ${action} has no option --${name}.` });
  }
}

function addRequest(source: string, options: Options): CheckpointRequest {
  return { source, id: options.text("id"), imageSize: options.whole("image-size", 1, 65_536), int8: options.flag("int8") };
}

async function list(store: ModelStore, server: string | undefined, context: CommandContext): Promise<void> {
  const models = server === undefined ? await store.list() : await serverClient(server, context).ask("ModelList", "GET", "/v1/models");
  context.terminal.result(models.map(modelLine).join("\n"), models);
}

/** Each part of an installation is a progress of its own. */
function shown(name: string, { terminal, signal }: CommandContext): InstallWatch {
  const part: { show: (progress: Progress) => void } = { show: terminal.progress(`downloading ${name}`) };
  const begin = (what: InstallPart): void => {
    part.show = terminal.progress(`${what} ${name}`);
  };
  return { signal, onPart: begin, onProgress: (progress) => part.show(progress) };
}

export function modelLine(model: Model): string {
  const size = `${(model.sizeBytes / 2 ** 20).toFixed(0)} MiB`;
  const state = model.installed ? `installed, ${model.integrity === "missing" ? "damaged: remove it, then install it again" : model.integrity}` : "not installed";
  const input = model.imageSize === undefined ? "" : `  ${model.imageSize} px`;
  const source = model.source === undefined ? "" : `  from ${model.source}`;
  return `${model.id}  ${model.family}  ${size}${input}  ${state}  (${model.licence})${source}`;
}
