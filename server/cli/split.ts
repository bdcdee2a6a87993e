// masklet split: one object of a label image that holds several particles, as one object for each.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Mask, Schema } from "#protocol/types.ts";
import { splitMasklet } from "#server/segmentation/split-masklet.ts";
import { freeIds } from "#server/sessions/object-ids.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { readLabels } from "./read-labels.ts";
import { checkResultPaths, resultOptions, resultPaths, writeResults } from "./write-results.ts";

export const splitOptions = { labels: "text", object: "text", output: "text", seed: "texts", depth: "text", parts: "text", frame: "text", ...resultOptions } as const;

/** @throws usage, not_found, split_impossible, plane_off_volume, prompt_off_image, cancelled, and what reading and writing throw */
export async function runSplit(options: Options, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const path = options.required("labels");
  options.required("object");
  const objectId = options.whole("object", 1, limits.maxObjectId)!;
  const seeds = options.texts("seed").map(readSeed);
  if (seeds.length === 1) throw MaskletError.of("usage", { why: "One --seed makes one part; give one for each particle, or none." });
  const depth = options.number("depth", 0, 1000);
  const parts = options.whole("parts", 2, 1000);
  if (seeds.length > 0 && (depth !== undefined || parts !== undefined)) throw MaskletError.of("usage", { why: "--depth and --parts choose seeds, so they do not go with --seed." });
  const frame = options.whole("frame", 0, limits.maxPlanes) ?? 0;
  const paths = { ...resultPaths(options), labels: options.required("output") };
  await checkResultPaths(paths, [path]);
  const source = await openVolume(path, { signal });
  try {
    const { shape, spacing } = source;
    if (frame >= shape.t) throw MaskletError.of("plane_off_volume", { axis: "t", index: frame, size: shape.t });
    const masks = await readLabels(source, context);
    const isPart = (mask: Mask): boolean => mask.objectId === objectId && mask.t === frame;
    if (!masks.some((mask) => mask.objectId === objectId)) throw MaskletError.of("not_found", { what: "object", id: String(objectId) });
    const parted = await splitMasklet({ objectId, masks: masks.filter(isPart), shape, spacing, ...(seeds.length > 0 ? { seeds } : {}), depth, parts }, signal);
    const ids = [objectId, ...freeIds(new Set(masks.map((mask) => mask.objectId)), parted.parts.length - 1)];
    const result = [...masks.filter((mask) => !isPart(mask)), ...parted.parts.flatMap((found, nth) => found.map((mask) => ({ ...mask, objectId: ids[nth]! })))];
    const files = await writeResults(paths, source, result, "first");
    const voxels = parted.parts.map((found) => found.reduce((sum, mask) => sum + mask.area, 0));
    const told = ids.map((id, nth) => `${id} (${voxels[nth]} voxels${nth === 0 ? "" : ", new"})`).join(", ");
    terminal.result(`Object ${objectId} is now ${told}: ${files.join(", ")}`, { objects: ids.map((id, nth) => ({ object: id, voxels: voxels[nth] })), files });
  } finally {
    await source.close();
  }
}

/** `x,y,z` @throws usage */
function readSeed(text: string): Schema<"Seed"> {
  const [x, y, z, ...more] = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (x === undefined || y === undefined || z === undefined || more.length > 0 || ![x, y, z].every(Number.isFinite) || !Number.isInteger(z) || z < 0) {
    throw MaskletError.of("usage", { why: `--seed must be x,y,z with x and y in pixels and z a slice counted from 0, not "${text}".` });
  }
  return [x, y, z];
}
