// Where a long segmentation keeps what it has done, so that the same command goes on from there after it was stopped.
import { createHash } from "node:crypto";
import { access, realpath, rm, stat } from "node:fs/promises";
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
  /** @param kept for the next run of the same command; else it is removed */
  leave(kept: boolean): Promise<void>;
}

/** @param order whatever else decides the result. @throws session_in_use while the same command runs elsewhere, file_missing, file_not_written */
export async function openSegmentScratch(home: string, input: string, order: unknown): Promise<SegmentScratch> {
  const { size, mtimeMs } = await stat(input).catch((cause: unknown) => { throw MaskletError.of("file_missing", { file: input }, cause); });
  const resumeKey = createHash("sha256").update(JSON.stringify([await realpath(input), size, mtimeMs, order])).digest("hex").slice(0, 16);
  const folder = join(home, "scratch", `segment-${resumeKey}`);
  const resumed = await access(folder).then(() => true, () => false);
  await makeFolder(folder);
  const lock = await lockFolder(folder);
  return {
    folder, resumeKey, resumed,
    leave: async (kept) => {
      await lock.release();
      if (!kept) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
