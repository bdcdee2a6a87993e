// Which models there are to speak of: those of the catalogue, of which one that should come with the package may not, and what
// somebody added; each with what lies in its folder.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, asMaskletError, isSystemError } from "#protocol/errors.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { KnownModel } from "./describe-model.ts";
import type { Embedded } from "./embedded.ts";
import { readManifest } from "./manifest.ts";
import type { InstallManifest } from "./manifest.ts";
import { requireModelId } from "./model-id.ts";

export interface KnownModels {
  /** Of the catalogue first, in its order. */
  ids(): Promise<string[]>;
  look(id: string): Promise<KnownModel>;
  /** What is installed under an id. @throws model_unknown when nothing knows it, model_not_installed, model_damaged, usage */
  installed(id: string): Promise<InstallManifest>;
  unknown(id: string): Promise<MaskletError>;
}

/** The name of a folder that is neither hidden nor worked in, and leads nowhere else. */
function isFolder(name: string): boolean {
  return /^[a-z0-9][^/\\]*$/.test(name);
}

/** Reads nothing yet. @param root the folder of all models */
export function knownModels(root: string, catalogue: readonly CatalogueEntry[], embedded: Embedded): KnownModels {
  /** Undefined, too, where it should come with the package and does not. */
  async function entryOf(id: string): Promise<Pick<KnownModel, "entry" | "weights">> {
    const entry = catalogue.find((one) => one.id === id);
    if (entry?.source.kind !== "embedded") return { entry, weights: undefined };
    const weights = await embedded.weights(id, entry.source);
    return weights === undefined ? { entry: undefined, weights } : { entry, weights };
  }

  async function entryIds(): Promise<string[]> {
    const found = await Promise.all(catalogue.map(async ({ id }) => ({ id, ...(await entryOf(id)) })));
    return found.filter(({ entry }) => entry !== undefined).map(({ id }) => id);
  }

  /** Folders that hold what the catalogue does not know. */
  async function addedIds(known: readonly string[]): Promise<string[]> {
    const names = await readdir(root).catch((thrown: unknown) => {
      if (isSystemError(thrown, "ENOENT", "ENOTDIR")) return [];
      throw thrown;
    });
    return names.filter((name) => isFolder(name) && !known.includes(name)).sort();
  }

  async function ids(): Promise<string[]> {
    const known = await entryIds();
    return [...known, ...(await addedIds(known))];
  }

  async function readOrDamaged(id: string): Promise<KnownModel["manifest"]> {
    try {
      return await readManifest(join(root, id), id);
    } catch (thrown) {
      const fault = asMaskletError(thrown);
      if (fault.code === "model_damaged") return "damaged";
      throw fault;
    }
  }

  async function unknown(id: string): Promise<MaskletError> {
    return MaskletError.of("model_unknown", { model: id, known: (await ids()).join(", ") });
  }

  return {
    ids,
    look: async (id) => ({ id, ...(await entryOf(id)), manifest: isFolder(id) ? await readOrDamaged(id) : undefined }),
    async installed(id) {
      const { entry } = await entryOf(id);
      const manifest = entry === undefined && !(await addedIds(await entryIds())).includes(id) ? undefined : await readManifest(join(root, requireModelId(id)), id);
      if (manifest !== undefined) return manifest;
      if (entry === undefined) throw await unknown(id);
      throw MaskletError.of("model_not_installed", { model: id });
    },
    unknown,
  };
}
