// A training set on the disk, whatever its format: what it holds, and its crops one at a time.
import type { Crop } from "./crop-files.ts";
import type { Dataset, DatasetItem } from "./description.ts";
import type { Finding } from "./findings.ts";

export const setFormats = ["stacks", "coco", "sam2", "sa1b"] as const;
export type SetFormat = (typeof setFormats)[number];

export interface OpenSet {
  readonly format: SetFormat;
  /** Of a set from elsewhere: each picture or video is a source of its own. */
  readonly dataset: Dataset;
  /** What was found to be wrong while it was opened. Items that are too broken to be described are not in `dataset`. */
  readonly findings: readonly Finding[];
  /** What a label image cannot hold and was left out, for people; complete once all crops were read. */
  notes(): readonly string[];
  /** @throws dataset_invalid, cancelled, and what reading files throws */
  readCrop(item: DatasetItem, signal?: AbortSignal): Promise<Crop>;
}

/** Takes items in their order; the description, as the format changed it, at the end. */
export interface SetWriter {
  add(item: DatasetItem, crop: Crop): Promise<void>;
  finish(dataset: Dataset): Promise<void>;
}
