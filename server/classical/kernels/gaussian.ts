// Denoising of one plane out of a block, as a truncated FIR Gaussian in a fixed order (z, then y, then x), so that the
// same voxel gets the same value whatever block it is read in.
import { MaskletError } from "#protocol/errors.ts";

/** Taps of a Gaussian cut at three standard deviations, summing to 1; `[1]` for sigma 0. */
export function gaussianTaps(sigma: number): Float64Array {
  const radius = gaussianRadius(sigma);
  const taps = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let at = -radius; at <= radius; at++) {
    const tap = sigma > 0 ? Math.exp(-(at * at) / (2 * sigma * sigma)) : 1;
    taps[at + radius] = tap;
    sum += tap;
  }
  for (let at = 0; at < taps.length; at++) taps[at]! /= sum;
  return taps;
}

/** Voxels a Gaussian of this sigma reaches to each side. A tap beyond it would weigh under 1.2 %. */
export function gaussianRadius(sigma: number): number {
  return Math.max(0, Math.ceil(3 * sigma - 0.5));
}

/** A block of voxels `[z, y, x]`, with where it starts in its volume and how large that volume is. */
export interface Block {
  readonly data: Float32Array;
  readonly start: readonly [number, number, number];
  readonly size: readonly [number, number, number];
  readonly volume: readonly [number, number, number];
}

/**
 * One smoothed plane part. The block must hold the part and a Gaussian's radius around it, as far as the volume reaches;
 * beyond the volume its edge voxels are repeated.
 * @param part plane index z and the half-open ranges of y and x wanted, in volume voxels
 * @returns `[y1 - y0, x1 - x0]`; memory peak: one plane of the block twice
 * @throws internal when the block does not hold the planes around the part
 */
export function smoothPlane(block: Block, part: { z: number; y: readonly [number, number]; x: readonly [number, number] }, sigma: readonly [number, number, number]): Float32Array {
  const [depth, height, width] = block.size;
  const [z0, y0, x0] = block.start;
  // Nothing to smooth: the same values, without three walks through them.
  if (sigma.every((one) => one === 0)) return partOf(block, part);
  const alongZ = new Float32Array(height * width);
  const tapsZ = gaussianTaps(sigma[0]);
  const radiusZ = (tapsZ.length - 1) / 2;
  for (let tap = 0; tap < tapsZ.length; tap++) {
    const z = clamp(part.z + tap - radiusZ, 0, block.volume[0] - 1) - z0;
    if (z < 0 || z >= depth) throw MaskletError.of("internal", { why: `plane ${z + z0} is not in the block` });
    const weight = tapsZ[tap]!;
    const from = z * height * width;
    for (let at = 0; at < alongZ.length; at++) alongZ[at]! += weight * block.data[from + at]!;
  }
  const rows = part.y[1] - part.y[0];
  const columns = part.x[1] - part.x[0];
  const alongY = new Float32Array(rows * width);
  const tapsY = gaussianTaps(sigma[1]);
  const radiusY = (tapsY.length - 1) / 2;
  for (let row = 0; row < rows; row++) {
    for (let tap = 0; tap < tapsY.length; tap++) {
      const from = (clamp(part.y[0] + row + tap - radiusY, 0, block.volume[1] - 1) - y0) * width;
      const weight = tapsY[tap]!;
      for (let x = 0; x < width; x++) alongY[row * width + x]! += weight * alongZ[from + x]!;
    }
  }
  const result = new Float32Array(rows * columns);
  const tapsX = gaussianTaps(sigma[2]);
  const radiusX = (tapsX.length - 1) / 2;
  for (let column = 0; column < columns; column++) {
    for (let tap = 0; tap < tapsX.length; tap++) {
      const from = clamp(part.x[0] + column + tap - radiusX, 0, block.volume[2] - 1) - x0;
      const weight = tapsX[tap]!;
      for (let row = 0; row < rows; row++) result[row * columns + column]! += weight * alongY[row * width + from]!;
    }
  }
  return result;
}

function partOf({ data, start: [z0, y0, x0], size: [depth, height, width] }: Block, { z, y, x }: { z: number; y: readonly [number, number]; x: readonly [number, number] }): Float32Array {
  if (z < z0 || z >= z0 + depth) throw MaskletError.of("internal", { why: `plane ${z} is not in the block` });
  const columns = x[1] - x[0];
  const result = new Float32Array((y[1] - y[0]) * columns);
  for (let row = y[0]; row < y[1]; row++) {
    const from = ((z - z0) * height + row - y0) * width + x[0] - x0;
    result.set(data.subarray(from, from + columns), (row - y[0]) * columns);
  }
  return result;
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
