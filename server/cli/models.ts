// masklet models list | pull | verify | remove
import { createModelStore } from "#models/registry/store.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { Model } from "#protocol/types.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { serverClient } from "./server-client.ts";

export const modelsOptions = { server: "text" } as const;

/** @throws usage, and what the model store or the server throws */
export async function runModels(options: Options, context: CommandContext): Promise<void> {
  const [action = "list", id] = options.words;
  const { terminal, signal } = context;
  const store = createModelStore({ home: context.home });
  const named = (): string => {
    if (id === undefined) throw MaskletError.of("usage", { why: `masklet models ${action} needs a model's id.` });
    return id;
  };
  if (action === "list") {
    const server = options.text("server");
    const models = server === undefined ? await store.list() : await serverClient(server, context).ask("ModelList", "GET", "/v1/models");
    terminal.result(models.map(modelLine).join("\n"), models);
  } else if (action === "pull") {
    const model = await store.pull(named(), { signal, onProgress: terminal.progress(`pulling ${named()}`) });
    terminal.result(modelLine(model), model);
  } else if (action === "verify") {
    const ids = id === undefined ? (await store.list()).filter((model) => model.installed).map((model) => model.id) : [id];
    if (ids.length === 0) throw MaskletError.of("model_not_installed", { model: (await store.list())[0]?.id ?? "auto" });
    const models: Model[] = [];
    for (const one of ids) models.push(await store.verify(one, { signal }));
    terminal.result(models.map((model) => `${modelLine(model)}, checked now`).join("\n"), models);
  } else if (action === "remove") {
    await store.remove(named());
    terminal.result(`${named()} removed`, { removed: named() });
  } else {
    throw MaskletError.of("usage", { why: `There is no \`masklet models ${action}\`.` });
  }
}

export function modelLine(model: Model): string {
  const size = `${(model.sizeBytes / 2 ** 20).toFixed(0)} MiB`;
  const state = model.installed ? `installed, ${model.integrity}` : "not installed";
  return `${model.id}  ${model.family}  ${size}  ${state}  (${model.licence})`;
}
