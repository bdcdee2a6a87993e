// Opens a training set of any of the formats, told apart by their files.
import { MaskletError } from "#protocol/errors.ts";
import { cocoFiles, openCoco } from "./coco-read.ts";
import { openSa1b, sa1bPairs } from "./sa1b-read.ts";
import { openSam2, sam2Roots } from "./sam2-read.ts";
import { openSetFiles } from "./set-files.ts";
import type { OpenSet } from "./set.ts";
import { openStacks } from "./stacks-set.ts";

/** @throws file_missing, dataset_invalid for a folder that is none of them, and what opening it throws */
export async function openSet(folder: string, signal?: AbortSignal): Promise<OpenSet> {
  const files = await openSetFiles(folder);
  if ((await files.names("")).includes("dataset.json")) return openStacks(files);
  if ((await sam2Roots(files)).length > 0) return openSam2(files, signal);
  if ((await sa1bPairs(files)).pairs.length > 0) return openSa1b(files, signal);
  if ((await cocoFiles(files)).length > 0) return openCoco(files, signal);
  throw MaskletError.of("dataset_invalid", { file: folder, why: "it has no dataset.json, no annotations/*.json, no JPEGImages and no sa_*.jpg, so it is no set of masklet's, COCO's or SAM 2's" });
}
