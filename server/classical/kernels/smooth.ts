import { gaussianDerivativeTaps } from "./gaussian-derivative-taps.ts";
import { convolveSeparable } from "./separable.ts";
import type { Border, Size3, Voxels } from "./size3.ts";

/**
 * Gaussian smoothing as `scipy.ndimage.gaussian_filter` (truncate 4), in float32.
 * Memory: the answer, 4 bytes a voxel.
 * @param sigma in voxels, for all axes or each; an axis with 0 is left alone
 * @returns `[z, y, x]`
 */
export function gaussianSmooth(values: Voxels, size: Size3, sigma: number | Size3, border: Border = "replicate", constant = 0): Float32Array {
  const [z, y, x] = perAxis(sigma);
  return convolveSeparable(values, size, [gaussianDerivativeTaps(z, 0), gaussianDerivativeTaps(y, 0), gaussianDerivativeTaps(x, 0)], border, constant);
}

export function perAxis(value: number | Size3): Size3 {
  return typeof value === "number" ? [value, value, value] : value;
}
