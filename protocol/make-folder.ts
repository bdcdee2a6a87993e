// Node's own recursive mkdir never returns where a folder's parent exists but takes no entries (/proc): it makes the parent
// for ever. This one asks for each level twice at most.
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { MaskletError, asMaskletError, isSystemError, reasonOf } from "./errors.ts";

/** Makes the folder and those above it where they are missing. @throws disk_full, file_not_written */
export async function makeFolder(folder: string): Promise<void> {
  if (await made(folder)) return;
  if (dirname(folder) === folder) throw notWritten(folder, "there is no such place");
  await makeFolder(dirname(folder));
  if (!(await made(folder))) throw notWritten(folder, "nothing can be made in the folder above it");
}

/** @returns false when there is no folder to make it in */
async function made(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (thrown) {
    if (isSystemError(thrown, "ENOENT")) return false;
    // A read-only place, or one that may not be written, says so even of a folder that is there.
    if (await isFolder(folder)) return true;
    const fault = asMaskletError(thrown);
    throw fault.code === "disk_full" ? fault : notWritten(folder, isSystemError(thrown, "EEXIST", "ENOTDIR") ? "a file is in the way" : reasonOf(thrown), thrown);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown) return false;
    throw thrown;
  }
}

function notWritten(file: string, why: string, cause?: unknown): MaskletError {
  return MaskletError.of("file_not_written", { file, why }, cause);
}
