// Where a long segmentation keeps what it has done, so that the same command goes on from there after it was stopped.
import { createHash } from "node:crypto";
import { readdir, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import { lockFolder } from "#server/sessions/lock.ts";

export interface SegmentScratch {
  readonly folder: string;
  /** Names everything that the result depends on. */
  readonly resumeKey: string;
  /** An earlier run of the same left something here. */
  readonly resumed: boolean;
  /** @param wanted whether the same command may go on from what is here; else it is removed. @returns whether there is anything to go on from */
  leave(wanted: boolean): Promise<boolean>;
}

/** @param order whatever else decides the result. @throws session_in_use while the same command runs elsewhere, file_missing, file_not_written */
export async function openSegmentScratch(home: string, input: string, order: unknown): Promise<SegmentScratch> {
  const { size, mtimeMs } = await stat(input).catch((cause: unknown) => { throw MaskletError.of("file_missing", { file: input }, cause); });
  const resumeKey = createHash("sha256").update(JSON.stringify([await realpath(input), size, mtimeMs, order])).digest("hex").slice(0, 16);
  const folder = join(home, "scratch", `segment-${resumeKey}`);
  await makeFolder(folder);
  const lock = await lockFolder(folder);
  return {
    folder, resumeKey,
    resumed: await holdsWork(folder),
    leave: async (wanted) => {
      await lock.release();
      const kept = wanted && (await holdsWork(folder));
      if (!kept) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      return kept;
    },
  };
}

/** Small volumes are worked on in memory and leave nothing. */
async function holdsWork(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.some((entry) => entry.isFile() && entry.name !== "lock");
}
