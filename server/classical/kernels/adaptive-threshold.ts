// Thresholds that follow the surroundings, where brightness drifts through the volume.
import { boxMean } from "./box-mean.ts";
import { gaussianSmooth } from "./smooth.ts";
import type { Border, Size3, Voxels } from "./size3.ts";

export type AdaptiveThreshold =
  /** The mean of a box, or a Gaussian mean, less an offset in grey values. */
  | { readonly method: "mean"; readonly radius: number | Size3; readonly offset?: number }
  | { readonly method: "gaussian"; readonly sigma: number | Size3; readonly offset?: number }
  /** Niblack, "An Introduction to Digital Image Processing" (1986), p. 115: the box's mean less k standard deviations (k 0.2). */
  | { readonly method: "niblack"; readonly radius: number | Size3; readonly k?: number; readonly around?: number }
  /**
   * Sauvola and Pietikainen, "Adaptive Document Image Binarization" (Pattern Recognition 33(2), 2000), equation 5: mean (1 + k (deviation / range - 1)), k 0.2.
   * `range`: the greatest standard deviation there can be, half the range of grey values.
   */
  | { readonly method: "sauvola"; readonly radius: number | Size3; readonly range: number; readonly k?: number; readonly around?: number };

/**
 * The grey value from which each voxel is foreground. Depends on the box, or 4 sigma, around it alone, in one order of sums.
 * `around`: a grey value in the midst of the data (its median), taken off before squares are summed in float32; without it a deviation is
 * not exact to more than about 0.0003 of the mean.
 * Memory: the answer, 4 bytes a voxel; Niblack and Sauvola three times that.
 * @returns `[z, y, x]`
 */
export function localThreshold(values: Voxels, size: Size3, how: AdaptiveThreshold, border: Border = "replicate"): Float32Array {
  if (how.method === "mean" || how.method === "gaussian") {
    const level = how.method === "mean" ? boxMean(values, size, how.radius, border) : gaussianSmooth(values, size, how.sigma, border);
    const offset = how.offset ?? 0;
    for (let at = 0; at < level.length; at++) level[at]! -= offset;
    return level;
  }
  const { k = 0.2, around = 0 } = how;
  const near = new Float32Array(values.length);
  for (let at = 0; at < near.length; at++) near[at] = values[at]! - around;
  const mean = boxMean(near, size, how.radius, border);
  for (let at = 0; at < near.length; at++) near[at]! *= near[at]!;
  const squares = boxMean(near, size, how.radius, border);
  for (let at = 0; at < mean.length; at++) {
    const middle = mean[at]! + around;
    const deviation = Math.sqrt(Math.max(0, squares[at]! - mean[at]! * mean[at]!));
    mean[at] = how.method === "niblack" ? middle - k * deviation : middle * (1 + k * (deviation / how.range - 1));
  }
  return mean;
}

/** 1 where a voxel is brighter than its own threshold. Memory: that of `localThreshold` and 1 byte a voxel. @returns `[z, y, x]` */
export function adaptiveThreshold(values: Voxels, size: Size3, how: AdaptiveThreshold, border: Border = "replicate"): Uint8Array<ArrayBuffer> {
  const level = localThreshold(values, size, how, border);
  const mask = new Uint8Array(values.length);
  for (let at = 0; at < mask.length; at++) if (values[at]! > level[at]!) mask[at] = 1;
  return mask;
}
