import { convolveSeparable } from "./separable.ts";
import type { Border, Size3, Voxels } from "./size3.ts";
import { perAxis } from "./smooth.ts";

/**
 * The mean of the box of 2 radius + 1 voxels along each axis, as `scipy.ndimage.uniform_filter`. Summed anew for every voxel: a sum that
 * runs along would depend on where the line begins.
 * Memory: the answer, 4 bytes a voxel.
 * @param radius whole, in voxels, for all axes or each
 * @returns `[z, y, x]`
 */
export function boxMean(values: Voxels, size: Size3, radius: number | Size3, border: Border = "replicate", constant = 0): Float32Array {
  const [z, y, x] = perAxis(radius);
  return convolveSeparable(values, size, [meanTaps(z), meanTaps(y), meanTaps(x)], border, constant);
}

function meanTaps(radius: number): Float64Array {
  return new Float64Array(2 * radius + 1).fill(1 / (2 * radius + 1));
}
