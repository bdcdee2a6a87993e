// Where models lie, and how one gets there whole: it is made in a folder of its own, and two renames put it in place.
import { mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, asMaskletError, isSystemError } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Watch } from "#protocol/types.ts";
import { sha256OfFile } from "./file-hash.ts";
import { manifestName } from "./manifest.ts";
import type { InstallManifest, InstalledFile } from "./manifest.ts";

/** Start of the name of folders that are worked in. */
const WORK = ".pull-";
const LEFTOVER_MS = 3_600_000;
/** Two installations of one model at the same moment take turns; more tries than that mean something else. */
const PLACING_TRIES = 5;

/**
 * Runs `make` in a new folder beside the models, and puts what it leaves in `ready` in the place of model `id`, unless it
 * answers `leave`. However it ends, nothing else of it stays, and what was installed is there until the new files are complete.
 * @throws what `make` throws; disk_full, file_not_written
 */
export async function placeModel(root: string, id: string, make: (ready: string, work: string) => Promise<"leave" | void>): Promise<void> {
  try {
    await makeFolder(root);
    await sweep(root);
    const work = await mkdtemp(join(root, WORK));
    try {
      const ready = join(work, "ready");
      await makeFolder(ready);
      if ((await make(ready, work)) !== "leave") await putInPlace(ready, join(root, id), join(work, "old"));
    } finally {
      // Retried, because an aborted downloader may still be writing into its folder.
      await rm(work, { recursive: true, force: true, maxRetries: 5 });
    }
  } catch (thrown) {
    throw placeFault(thrown, join(root, id));
  }
}

/** A full disk, or a folder that may not be written, is said of the model's folder. */
function placeFault(thrown: unknown, folder: string): MaskletError {
  const fault = asMaskletError(thrown);
  if (fault.code === "disk_full") return MaskletError.of("disk_full", { file: folder }, thrown);
  if (isSystemError(thrown, "EACCES", "EPERM", "EROFS") && thrown instanceof Error) return MaskletError.of("file_not_written", { file: folder, why: thrown.message }, thrown);
  return fault;
}

/** Writes the list of what lies in `ready`. */
export async function writeManifest(ready: string, about: Omit<InstallManifest, "files">, watch: Watch = {}): Promise<void> {
  const files: InstalledFile[] = [];
  for (const name of (await readdir(ready)).sort()) {
    const path = join(ready, name);
    files.push({ name, sizeBytes: (await stat(path)).size, sha256: await sha256OfFile(path, { signal: watch.signal }) });
  }
  const manifest: InstallManifest = { ...about, files };
  await writeFile(join(ready, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Removes what killed or aborted work left; not what another process may be writing right now. */
async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(WORK)) continue;
    const about = await stat(join(root, name)).catch(() => undefined);
    if (about !== undefined && Date.now() - about.mtimeMs > LEFTOVER_MS) await rm(join(root, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Two renames on one file system: at no instant is the folder there and incomplete. */
async function putInPlace(ready: string, target: string, old: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await rename(target, `${old}-${tried}`);
    } catch (thrown) {
      if (!isSystemError(thrown, "ENOENT")) throw thrown;
    }
    try {
      return await rename(ready, target);
    } catch (thrown) {
      // Another process put its own there between the two.
      if (tried === PLACING_TRIES || !isSystemError(thrown, "ENOTEMPTY", "EEXIST")) throw thrown;
    }
  }
}
