// The folder that a run has for itself, or goes on in.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asMaskletError, isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

/**
 * A new folder, or with a key the one that a run with it has left. What was left is gone on with only where it was made in the same way:
 * answers of passes say nothing about other chunks, steps or voxels.
 * @param way everything that passes and stores depend on
 * @throws disk_full, file_not_written
 */
export function openRunFolder(scratch: string, resumeKey: string | undefined, way: string): string {
  const folder = join(scratch, resumeKey ?? `run-${randomBytes(6).toString("hex")}`);
  const note = join(folder, "way.json");
  try {
    if (resumeKey !== undefined && existsSync(folder) && !(existsSync(note) && readFileSync(note, "utf8") === way)) rmSync(folder, { recursive: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(note, way);
    return folder;
  } catch (thrown) {
    if (isSystemError(thrown, "ENOSPC", "EDQUOT")) throw asMaskletError(thrown);
    throw MaskletError.of("file_not_written", { file: folder, why: reasonOf(thrown) }, thrown);
  }
}
