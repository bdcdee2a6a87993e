// Each label opened by a ball: it keeps the voxels of the balls that fit into it, and gains none.
// Erosion is a threshold on the distance to the nearest voxel of another label (or of none). Dilation is one on the distance to what
// erosion left: the ball around a voxel that is left lies in its own label, so whatever it reaches is of that label, and all labels are
// done at once.
import { squaredDistanceMap } from "./distance-map.ts";
import type { Size3 } from "./size3.ts";

/** More than the rounding of a float32, so that a voxel exactly at the radius belongs to the ball. */
const slack = 1e-6;

/**
 * What lies beyond the array belongs to every label, so none is thinner at its edge. Blocks with twice the radius around them give what the whole gives.
 * Memory: the answer and 9 bytes a voxel.
 * @param labels `[z, y, x]`, 0 = background
 * @param spacing of a voxel along z, y, x, in the unit of `radius`
 * @param radius of the ball: voxels whose centres are no further than that
 */
export function openLabels(labels: Uint32Array, size: Size3, spacing: Size3, radius: number): Uint32Array<ArrayBuffer> {
  const limit = radius * radius * (1 + slack);
  // Of an eroded label, 0; all else is "inside", so that the map is the distance to what erosion left.
  const away = new Uint8Array(labels.length);
  const toOthers = squaredDistanceToOthers(labels, size, spacing, limit);
  for (let at = 0; at < labels.length; at++) if (labels[at] === 0 || toOthers[at]! <= limit) away[at] = 1;
  const toLeft = squaredDistanceMap(away, size, spacing);
  const opened = new Uint32Array(labels.length);
  for (let at = 0; at < labels.length; at++) if (toLeft[at]! <= limit) opened[at] = labels[at]!;
  return opened;
}

/** The square of each labelled voxel's distance to the nearest voxel of another label or of none; infinite if that is above `limit`. */
function squaredDistanceToOthers(labels: Uint32Array, [depth, height, width]: Size3, spacing: Size3, limit: number): Float32Array {
  const plane = height * width;
  const squares = new Float32Array(labels.length).fill(Infinity);
  const line = new Float32Array(Math.max(depth, height, width));
  for (let row = 0; row < depth * height; row++) nearestOther(labels, squares, line, { first: row * width, step: 1, length: width, spacing: spacing[2], limit });
  for (let z = 0; z < depth && height > 1; z++) {
    for (let x = 0; x < width; x++) nearestOther(labels, squares, line, { first: z * plane + x, step: width, length: height, spacing: spacing[1], limit });
  }
  for (let column = 0; column < plane && depth > 1; column++) nearestOther(labels, squares, line, { first: column, step: plane, length: depth, spacing: spacing[0], limit });
  return squares;
}

interface Line {
  readonly first: number;
  readonly step: number;
  readonly length: number;
  readonly spacing: number;
  readonly limit: number;
}

function nearestOther(labels: Uint32Array, squares: Float32Array, line: Float32Array, { first, step, length, spacing, limit }: Line): void {
  for (let q = 0, at = first; q < length; q++, at += step) line[q] = squares[at]!;
  for (let q = 0, at = first; q < length; q++, at += step) {
    const label = labels[at]!;
    if (label === 0) continue;
    let least = line[q]!;
    for (let away = 1; away < length; away++) {
      const own = away * spacing * (away * spacing);
      if (own > limit || own >= least) break;
      // A voxel of the same label knows its nearest other one in the axes done so far; any other voxel is one itself.
      if (away <= q) least = Math.min(least, labels[at - away * step] === label ? line[q - away]! + own : own);
      if (q + away < length) least = Math.min(least, labels[at + away * step] === label ? line[q + away]! + own : own);
    }
    squares[at] = least;
  }
}
