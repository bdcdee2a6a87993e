// Each label opened by a ball: it keeps the voxels of the balls that fit into it, and gains none.
// Erosion is a threshold on the distance to the nearest voxel of another label (or of none). Dilation is one on the distance to what
// erosion left: the ball around a voxel that is left lies in its own label, so whatever it reaches is of that label, and all labels are
// done at once.
import { squaredDistanceMap } from "./distance-map.ts";
import { alongAxesInto, type LabelLine } from "./label-lines.ts";
import type { Size3 } from "./size3.ts";

/** More than the rounding of a float32, so that a voxel exactly at the radius belongs to the ball. */
const slack = 1e-6;

/**
 * What lies beyond the array belongs to every label, so none is thinner at its edge. Blocks with twice the radius around them give what the whole gives.
 * Memory: the answer (4 bytes a voxel) and 13 bytes a voxel.
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
function squaredDistanceToOthers(labels: Uint32Array, size: Size3, spacing: Size3, limit: number): Float64Array {
  const squares = new Float64Array(labels.length).fill(Infinity);
  alongAxesInto(labels.slice(), squares, size, spacing, (line, first, length, side) => nearestOther(line, first, first + length, side, limit));
  return squares;
}

function nearestOther({ labels, squares, newLabels, newSquares }: LabelLine, first: number, end: number, spacing: number, limit: number): void {
  for (let q = first; q < end; q++) {
    const label = labels[q]!;
    let least = squares[q]!;
    for (let away = 1; label !== 0; away++) {
      const own = away * spacing * (away * spacing);
      if (own > limit || own >= least || (q - away < first && q + away >= end)) break;
      // A voxel of the same label knows its nearest other one in the axes done so far; any other voxel is one itself.
      for (let other = q - away; other <= q + away; other += 2 * away) {
        if (other < first || other >= end) continue;
        const square = labels[other] === label ? squares[other]! + own : own;
        if (square < least) least = square;
      }
    }
    newLabels[q] = label;
    newSquares[q] = least;
  }
}
