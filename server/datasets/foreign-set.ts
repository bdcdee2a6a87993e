// Pictures that are no crops of a known volume, described as if they were: each picture or video is a source, whole.
import { createHash } from "node:crypto";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Dtype } from "#protocol/types.ts";
import type { Dataset, DatasetItem, DatasetSource, Split } from "./description.ts";
import type { PictureFacts } from "./read-picture.ts";
import { parseDataset } from "./description.ts";
import type { SetFiles } from "./set-files.ts";
import { filesOf } from "./set-text.ts";

/** The description that masklet leaves beside formats which cannot hold it. */
export const memoFile = "masklet.json";

/** @returns undefined when there is none. @throws dataset_invalid, file_unreadable, too_large */
export async function readMemo(files: SetFiles): Promise<Dataset | undefined> {
  if (!(await files.names("")).includes(memoFile)) return undefined;
  return parseDataset(new TextDecoder().decode(await files.read(memoFile, limits.maxDatasetJsonBytes)), memoFile);
}

/** A name as an id of an item; those that become equal are told apart by a number. */
export function idMaker(): (name: string) => string {
  const used = new Set<string>();
  return (name) => {
    const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, "_").replace(/^[.-]+/, "_").slice(0, 100) || "_";
    let id = plain;
    for (let nth = 2; used.has(id); nth++) id = `${plain}-${nth}`;
    used.add(id);
    return id;
  };
}

/** @param frames of one size and dtype, in order. @throws dataset_invalid when they differ, or are too many voxels for a crop */
export function describeForeign(id: string, name: string, split: Split, frames: readonly PictureFacts[], labels: NonNullable<DatasetSource["labels"]>): { source: DatasetSource; item: DatasetItem } {
  const [first] = frames;
  if (first === undefined) throw MaskletError.of("dataset_invalid", { file: name, why: "it has no picture" });
  const { width, height, dtype } = first;
  const other = frames.find((frame) => frame.width !== width || frame.height !== height || frame.dtype !== dtype);
  if (other !== undefined) throw MaskletError.of("dataset_invalid", { file: name, why: `its pictures differ: ${width} x ${height} ${dtype} and ${other.width} x ${other.height} ${other.dtype}` });
  if (width > limits.maxSide || height > limits.maxSide || frames.length * width * height > limits.maxCropVoxels) {
    throw MaskletError.of("dataset_invalid", { file: name, why: `it has ${frames.length} x ${height} x ${width} pixels where ${limits.maxCropVoxels} are allowed (maxCropVoxels)` });
  }
  const sha256 = frames.length === 1 ? first.sha256 : createHash("sha256").update(frames.map((frame) => frame.sha256).join("\n")).digest("hex");
  return {
    source: { id, name, sha256, shape: { t: 1, c: 1, z: frames.length, y: height, x: width }, dtype, spacing: null, range: fullRange(dtype), labels },
    item: { id, source: id, split, t: 0, c: 0, axis: "z", start: [0, 0, 0], size: [frames.length, height, width], spacing: null, ...filesOf(id), objects: 0, turn: 0 },
  };
}

/** The dtype's own range. Floats have none: theirs is that of a fraction. */
export function fullRange(dtype: Dtype): [number, number] {
  return dtype === "float32" ? [0, 1] : [0, dtype === "uint8" ? 255 : 65_535];
}

export function foreignDataset(name: string, sources: DatasetSource[], items: DatasetItem[]): Dataset {
  return { format: "masklet-dataset", version: 1, name, seed: 0, dimensions: items.some((item) => item.size[0] > 1) ? 3 : 2, sources, items };
}
