// Files that are there whole or not at all.
import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";

/** Writes beside the file and renames; folders are made. @throws disk_full, file_not_written */
export async function writeAtomically(file: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = partOf(file);
  try {
    await makeFolder(dirname(file));
    await writeFile(temporary, bytes, { flag: "wx" });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw writeFault(file, cause);
  }
}

/** A name beside the file that nothing else uses. */
export function partOf(file: string): string {
  return `${file}.${randomBytes(6).toString("hex")}.part`;
}

/** Why a file could not be written: disk_full or file_not_written; an error of ours stays as it is. */
export function writeFault(file: string, cause: unknown): MaskletError {
  if (cause instanceof MaskletError) return cause;
  if (isSystemError(cause, "ENOSPC", "EDQUOT")) return MaskletError.of("disk_full", { file }, cause);
  return MaskletError.of("file_not_written", { file, why: reasonOf(cause) }, cause);
}
