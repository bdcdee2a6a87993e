// Labels grown into the background by an exact Euclidean distance, each voxel to the nearest label.
// Separable as the squared distance is: along x, y, z in turn the least of (distance squared, label) is taken, in that order of rank, so a
// tie goes to the smaller label wherever the two lie. The search along a line ends where it can find nothing nearer.
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
  const [depth, height, width] = size;
  const plane = height * width;
  const grown = Uint32Array.from(labels);
  const limit = distance * distance * (1 + slack);
  const squares = Float64Array.from(labels, (label) => (label === 0 ? Infinity : 0));
  const lines = createLines(Math.max(depth, height, width), limit);
  for (let row = 0; row < depth * height; row++) growLine(grown, squares, lines, { first: row * width, step: 1, length: width, spacing: spacing[2] });
  for (let z = 0; z < depth && height > 1; z++) {
    for (let x = 0; x < width; x++) growLine(grown, squares, lines, { first: z * plane + x, step: width, length: height, spacing: spacing[1] });
  }
  for (let column = 0; column < plane && depth > 1; column++) growLine(grown, squares, lines, { first: column, step: plane, length: depth, spacing: spacing[0] });
  return grown;
}

interface Lines {
  readonly limit: number;
  readonly squares: Float64Array;
  readonly labels: Uint32Array;
}

function createLines(longest: number, limit: number): Lines {
  return { limit, squares: new Float64Array(longest), labels: new Uint32Array(longest) };
}

interface Line {
  readonly first: number;
  readonly step: number;
  readonly length: number;
  readonly spacing: number;
}

function growLine(labels: Uint32Array, squares: Float64Array, lines: Lines, { first, step, length, spacing }: Line): void {
  const { limit } = lines;
  let labelled = 0;
  for (let q = 0, at = first; q < length; q++, at += step) {
    lines.squares[q] = squares[at]!;
    lines.labels[q] = labels[at]!;
    if (lines.labels[q] !== 0) labelled++;
  }
  if (labelled === 0) return;
  for (let q = 0, at = first; q < length; q++, at += step) {
    let least = lines.squares[q]!;
    let label = lines.labels[q]!;
    if (least === 0) continue;
    for (let away = 1; away < length; away++) {
      const own = away * spacing * (away * spacing);
      if (own > limit || own > least) break;
      for (let other = q - away; other <= q + away; other += 2 * away) {
        if (other < 0 || other >= length || lines.labels[other] === 0) continue;
        const square = lines.squares[other]! + own;
        if (square > limit || square > least || (square === least && lines.labels[other]! >= label)) continue;
        least = square;
        label = lines.labels[other]!;
      }
    }
    squares[at] = least;
    labels[at] = label;
  }
}
