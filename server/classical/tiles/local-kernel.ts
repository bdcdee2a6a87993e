// Kernels that make a voxel from its neighbourhood, named as data with their reach.
import { MaskletError } from "#protocol/errors.ts";
import { adaptiveThreshold } from "#server/classical/kernels/adaptive-threshold.ts";
import type { AdaptiveThreshold } from "#server/classical/kernels/adaptive-threshold.ts";
import { boxMean } from "#server/classical/kernels/box-mean.ts";
import { clijDistanceMap } from "#server/classical/kernels/clij-distance-map.ts";
import { differenceOfGaussians } from "#server/classical/kernels/difference-of-gaussians.ts";
import { squaredDistanceMap } from "#server/classical/kernels/distance-map.ts";
import { expandLabels } from "#server/classical/kernels/expand-labels.ts";
import { gradientMagnitude } from "#server/classical/kernels/gradient-magnitude.ts";
import { laplacianOfGaussian } from "#server/classical/kernels/laplacian-of-gaussian.ts";
import { medianFilter } from "#server/classical/kernels/median.ts";
import { close, dilate, erode, open } from "#server/classical/kernels/morphology.ts";
import type { Shape } from "#server/classical/kernels/morphology.ts";
import { openLabels } from "#server/classical/kernels/open-labels.ts";
import { sheetness } from "#server/classical/kernels/sheetness.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { gaussianSmooth, perAxis } from "#server/classical/kernels/smooth.ts";
import { unsharpMask } from "#server/classical/kernels/unsharp.ts";
import type { VoxelArray } from "./box3.ts";

export type LocalKernel =
  | { readonly kernel: "median"; readonly radius: number }
  | { readonly kernel: "box-mean"; readonly radius: number }
  | { readonly kernel: "gaussian" | "laplacian" | "gradient" | "sheetness"; readonly sigma: Size3 }
  | { readonly kernel: "unsharp"; readonly sigma: Size3; readonly amount: number }
  | { readonly kernel: "difference"; readonly sigma: Size3; readonly coarse: Size3 }
  | { readonly kernel: "erode" | "dilate" | "open" | "close"; readonly radius: number; readonly shape: Shape }
  | { readonly kernel: "adaptive"; readonly how: AdaptiveThreshold }
  /** Distances up to `cap`, in units of the spacing; farther is `cap`. */
  | { readonly kernel: "near-distance"; readonly cap: number; readonly spacing: Size3 }
  | { readonly kernel: "clij-distance"; readonly rounds: number }
  | { readonly kernel: "expand"; readonly distance: number; readonly spacing: Size3 }
  | { readonly kernel: "open-labels"; readonly radius: number; readonly spacing: Size3 };

/** Voxels to each side that a kernel reads. */
export function haloOf(kernel: LocalKernel): Size3 {
  const cube = (radius: number): Size3 => [radius, radius, radius];
  switch (kernel.kernel) {
    case "median":
    case "box-mean":
    case "erode":
    case "dilate": return cube(kernel.radius);
    case "open":
    case "close":
    case "open-labels": return cube(2 * kernel.radius);
    case "gaussian":
    case "laplacian":
    case "gradient":
    case "sheetness":
    case "unsharp": return gaussianHalo(kernel.sigma);
    case "difference": return gaussianHalo(kernel.coarse);
    case "adaptive": return "sigma" in kernel.how ? gaussianHalo(perAxis(kernel.how.sigma)) : perAxis(kernel.how.radius);
    case "near-distance": return distanceReach(kernel.cap, kernel.spacing);
    case "expand": return distanceReach(kernel.distance, kernel.spacing);
    case "clij-distance": return cube(kernel.rounds);
  }
}

function gaussianHalo(sigma: Size3): Size3 {
  return [gaussianReach(sigma[0]), gaussianReach(sigma[1]), gaussianReach(sigma[2])];
}

/** Where a Gaussian is cut, as SciPy does; central differences need one voxel. */
function gaussianReach(sigma: number): number {
  return Math.max(1, Math.floor(4 * sigma + 0.5));
}

function distanceReach(distance: number, spacing: Size3): Size3 {
  return [Math.ceil(distance / spacing[0]) + 1, Math.ceil(distance / spacing[1]) + 1, Math.ceil(distance / spacing[2]) + 1];
}

/** The kernel over the whole array, whose edges are repeated. */
export function applyKernel(kernel: LocalKernel, values: VoxelArray, size: Size3): VoxelArray {
  switch (kernel.kernel) {
    case "expand": return expandLabels(labels(values), size, kernel.spacing, kernel.distance);
    case "open-labels": return openLabels(labels(values), size, kernel.spacing, kernel.radius);
    case "near-distance": return nearDistance(mask(values), size, kernel.cap, kernel.spacing);
    case "clij-distance": return clijDistanceMap(mask(values), size, kernel.rounds);
    default:
  }
  if (values instanceof Uint32Array) throw MaskletError.of("internal", { why: `${kernel.kernel} does not take labels` });
  switch (kernel.kernel) {
    case "median": return medianFilter(values, size, kernel.radius);
    case "box-mean": return boxMean(values, size, kernel.radius);
    case "gaussian": return gaussianSmooth(values, size, kernel.sigma);
    case "laplacian": return laplacianOfGaussian(values, size, kernel.sigma);
    case "gradient": return gradientMagnitude(values, size, kernel.sigma);
    case "sheetness": return sheetness(values, size, kernel.sigma);
    case "unsharp": return unsharpMask(values, size, kernel.sigma, kernel.amount);
    case "difference": return differenceOfGaussians(values, size, kernel.sigma, kernel.coarse);
    case "adaptive": return adaptiveThreshold(values, size, kernel.how);
    case "erode": return erode(values, size, kernel.radius, kernel.shape);
    case "dilate": return dilate(values, size, kernel.radius, kernel.shape);
    case "open": return open(values, size, kernel.radius, kernel.shape);
    case "close": return close(values, size, kernel.radius, kernel.shape);
  }
}

function nearDistance(inside: Uint8Array, size: Size3, cap: number, spacing: Size3): Float32Array {
  const map = squaredDistanceMap(inside, size, spacing);
  for (let at = 0; at < map.length; at++) map[at] = Math.min(cap, Math.sqrt(map[at]!));
  return map;
}

function labels(values: VoxelArray): Uint32Array {
  if (values instanceof Uint32Array) return values;
  throw MaskletError.of("internal", { why: "a kernel for labels was given something else" });
}

function mask(values: VoxelArray): Uint8Array {
  if (values instanceof Uint8Array) return values;
  throw MaskletError.of("internal", { why: "a kernel for masks was given something else" });
}
