// Labels grown into the background by an exact Euclidean distance, each voxel to the nearest label.
// Separable as the squared distance is: along x, y, z in turn the least of (distance squared, label) is taken, in that order of rank, so a
// tie goes to the smaller label wherever the two lie. The search along a line ends where it can find nothing nearer.
import { alongAxesInto, type LabelLine } from "./label-lines.ts";
import type { Size3 } from "./size3.ts";

/** So much further is still the distance asked: 3 x 0.1 is more than 0.3 in floating point. */
const slack = 1e-9;

/**
 * Labelled voxels stay as they are. Blocks with `distance` around them give what the whole gives, bit for bit.
 * Memory: the answer (4 bytes a voxel) and 8 bytes a voxel.
 * @param labels `[z, y, x]`, 0 = background
 * @param spacing of a voxel along z, y, x, in the unit of `distance`
 * @param distance centre to centre; it is reached
 */
export function expandLabels(labels: Uint32Array, size: Size3, spacing: Size3, distance: number): Uint32Array<ArrayBuffer> {
  const grown = labels.slice();
  const limit = distance * distance * (1 + slack);
  const squares = new Float64Array(labels.length);
  for (let at = 0; at < labels.length; at++) if (labels[at] === 0) squares[at] = Infinity;
  alongAxesInto(grown, squares, size, spacing, (line, first, length, side) => growLine(line, first, first + length, side, limit));
  return grown;
}

function growLine({ labels, squares, newLabels, newSquares }: LabelLine, first: number, end: number, spacing: number, limit: number): void {
  for (let q = first; q < end; q++) {
    let least = squares[q]!;
    let label = labels[q]!;
    for (let away = 1; least > 0; away++) {
      const own = away * spacing * (away * spacing);
      if (own > limit || own > least || (q - away < first && q + away >= end)) break;
      for (let other = q - away; other <= q + away; other += 2 * away) {
        if (other < first || other >= end || labels[other] === 0) continue;
        const square = squares[other]! + own;
        if (square > limit || square > least || (square === least && labels[other]! >= label)) continue;
        least = square;
        label = labels[other]!;
      }
    }
    newSquares[q] = least;
    newLabels[q] = label;
  }
}
