import { gaussianDerivativeTaps } from "./gaussian-derivative-taps.ts";
import { applyFilterBank } from "./simd/filter-bank.ts";
import type { Border, Size3, Voxels } from "./size3.ts";
import { perAxis } from "./smooth.ts";

/**
 * The sum of the three second derivatives at scale sigma, as `scipy.ndimage.gaussian_laplace`: along one axis the second derivative
 * of a Gaussian, along the others the Gaussian. Negative on bright ridges and blobs. Seven filterings of lines where three times three would do it plainly: G''(z) G(y) G(x) +
 * G(z) [G''(y) G(x) + G(y) G''(x)].
 * Departure: with a constant border scipy continues the differentiated images by the constant too; here they are those of the
 * continued input. The two are one for constant 0.
 * Memory: the answer, 4 bytes a voxel.
 * @param sigma in voxels, above 0
 * @returns `[z, y, x]`, in values per square voxel
 */
export function laplacianOfGaussian(values: Voxels, size: Size3, sigma: number | Size3, border: Border = "replicate", constant = 0): Float32Array {
  const [z, y, x] = perAxis(sigma);
  const [bendZ, bendY, bendX] = [gaussianDerivativeTaps(z, 2), gaussianDerivativeTaps(y, 2), gaussianDerivativeTaps(x, 2)];
  const [smoothZ, smoothY, smoothX] = [gaussianDerivativeTaps(z, 0), gaussianDerivativeTaps(y, 0), gaussianDerivativeTaps(x, 0)];
  return applyFilterBank(values, size, {
    x: [smoothX, bendX],
    y: [[{ from: 0, taps: smoothY }], [{ from: 0, taps: bendY }, { from: 1, taps: smoothY }]],
    z: [[{ from: 0, taps: bendZ }, { from: 1, taps: smoothZ }]],
  }, border, constant);
}
