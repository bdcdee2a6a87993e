// Rings and lines of computed tomography are constant along the axis of rotation, z: what differs from the surroundings in the
// median over z is artefact, since matter changes along z.
import { f32At, roundUp, voxelsAt, withMemory } from "./simd/core.ts";
import type { Size3, Voxels } from "./size3.ts";
import { gaussianSmooth } from "./smooth.ts";

/** Samples of a column that a call can take: counts are kept in 16 bits. */
export const maxProfileSamples = 32767;

/** What the planes' part of the core's memory should take at once. */
const stripBytes = 2 ** 19;

/**
 * The artefact's profile: the median over z of each column, minus that image smoothed (edge repeated).
 * For an even number of planes the median is the mean of the middle two.
 * Memory: three planes of float32.
 * @param planes samples, `[z, y, x]`, at whichever z the caller chose, at most `maxProfileSamples`
 * @param sigma of the 2D Gaussian, voxels
 * @returns `[y, x]`
 */
export function ringProfile(planes: Voxels, size: Size3, sigma: number): Float32Array {
  const medians = columnMedians(planes, size);
  const smooth = gaussianSmooth(medians, [1, size[1], size[2]], [0, sigma, sigma]);
  for (let at = 0; at < medians.length; at++) medians[at]! -= smooth[at]!;
  return medians;
}

/** @returns `[y, x]` */
export function columnMedians(planes: Voxels, [depth, height, width]: Size3): Float32Array {
  const area = height * width;
  const result = new Float32Array(area);
  const unit = planes.BYTES_PER_ELEMENT;
  const step = Math.min(roundUp(Math.max(64, Math.floor(stripBytes / (depth * unit))), 16), roundUp(area, 16));
  withMemory((core, take) => {
    const stack = take(depth * step * unit);
    const medians = take(step * 4);
    const kernel = planes instanceof Uint8Array ? core.columnMediansU8 : planes instanceof Uint16Array ? core.columnMediansU16 : core.columnMediansKeys;
    for (let from = 0; from < area; from += step) {
      const count = Math.min(step, area - from);
      for (let z = 0; z < depth; z++) voxelsAt(core, planes, stack + z * step * unit, count).set(planes.subarray(z * area + from, z * area + from + count));
      if (unit === 4) core.keyRows(stack, step * 4, stack, step * 4, depth, count);
      kernel(medians, stack, step * unit, depth, count);
      result.set(f32At(core, medians, count), from);
    }
  });
  return result;
}

/**
 * Every plane minus the profile.
 * @param profile `[y, x]`; the part of it that lies over these voxels when they are a part of the volume
 * @returns `[z, y, x]`
 */
export function subtractProfile(values: Voxels, size: Size3, profile: Float32Array): Float32Array {
  const area = size[1] * size[2];
  const result = new Float32Array(values.length);
  for (let from = 0; from < result.length; from += area) {
    for (let at = 0; at < area; at++) result[from + at] = values[from + at]! - profile[at]!;
  }
  return result;
}
