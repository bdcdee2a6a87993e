// The neighbours whose weighted sum is minus the second derivative across a plate, averaged in the plate's plane.
import { smoothRadius } from "./gaussian-derivative-taps.ts";
import { f64At, i32At, roundUp, type Core } from "./simd/core.ts";
import type { Size3 } from "./size3.ts";

/** A voxel's neighbours for one direction of the plate after the other, in the core's memory. */
export interface PlateStencil {
  /** Addresses of what `listTaps` leaves: values from the voxel to each neighbour (i32), and the neighbours' weights (f32). */
  readonly steps: number;
  readonly weights: number;
  /**
   * Half of the neighbours, in raster order, which the normal alone decides. The other half mirror them about the voxel, with the same
   * weights; the voxel itself, too, is to be taken twice.
   * @param normal of the plate, a unit vector @returns how many
   */
  listTaps(normal: Size3): number;
}

/** Samples in the plane: the points of a 5 x 5 grid within 2 of the middle, and how far apart, in units of `reach`. */
const planeStep = 0.8;
const planePoints = [-2, -1, 0, 1, 2].flatMap((a) => [-2, -1, 0, 1, 2].map((b) => [a, b] as const)).filter(([a, b]) => a * a + b * b <= 4);

export function stencilRadius(sigma: number, reach: number): number {
  // The least more is for rounding: a sample takes the voxels on both sides of it.
  return Math.floor(Math.hypot(smoothRadius(sigma), 2 * planeStep * reach) + 1e-6) + 1;
}

/**
 * @param sigma of the Gaussian across the plate, and `reach` of that in its plane, in voxels
 * @param pitches values from a plane, and a row, to the next
 */
export function placeStencil(core: Core, take: (bytes: number) => number, sigma: number, reach: number, pitches: readonly [z: number, y: number]): PlateStencil {
  const radius = stencilRadius(sigma, reach);
  const side = 2 * radius + 1;
  const half = (side ** 3 + 1) / 2;
  // The core looks at eight at a time.
  const room = roundUp(half, 8);
  const samples = samplesOf(sigma, reach);
  const [samplesAt, frameAt, sumsAt, tableAt] = [take(8 * samples.length), take(72), take(8 * room), take(4 * room)];
  const [steps, weights, countAt] = [take(4 * room), take(4 * room), take(4)];
  f64At(core, samplesAt, samples.length).set(samples);
  f64At(core, sumsAt, room).fill(0);
  i32At(core, tableAt, half).forEach((_, at, table) => {
    const [z, y, x] = [Math.floor(at / (side * side)) - radius, (Math.floor(at / side) % side) - radius, (at % side) - radius];
    table[at] = z * pitches[0] + y * pitches[1] + x;
  });
  const [frame, count] = [f64At(core, frameAt, 9), i32At(core, countAt, 1)];
  const listTaps = (normal: Size3): number => {
    frameInto(normal, frame);
    core.plateTaps(samplesAt, samples.length / 4, frameAt, sumsAt, side, tableAt, steps, weights, countAt);
    return count[0]!;
  };
  return { steps, weights, listTaps };
}

/** Places across and in the plane, and the weight, of the samples on one side of the voxel; the others mirror them. */
function samplesOf(sigma: number, reach: number): Float64Array {
  const [across, inPlane] = [secondDerivative(sigma), planeWeights(reach)];
  const far = (across.length - 1) / 2;
  // Of those in the plane through the voxel both of a pair are there, and count half.
  return Float64Array.from(Array.from({ length: far + 1 }, (_, nth) => planePoints.flatMap(([a, b], point) => [
    nth - far, a * planeStep * reach, b * planeStep * reach, across[nth]! * inPlane[point]! * (nth === far ? 0.5 : 1),
  ])).flat());
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

/** The normal and two unit vectors across it and each other, the first across the axis that the normal leans to least. */
function frameInto([z, y, x]: Size3, frame: Float64Array): void {
  const [awayZ, awayY, awayX] = [Math.abs(z), Math.abs(y), Math.abs(x)];
  const axis = awayZ <= awayY && awayZ <= awayX ? 0 : awayY <= awayX ? 1 : 2;
  // The normal x the axis.
  const uz = axis === 0 ? 0 : axis === 1 ? -x : y;
  const uy = axis === 0 ? x : axis === 1 ? 0 : -z;
  const ux = axis === 0 ? -y : axis === 1 ? z : 0;
  const length = Math.sqrt(uz * uz + uy * uy + ux * ux);
  frame[0] = z;
  frame[1] = y;
  frame[2] = x;
  frame[3] = uz / length;
  frame[4] = uy / length;
  frame[5] = ux / length;
  frame[6] = (y * ux - x * uy) / length;
  frame[7] = (x * uz - z * ux) / length;
  frame[8] = (z * uy - y * uz) / length;
}
