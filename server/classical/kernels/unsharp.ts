import { gaussianDerivativeTaps } from "./gaussian-derivative-taps.ts";
import { applyFilterBank } from "./simd/filter-bank.ts";
import type { Border, Size3, Voxels } from "./size3.ts";
import { perAxis } from "./smooth.ts";

/**
 * v + amount (v - Gaussian of v): edges stand out more. As `skimage.filters.unsharp_mask` with `preserve_range`, nothing clipped.
 * Memory: the answer, 4 bytes a voxel.
 * @param sigma in voxels @param amount 0 changes nothing
 * @returns `[z, y, x]`
 */
export function unsharpMask(values: Voxels, size: Size3, sigma: number | Size3, amount: number, border: Border = "replicate", constant = 0): Float32Array {
  const [z, y, x] = perAxis(sigma);
  const same = Float64Array.of(1);
  return applyFilterBank(values, size, {
    x: [gaussianDerivativeTaps(x, 0), same],
    y: [[{ from: 0, taps: gaussianDerivativeTaps(y, 0) }], [{ from: 1, taps: same }]],
    z: [[{ from: 0, taps: gaussianDerivativeTaps(z, 0).map((tap) => -amount * tap) }, { from: 1, taps: Float64Array.of(1 + amount) }]],
  }, border, constant);
}
