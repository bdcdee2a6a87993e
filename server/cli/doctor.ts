// masklet doctor: what is here, what is missing, and how to get it.
import { accessSync, constants, statfsSync } from "node:fs";
import { installCommand, trainingPython } from "#training/environment.ts";
import { createModelStore } from "#models/registry/store.ts";
import type { ModelStore } from "#models/registry/store.ts";
import { asMaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Model } from "#protocol/types.ts";
import type { CommandContext } from "./command.ts";
import { modelLine, standings } from "./models.ts";
import type { Options } from "./options.ts";
import { serverClient } from "./server-client.ts";
import { defaultPort } from "../config.ts";
import { packageVersion } from "../version.ts";

export const doctorOptions = { server: "text" } as const;

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly says: string;
}

/** What is missing is a finding, not a failure. @throws model_damaged when what is installed cannot be told */
export async function runDoctor(options: Options, context: CommandContext): Promise<void> {
  const url = options.text("server") ?? `http://127.0.0.1:${defaultPort}`;
  const models = await modelFindings(context.home);
  const findings = [
    { what: "masklet", ok: true, says: packageVersion() },
    nodeFinding(),
    await runtimeFinding(),
    await homeFinding(context.home),
    ...models.findings,
    await trainingFinding(context),
    await serverFinding(url, context),
  ];
  const lines = findings.map(({ what, ok, says }) => `${ok ? "ok     " : "missing"}  ${what}: ${says}`);
  context.terminal.result(lines.join("\n"), { findings, models: models.list, limits });
}

function nodeFinding(): Finding {
  const [major = 0] = process.versions.node.split(".").map(Number);
  return { what: "Node", ok: major >= 20, says: major >= 20 ? process.versions.node : `${process.versions.node}; install Node 20 or newer` };
}

async function runtimeFinding(): Promise<Finding> {
  const what = "model runtime";
  try {
    const { runtimeDescription } = await import("#models/runtime/description.ts");
    return { what, ok: true, says: await runtimeDescription(process.env["MASKLET_PROVIDER"] || undefined) };
  } catch (cause) {
    return { what, ok: false, says: `${asMaskletError(cause).message} Install again with --onnxruntime-node-install=skip` };
  }
}

async function homeFinding(home: string): Promise<Finding> {
  const what = "MASKLET_HOME";
  try {
    await makeFolder(home);
    accessSync(home, constants.W_OK);
    const { bavail, bsize } = statfsSync(home);
    return { what, ok: true, says: `${home}, ${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free` };
  } catch (cause) {
    return { what, ok: false, says: `${home} cannot be written (${cause instanceof Error ? cause.message : cause}); set MASKLET_HOME to a folder that can` };
  }
}

async function modelFindings(home: string): Promise<{ findings: Finding[]; list: Model[] }> {
  try {
    // Its warnings are findings below.
    const store = createModelStore({ home });
    const list = await store.list();
    const findings = list.filter((model) => model.installed).map((model) => ({ what: `model ${model.id}`, ok: model.integrity !== "missing", says: modelLine(model) }));
    const absent = list.filter((model) => !model.installed).map((model) => `${model.id} (${(model.sizeBytes / 2 ** 20).toFixed(0)} MiB)`);
    findings.push(await autoFinding(store, list));
    if (absent.length > 0) findings.push({ what: "models to be had", ok: true, says: `${absent.join(", ")}; \`masklet models pull ID\`, or \`masklet models add FILE\` for weights of your own` });
    return { list, findings };
  } catch (thrown) {
    const { message, hint } = asMaskletError(thrown);
    return { list: [], findings: [{ what: "models", ok: false, says: `${message} ${hint}` }] };
  }
}

/** Which model is taken when none is named; without any, which one to get first. */
async function autoFinding(store: ModelStore, list: readonly Model[]): Promise<Finding> {
  try {
    const model = await store.resolveModel("auto");
    const why = list.some(({ id, embedded }) => id === model && (embedded === true || id === "mobile-sam")) ? standings(list) : [];
    return { what: "model auto", ok: true, says: [`means ${model}`, ...why].join(". ") };
  } catch (thrown) {
    const error = asMaskletError(thrown);
    if (error.code !== "model_not_installed") throw error;
    const smallest = String(error.details["model"]);
    return { what: `model ${smallest}`, ok: false, says: `run \`masklet models pull ${smallest}\`` };
  }
}

/** Few need it, so that it is not there is nothing amiss. */
async function trainingFinding({ home, signal }: CommandContext): Promise<Finding> {
  const what = "fine-tuning";
  try {
    return { what, ok: true, says: `with ${await trainingPython(home, process.env["MASKLET_PYTHON"] || undefined, signal)}` };
  } catch (thrown) {
    const error = asMaskletError(thrown);
    if (error.code !== "tool_missing") throw error;
    return { what, ok: true, says: `not set up; \`${installCommand}\` makes a Python environment with PyTorch` };
  }
}

async function serverFinding(url: string, context: CommandContext): Promise<Finding> {
  try {
    const health = await serverClient(url, context).ask("Health", "GET", "/v1/health");
    return { what: "server", ok: true, says: `${url}, version ${health.version}, model process ${health.model}` };
  } catch (thrown) {
    const error = asMaskletError(thrown);
    return error.code === "server_unreachable"
      ? { what: "server", ok: true, says: `none running at ${url}; start it with \`masklet serve\`` }
      : { what: "server", ok: false, says: `${error.message} ${error.hint}` };
  }
}
