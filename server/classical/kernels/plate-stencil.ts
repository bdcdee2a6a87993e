// The neighbours whose weighted sum is minus the second derivative across a plate, averaged in the plate's plane.
import { smoothRadius } from "./gaussian-derivative-taps.ts";
import type { Size3 } from "./size3.ts";

/** Half of the neighbours; the other half mirror them about the voxel, with the same weights. */
export interface Taps {
  /** Voxels from the voxel to the neighbour. */
  readonly steps: Int32Array;
  readonly weights: Float32Array;
}

export interface PlateStencil {
  /** Voxels it reaches along an axis. */
  readonly radius: number;
  /** Pairs of neighbours at most. */
  readonly most: number;
  /**
   * Lists the pairs for a plate, from the top left, in an order that the normal alone decides.
   * @param normal of the plate, a unit vector @param pitches voxels from a plane, and a row, to the next @returns how many
   */
  tapsInto(normal: Size3, pitches: readonly [z: number, y: number], taps: Taps): number;
}

/** Samples in the plane: the points of a 5 x 5 grid within 2 of the middle, and how far apart, in units of `reach`. */
const planeStep = 0.8;
const planePoints = [-2, -1, 0, 1, 2].flatMap((a) => [-2, -1, 0, 1, 2].map((b) => [a, b] as const)).filter(([a, b]) => a * a + b * b <= 4);

export function stencilRadius(sigma: number, reach: number): number {
  // The least more is for rounding: a sample takes the voxels on both sides of it.
  return Math.floor(Math.hypot(smoothRadius(sigma), 2 * planeStep * reach) + 1e-6) + 1;
}

/** @param sigma of the Gaussian across the plate, and `reach` of that in its plane, in voxels */
export function plateStencil(sigma: number, reach: number): PlateStencil {
  const radius = stencilRadius(sigma, reach);
  const side = 2 * radius + 1;
  const across = secondDerivative(sigma);
  const far = (across.length - 1) / 2;
  const inPlane = planeWeights(reach);
  // Sums of weights by neighbour, in raster order; zero between calls.
  const sums = new Float64Array(side ** 3);
  const middle = (sums.length - 1) / 2;
  const addSample = (z: number, y: number, x: number, weight: number): void => {
    const [z0, y0, x0] = [Math.floor(z), Math.floor(y), Math.floor(x)];
    const [fz, fy, fx] = [z - z0, y - y0, x - x0];
    const first = middle + (z0 * side + y0) * side + x0;
    for (let corner = 0; corner < 8; corner++) {
      const share = (corner & 4 ? fz : 1 - fz) * (corner & 2 ? fy : 1 - fy) * (corner & 1 ? fx : 1 - fx);
      const at = first + (corner & 4 ? side * side : 0) + (corner & 2 ? side : 0) + (corner & 1);
      if (share !== 0) sums[at] = sums[at]! + share * weight;
    }
  };
  const tapsInto = (normal: Size3, [pitchZ, pitchY]: readonly [number, number], { steps, weights }: Taps): number => {
    const [u, v] = planeOf(normal);
    // Samples lie mirrored about the voxel, so those on one side do; those in the plane count half, since both of a pair are there.
    for (let o = -far; o <= 0; o++) {
      for (const [nth, [i, j]] of planePoints.entries()) {
        const [a, b] = [i * planeStep * reach, j * planeStep * reach];
        const weight = across[far + o]! * inPlane[nth]! * (o === 0 ? 0.5 : 1);
        addSample(o * normal[0] + a * u[0] + b * v[0], o * normal[1] + a * u[1] + b * v[1], o * normal[2] + a * u[2] + b * v[2], weight);
      }
    }
    let count = 0;
    for (let at = 0; at <= middle; at++) {
      const mirror = sums.length - 1 - at;
      const weight = sums[at]! + sums[mirror]!;
      sums[at] = 0;
      sums[mirror] = 0;
      if (weight === 0) continue;
      const z = Math.floor(at / (side * side)) - radius;
      const y = (Math.floor(at / side) % side) - radius;
      steps[count] = z * pitchZ + y * pitchY + (at % side) - radius;
      // The voxel is its own mirror image and will be taken twice.
      weights[count++] = at === middle ? weight / 2 : weight;
    }
    return count;
  };
  return { radius, most: middle + 1, tapsInto };
}

/** Minus the Gaussian's second derivative, shifted to sum 0. */
function secondDerivative(sigma: number): Float64Array {
  const far = smoothRadius(sigma);
  const gauss = Float64Array.from({ length: 2 * far + 1 }, (_, at) => Math.exp(-((at - far) ** 2) / (2 * sigma * sigma)));
  const sum = gauss.reduce((before, each) => before + each, 0);
  const bend = gauss.map((each, at) => ((1 - (at - far) ** 2 / sigma ** 2) / sigma ** 2) * (each / sum));
  const mean = bend.reduce((before, each) => before + each, 0) / bend.length;
  return bend.map((each) => each - mean);
}

function planeWeights(reach: number): Float64Array {
  const weights = Float64Array.from(planePoints, ([a, b]) => Math.exp(-((a * a + b * b) * (planeStep * reach) ** 2) / (2 * reach * reach)));
  const sum = weights.reduce((before, each) => before + each, 0);
  return weights.map((each) => each / sum);
}

/** Two unit vectors across the normal and each other, the first across the axis that the normal leans to least. */
function planeOf(normal: Size3): [Size3, Size3] {
  const [z, y, x] = [Math.abs(normal[0]), Math.abs(normal[1]), Math.abs(normal[2])];
  const u = unit(cross(normal, z <= y && z <= x ? [1, 0, 0] : y <= x ? [0, 1, 0] : [0, 0, 1]));
  return [u, cross(normal, u)];
}

function cross(a: Size3, b: Size3): Size3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: Size3): Size3 {
  const length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
  return [a[0] / length, a[1] / length, a[2] / length];
}
