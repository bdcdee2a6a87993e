// One slice of what a recipe leaves: its objects as masks, and a step's output as a picture.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Mask, Schema } from "#protocol/types.ts";
import type { ClassicalRun } from "#server/classical/contract.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { sizeOf } from "#server/segmentation/region-reader.ts";
import { moved } from "./found-objects.ts";
import type { FoundPlace } from "./found-objects.ts";

type StepPlane = Schema<"StepPlane">;
/** Values that a display range is taken from. */
const sampled = 65_536;

/**
 * @returns masks with ids from 1 on where the run ends in labels, and the plane over the region where a step is asked for
 * @throws too_large where the plane does not fit into a frame, and what reading throws
 */
export async function previewRecipe(run: ClassicalRun, { region, t, c }: FoundPlace, { index, step }: Schema<"ClassicalPreview">): Promise<{ masks: readonly Mask[]; plane: StepPlane | undefined }> {
  const [, height, width] = sizeOf(region);
  const z0 = region.start[0];
  const values = await run.read({ start: [index - z0, 0, 0], end: [index - z0 + 1, height, width] });
  const masks = run.kind !== "labels" ? [] : labelsToMasks({ ids: values, width, t, z: index }).map((mask, nth) => ({ ...moved(mask, region, c), objectId: nth + 1 }));
  return { masks, plane: step === undefined ? undefined : planeOf(run.kind, step, values, width, height) };
}

function planeOf(kind: ClassicalRun["kind"], step: string, values: Uint8Array | Uint32Array | Float32Array, width: number, height: number): StepPlane {
  const size = values.length * (kind === "mask" ? 1 : 4);
  if (size > limits.maxFrameBytes - 65_536) throw MaskletError.of("too_large", { what: "plane of the step, in bytes,", size, limit: limits.maxFrameBytes, limitName: "maxFrameBytes" });
  if (kind === "mask") return { step, kind, width, height, dtype: "uint8", data: Uint8Array.from(values), low: 0, high: 1 };
  const floats = Float32Array.from(values);
  const [low, high] = kind === "labels" ? [0, highest(floats)] : displayRange(floats);
  return { step, kind, width, height, dtype: "float32", data: new Uint8Array(floats.buffer), low, high: high > low ? high : low + 1 };
}

function highest(values: Float32Array): number {
  let top = 0;
  for (const value of values) if (value > top) top = value;
  return top;
}

/** All but the lowest and the highest two in a thousand, of finite values evenly sampled: single hot pixels do not darken the rest. */
function displayRange(values: Float32Array): [low: number, high: number] {
  const stride = Math.max(1, Math.floor(values.length / sampled));
  const taken = new Float32Array(Math.ceil(values.length / stride)).map((_, nth) => values[nth * stride]!).filter(Number.isFinite).sort();
  if (taken.length === 0) return [0, 1];
  const at = (part: number): number => taken[Math.round(part * (taken.length - 1))]!;
  return [at(0.002), at(0.998)];
}
