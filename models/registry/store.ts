// The models on this machine: which are known, which are here, and whether their files are still what was installed.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, asMaskletError, isSystemError, throwIfCancelled } from "#protocol/errors.ts";
import type { Model, Watch } from "#protocol/types.ts";
import type { InstalledModel } from "../installed-model.ts";
import { autoOrder } from "./auto-order.ts";
import { models } from "./catalogue.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { checkHashes, stampOf } from "./check-files.ts";
import type { OpenForCompiling } from "./checkpoint-compiler.ts";
import { openSam2ForCompiling } from "./compile-checkpoint.ts";
import { installCheckpoint } from "./install-checkpoint.ts";
import type { CheckpointRequest, InstallWatch } from "./install-checkpoint.ts";
import { installPackage } from "./install-package.ts";
import { readManifest } from "./manifest.ts";
import type { InstallManifest } from "./manifest.ts";
import { requireModelId } from "./model-id.ts";

export interface ModelStore {
  /** Those of the catalogue, then those that were added. One whose description is damaged is installed with integrity `missing`. */
  list(): Promise<Model[]>;
  /**
   * Downloads, compiles where that is needed, and installs; what was installed before stays until the new files are complete.
   * @throws model_unknown, download_failed, disk_full, file_not_written, cancelled, and what add throws
   */
  pull(id: string, watch?: InstallWatch): Promise<Model>;
  /**
   * Installs a checkpoint from a file or an address. The same content with the same settings again does nothing.
   * @throws usage, model_exists, download_failed, file_missing, checkpoint_invalid, checkpoint_unsupported, checkpoint_mismatch,
   *   checkpoint_metadata, image_size_invalid, weights_not_finite, disk_full, file_not_written, cancelled
   */
  add(request: CheckpointRequest, watch?: InstallWatch): Promise<{ readonly model: Model; readonly already: boolean }>;
  /** The id that a wish means; `auto-order.ts` says what `auto` does. @throws model_unknown, model_not_installed */
  resolveModel(wish: string): Promise<string>;
  /** Checks sizes each time and SHA-256 once per store. @throws model_unknown, model_not_installed, model_damaged */
  open(id: string): Promise<InstalledModel>;
  /** Hashes every file again. @throws model_unknown, model_not_installed, model_damaged, cancelled */
  check(id: string, watch?: Watch): Promise<InstalledModel>;
  /** @throws model_unknown, model_not_installed */
  remove(id: string): Promise<void>;
}

export interface ModelStoreOptions {
  /** MASKLET_HOME. Models lie in its folder `models`. */
  readonly home: string;
  readonly catalogue?: readonly CatalogueEntry[];
  readonly openForCompiling?: OpenForCompiling;
  /** Whether this machine runs large networks quickly: then `auto` means the best one, else the quickest. Default: whether MASKLET_PROVIDER asks for cuda. */
  readonly fast?: boolean;
  /** Warnings, a line each. */
  readonly onLog?: (line: string) => void;
}

export function createModelStore(options: ModelStoreOptions): ModelStore {
  const catalogue = options.catalogue ?? models;
  const root = join(options.home, "models");
  const around = { root, catalogue, openForCompiling: options.openForCompiling ?? openSam2ForCompiling, onLog: options.onLog ?? (() => {}) };
  const checked = new Map<string, { stamp: string; model: InstalledModel }>();

  const entryOf = (id: string): CatalogueEntry | undefined => catalogue.find((one) => one.id === id);
  const folderOf = (id: string): string => join(root, requireModelId(id));

  /** @throws model_unknown when it is in neither the catalogue nor the folder, model_not_installed, model_damaged */
  async function installedOf(id: string): Promise<InstallManifest> {
    const manifest = entryOf(id) === undefined && !(await addedIds()).includes(id) ? undefined : await readManifest(folderOf(id), id);
    if (manifest !== undefined) return manifest;
    if (entryOf(id) === undefined) throw await unknown(id);
    throw MaskletError.of("model_not_installed", { model: id });
  }

  async function unknown(id: string): Promise<MaskletError> {
    return MaskletError.of("model_unknown", { model: id, known: [...catalogue.map((one) => one.id), ...(await addedIds())].join(", ") });
  }

  /** Folders that hold what the catalogue does not know. */
  async function addedIds(): Promise<string[]> {
    const names = await readdir(root).catch((thrown: unknown) => {
      if (isSystemError(thrown, "ENOENT", "ENOTDIR")) return [];
      throw thrown;
    });
    return names.filter((name) => /^[a-z0-9]/.test(name) && entryOf(name) === undefined).sort();
  }

  async function describe(id: string): Promise<Model> {
    const entry = entryOf(id);
    const manifest = await readOrDamaged(id);
    if (manifest === "damaged") return { id, family: familyOf(entry, undefined), licence: entry?.licence ?? "licence not stated", installed: true, sizeBytes: sizeOf(entry), integrity: "missing" };
    return {
      id,
      family: familyOf(entry, manifest),
      licence: manifest?.licence ?? entry?.licence ?? "licence not stated",
      installed: manifest !== undefined,
      sizeBytes: manifest?.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? sizeOf(entry),
      integrity: manifest?.integrity ?? "missing",
      ...sourceOf(entry, manifest),
      ...(manifest?.compiled === undefined ? {} : { imageSize: manifest.compiled.imageSize }),
    };
  }

  async function readOrDamaged(id: string): Promise<InstallManifest | "damaged" | undefined> {
    try {
      return await readManifest(join(root, id), id);
    } catch (thrown) {
      const fault = asMaskletError(thrown);
      if (fault.code === "model_damaged") return "damaged";
      throw fault;
    }
  }

  async function check(id: string, watch: Watch): Promise<InstalledModel> {
    const manifest = await installedOf(id);
    const folder = folderOf(id);
    const stamp = await stampOf(id, folder, manifest);
    const known = checked.get(id);
    if (known?.stamp === stamp) return known.model;
    await checkHashes(id, folder, manifest, watch);
    const model = {
      id, family: familyOf(entryOf(id), manifest), folder, hash: manifest.files.map((file) => file.sha256.slice(0, 16)).join(""),
      random: manifest.compiled?.metadata["masklet.random"] === "true",
    };
    checked.set(id, { stamp, model });
    return model;
  }

  async function add(request: CheckpointRequest, watch: InstallWatch): Promise<{ model: Model; already: boolean }> {
    const { id, already } = await installCheckpoint(request, around, watch);
    if (!already) checked.delete(id);
    return { model: await describe(id), already };
  }

  async function auto(): Promise<string> {
    const candidates: { id: string; manifest: InstallManifest }[] = [];
    for (const id of [...catalogue.map((one) => one.id), ...(await addedIds())]) {
      const manifest = await readOrDamaged(id);
      // One damaged model does not stand in the way of the others.
      if (manifest !== undefined && manifest !== "damaged") candidates.push({ id, manifest: { ...manifest, family: familyOf(entryOf(id), manifest) } });
    }
    const best = autoOrder(candidates, catalogue, options.fast ?? process.env["MASKLET_PROVIDER"] === "cuda")[0];
    if (best === undefined) throw MaskletError.of("model_not_installed", { model: smallestOf(catalogue)?.id ?? "auto" });
    return best.id;
  }

  return {
    list: async () => Promise.all([...catalogue.map((one) => one.id), ...(await installedAmong(await addedIds()))].map(describe)),
    async pull(id, watch = {}) {
      const entry = entryOf(id);
      if (entry === undefined) throw await unknown(id);
      throwIfCancelled(watch.signal);
      if (entry.source.kind === "checkpoint") return (await add({ source: entry.source.address, id, int8: false }, watch)).model;
      await installPackage(root, entry, entry.source, watch);
      checked.delete(id);
      return describe(id);
    },
    add: (request, watch = {}) => add(request, watch),
    async resolveModel(wish) {
      if (wish === "auto") return auto();
      await installedOf(wish);
      return wish;
    },
    open: (id) => check(id, {}),
    async check(id, watch = {}) {
      checked.delete(id);
      return check(id, watch);
    },
    async remove(id) {
      // What is damaged can be removed as well.
      await installedOf(id).catch((thrown: unknown) => {
        if (asMaskletError(thrown).code !== "model_damaged") throw thrown;
      });
      checked.delete(id);
      await rm(folderOf(id), { recursive: true, force: true });
    },
  };

  /** Without folders that are no models. */
  async function installedAmong(ids: readonly string[]): Promise<string[]> {
    const manifests = await Promise.all(ids.map(readOrDamaged));
    return ids.filter((_, at) => manifests[at] !== undefined);
  }
}

function familyOf(entry: CatalogueEntry | undefined, manifest: InstallManifest | undefined): Model["family"] {
  // What older versions installed does not say: there was one family.
  return manifest?.family ?? entry?.family ?? "sam1";
}

function sourceOf(entry: CatalogueEntry | undefined, manifest: InstallManifest | undefined): { source: string } | object {
  if (manifest?.source !== undefined) return { source: manifest.source };
  if (entry === undefined) return {};
  return { source: entry.source.kind === "package" ? `npm ${entry.source.npm}` : entry.source.address };
}

/** What a person without any model has soonest. */
function smallestOf(catalogue: readonly CatalogueEntry[]): CatalogueEntry | undefined {
  return [...catalogue].sort((a, b) => sizeOf(a) - sizeOf(b))[0];
}

function sizeOf(entry: CatalogueEntry | undefined): number {
  if (entry === undefined) return 0;
  return entry.source.kind === "package" ? entry.source.files.reduce((sum, file) => sum + file.sizeBytes, 0) : entry.source.sizeBytes;
}
