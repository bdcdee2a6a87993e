import { applyFilterBank, type Taps } from "./simd/filter-bank.ts";
import type { Border, Size3, Voxels } from "./size3.ts";

/**
 * Each voxel becomes the weighted sum of its neighbours along x, of the results those along y, of these those along z, in float32
 * and in one order, so that it is the same to the last bit whatever block it is computed in.
 * Memory: the answer, 4 bytes a voxel.
 * @param taps for z, y, x: an odd number of weights each, the lowest place's first; `[1]` leaves an axis alone
 * @returns `[z, y, x]`
 */
export function convolveSeparable(values: Voxels, size: Size3, taps: readonly [z: Taps, y: Taps, x: Taps], border: Border = "replicate", constant = 0): Float32Array {
  return applyFilterBank(values, size, { x: [taps[2]], y: [[{ from: 0, taps: taps[1] }]], z: [[{ from: 0, taps: taps[0] }]] }, border, constant);
}
