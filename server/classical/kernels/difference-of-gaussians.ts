import { gaussianDerivativeTaps } from "./gaussian-derivative-taps.ts";
import { applyFilterBank } from "./simd/filter-bank.ts";
import type { Border, Size3, Voxels } from "./size3.ts";
import { perAxis } from "./smooth.ts";

/**
 * The volume smoothed a little less the volume smoothed a lot, as `skimage.filters.difference_of_gaussians` on raw values: what is as
 * large as the scales between.
 * Memory: the answer, 4 bytes a voxel.
 * @param fine @param coarse sigmas in voxels, the fine one may be 0
 * @returns `[z, y, x]`
 */
export function differenceOfGaussians(values: Voxels, size: Size3, fine: number | Size3, coarse: number | Size3, border: Border = "replicate", constant = 0): Float32Array {
  const [near, far] = [perAxis(fine), perAxis(coarse)].map((sigmas) => sigmas.map((sigma) => gaussianDerivativeTaps(sigma, 0)));
  return applyFilterBank(values, size, {
    x: [near![2]!, far![2]!],
    y: [[{ from: 0, taps: near![1]! }], [{ from: 1, taps: far![1]! }]],
    z: [[{ from: 0, taps: near![0]! }, { from: 1, taps: far![0]!.map((tap) => -tap) }]],
  }, border, constant);
}
