// A separable search over labels: the lines along x, then y, then z, each worked on for itself.
import type { Size3 } from "./size3.ts";

/** Lines along y or z that are read side by side, so that a cache line fetched for one serves its neighbours. */
const linesAtOnce = 16;

/** One line: `length` places from `first` on in each array. `labels` and `squares` are what was; the line's work fills the other two. */
export interface LabelLine {
  readonly labels: Uint32Array;
  readonly squares: Float64Array;
  readonly newLabels: Uint32Array;
  readonly newSquares: Float64Array;
}

export type LineWork = (line: LabelLine, first: number, length: number, spacing: number) => void;

/**
 * Runs `work` along each line of more than one voxel, axis after axis; `labels` and `squares` become what it gives. Memory: a few lines.
 * @param labels `[z, y, x]`
 * @param squares `[z, y, x]`, a squared distance that goes with each label
 */
export function alongAxesInto(labels: Uint32Array, squares: Float64Array, [depth, height, width]: Size3, spacing: Size3, work: LineWork): void {
  const plane = height * width;
  const most = linesAtOnce * Math.max(depth, height, width);
  const line = { labels: new Uint32Array(most), squares: new Float64Array(most), newLabels: new Uint32Array(most), newSquares: new Float64Array(most) };
  const bundle = (first: number, lines: number, step: number, length: number, side: number): void => {
    for (let q = 0, from = first; q < length; q++, from += step) {
      for (let nth = 0, to = q; nth < lines; nth++, to += length) {
        line.labels[to] = labels[from + nth]!;
        line.squares[to] = squares[from + nth]!;
      }
    }
    for (let nth = 0; nth < lines; nth++) work(line, nth * length, length, side);
    for (let q = 0, from = first; q < length; q++, from += step) {
      for (let nth = 0, to = q; nth < lines; nth++, to += length) {
        labels[from + nth] = line.newLabels[to]!;
        squares[from + nth] = line.newSquares[to]!;
      }
    }
  };
  for (let row = 0; row < depth * height && width > 1; row++) bundle(row * width, 1, 1, width, spacing[2]);
  for (let z = 0; z < depth && height > 1; z++) {
    for (let x = 0; x < width; x += linesAtOnce) bundle(z * plane + x, Math.min(linesAtOnce, width - x), width, height, spacing[1]);
  }
  for (let column = 0; column < plane && depth > 1; column += linesAtOnce) bundle(column, Math.min(linesAtOnce, plane - column), plane, depth, spacing[0]);
}
