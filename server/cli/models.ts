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
import type { Terminal } from "./terminal.ts";
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
      return remove(store, named(), terminal);
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
  context.terminal.result([...models.map(modelLine), ...standings(models)].join("\n"), models);
}

async function remove(store: ModelStore, id: string, terminal: Terminal): Promise<void> {
  await store.remove(id);
  const left = (await store.list()).find((model) => model.id === id && model.embedded === true);
  const back = `what was compiled of ${id} is removed; it comes with Masklet, so it stays in the list and is compiled again when it is used. Another is chosen with --model`;
  terminal.result(left === undefined ? `${id} removed` : back, { removed: id });
}

/** How what comes with Masklet stands beside MobileSAM, the only other one that asks for no file of weights: a sentence, or none where it is of no use. */
export function standings(models: readonly Model[]): string[] {
  const other = models.find(({ id }) => id === "mobile-sam");
  return models.filter(({ embedded, integrity }) => embedded === true && integrity !== "missing").map(({ id, meanDice }) => {
    if (meanDice === undefined || other?.meanDice === undefined) return `${id} was not compared with mobile-sam, so \`auto\` takes it only where nothing else is installed.`;
    const dice = `mean Dice from one box on the validation sets ${meanDice.toFixed(3)} and ${other.meanDice.toFixed(3)}`;
    return meanDice > other.meanDice ? `${id} scores better than mobile-sam (${dice}), so \`auto\` prefers it.` : `${id} does not score better than mobile-sam (${dice}), so \`auto\` takes it only where nothing else is installed.`;
  });
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
  const input = model.imageSize === undefined ? "" : `  ${model.imageSize} px`;
  const source = model.source === undefined || model.embedded === true ? "" : `  from ${model.source}`;
  return `${model.id}  ${model.family}  ${size}${input}  ${stateOf(model)}  (${model.licence})${source}`;
}

function stateOf({ embedded, installed, integrity }: Model): string {
  if (embedded === true) return `in the box, ${integrity === "missing" ? "damaged: install Masklet again" : integrity}`;
  if (!installed) return "not installed";
  return `installed, ${integrity === "missing" ? "damaged: remove it, then install it again" : integrity}`;
}
