// Whether a model's files are still what was installed.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import { sha256OfFile } from "./file-hash.ts";
import type { InstallManifest } from "./manifest.ts";

/** Sizes and change times: while they are the same, the files need not be hashed again. @throws model_damaged when a file is missing or has another size */
export async function stampOf(model: string, folder: string, manifest: InstallManifest): Promise<string> {
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

/** @throws model_damaged, cancelled */
export async function checkHashes(model: string, folder: string, manifest: InstallManifest, watch: Watch): Promise<void> {
  const total = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  let done = 0;
  for (const file of manifest.files) {
    const before = done;
    const sha256 = await sha256OfFile(join(folder, file.name), { signal: watch.signal, onProgress: (one) => watch.onProgress?.({ done: before + one.done, total, unit: "bytes" }) });
    done += file.sizeBytes;
    if (sha256 !== file.sha256) throw MaskletError.of("model_damaged", { model, file: file.name, why: "its SHA-256 is not the one it was installed with" });
  }
}

async function statOf(path: string, model: string, file: string): Promise<{ size: number; mtimeMs: number; ctimeMs: number }> {
  try {
    return await stat(path);
  } catch (thrown) {
    throw MaskletError.of("model_damaged", { model, file, why: "it is missing or cannot be read" }, thrown);
  }
}
