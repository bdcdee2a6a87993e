// Masks of one frame as voxels of a box, and back to z masks.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { packMask, unpackMask } from "#protocol/mask.ts";
import type { Axis, Mask, PixelBox, Shape } from "#protocol/types.ts";

export type Triple = readonly [z: number, y: number, x: number];

/** A part of a volume, in its voxels. */
export interface VoxelSpan {
  readonly start: Triple;
  readonly size: Triple;
}

/** Voxel ranges `[z0, z1, y0, y1, x0, x1]` of a mask, half-open. */
function rangesOf({ axis, index, box: [u0, v0, u1, v1] }: Mask): [number, number, number, number, number, number] {
  if (axis === "z") return [index, index + 1, v0, v1, u0, u1];
  if (axis === "y") return [v0, v1, index, index + 1, u0, u1];
  return [v0, v1, u0, u1, index, index + 1];
}

/**
 * The smallest box around all masks that have a pixel, wider by `margin` where the volume goes on; undefined when there is none.
 * @throws too_large beyond maxObjectVoxels
 */
export function spanAround(masks: readonly Mask[], shape: Shape, margin: number): VoxelSpan | undefined {
  const low = [Infinity, Infinity, Infinity];
  const high = [0, 0, 0];
  for (const mask of masks) {
    if (mask.area === 0) continue;
    const ranges = rangesOf(mask);
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, ranges[2 * axis]!);
      high[axis] = Math.max(high[axis]!, ranges[2 * axis + 1]!);
    }
  }
  if (low[0] === Infinity) return undefined;
  const sides = [shape.z, shape.y, shape.x];
  const start = low.map((value) => Math.max(0, value - margin));
  const [z, y, x] = high.map((value, axis) => Math.min(sides[axis]!, value + margin) - start[axis]!);
  const voxels = z! * y! * x!;
  if (voxels > limits.maxObjectVoxels) throw MaskletError.of("too_large", { what: "box around the object, in voxels,", size: voxels, limit: limits.maxObjectVoxels, limitName: "maxObjectVoxels" });
  return { start: [start[0]!, start[1]!, start[2]!], size: [z!, y!, x!] };
}

/** Sets `bit` in every voxel of the masks that lies in the span; `data` is `[z, y, x]` over it. */
export function drawInto(data: Uint8Array, { start, size }: VoxelSpan, masks: readonly Mask[], bit: number): void {
  const [z0, y0, x0] = start;
  const [depth, height, width] = size;
  for (const mask of masks) {
    if (mask.area === 0) continue;
    const [stepIndex, stepU, stepV] = stepsOf(mask.axis, width, width * height);
    const [index0, u0, v0] = mask.axis === "z" ? [z0, x0, y0] : mask.axis === "y" ? [y0, x0, z0] : [x0, y0, z0];
    const [indices, us, vs] = mask.axis === "z" ? [depth, width, height] : mask.axis === "y" ? [height, width, depth] : [width, height, depth];
    if (mask.index < index0 || mask.index >= index0 + indices) continue;
    const raster = unpackMask(mask);
    const [left, top, right, bottom] = raster.box;
    for (let v = Math.max(top, v0); v < Math.min(bottom, v0 + vs); v++) {
      const row = (v - top) * (right - left) - left;
      const to = (mask.index - index0) * stepIndex + (v - v0) * stepV;
      for (let u = Math.max(left, u0); u < Math.min(right, u0 + us); u++) if (raster.data[row + u] !== 0) data[to + (u - u0) * stepU]! |= bit;
    }
  }
}

/** Voxels between neighbours along a plane's index, u and v. */
function stepsOf(axis: Axis, row: number, plane: number): [index: number, u: number, v: number] {
  return axis === "z" ? [plane, 1, row] : axis === "y" ? [row, 1, plane] : [1, row, plane];
}

/** A plane of the span's voxels that `has`, as the box and bits of a mask; `area` 0 when none has. */
export function planeBits({ start, size }: VoxelSpan, axis: Axis, index: number, has: (at: number) => boolean): { box: PixelBox; bits: Uint8Array; area: number } {
  const [z0, y0, x0] = start;
  const [depth, height, width] = size;
  const [stepIndex, stepU, stepV] = stepsOf(axis, width, width * height);
  const [index0, u0, v0] = axis === "z" ? [z0, x0, y0] : axis === "y" ? [y0, x0, z0] : [x0, y0, z0];
  const [us, vs] = axis === "z" ? [width, height] : axis === "y" ? [width, depth] : [height, depth];
  const data = new Uint8Array(us * vs);
  const from = (index - index0) * stepIndex;
  for (let v = 0, to = 0; v < vs; v++) {
    for (let u = 0; u < us; u++, to++) if (has(from + u * stepU + v * stepV)) data[to] = 1;
  }
  return packMask({ box: [u0, v0, u0 + us, v0 + vs], data });
}
