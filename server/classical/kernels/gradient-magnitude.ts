import { gaussianDerivativeTaps } from "./gaussian-derivative-taps.ts";
import { applyFilterBank } from "./simd/filter-bank.ts";
import type { Border, Size3, Voxels } from "./size3.ts";
import { perAxis } from "./smooth.ts";

/**
 * The length of the gradient at scale sigma, as `scipy.ndimage.gaussian_gradient_magnitude`: along one axis the derivative of a
 * Gaussian, along the others the Gaussian.
 * Departures: along an axis with sigma below 1/8 (0 too) it is the central difference, where scipy knows no slope; a constant border
 * continues the input, not the images on the way (the same for constant 0).
 * Memory: the answer, 4 bytes a voxel.
 * @param sigma in voxels
 * @returns `[z, y, x]`, in values per voxel
 */
export function gradientMagnitude(values: Voxels, size: Size3, sigma: number | Size3, border: Border = "replicate", constant = 0): Float32Array {
  const [smoothZ, smoothY, smoothX] = perAxis(sigma).map((each) => gaussianDerivativeTaps(each, 0));
  const [slopeZ, slopeY, slopeX] = perAxis(sigma).map((each) => gaussianDerivativeTaps(each, 1));
  return applyFilterBank(values, size, {
    x: [smoothX!, slopeX!],
    y: [[{ from: 0, taps: smoothY! }], [{ from: 0, taps: slopeY! }], [{ from: 1, taps: smoothY! }]],
    z: [[{ from: 0, taps: slopeZ! }], [{ from: 1, taps: smoothZ! }], [{ from: 2, taps: smoothZ! }]],
    join: (core, [alongZ, alongY, alongX], count) => core.magnitude(alongZ!, alongY!, alongX!, count),
  }, border, constant);
}
