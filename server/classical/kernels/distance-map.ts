// Exact squared Euclidean distance map of a binary volume whose voxels need not be cubes.
// Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions" (Theory of Computing 8, 2012), section 2: along each
// axis in turn the lower envelope of parabolas; along x, where the input is binary, the ends of the runs give the same. As in Meijster,
// Roerdink and Hesselink (2000) a parabola begins at a whole place, so that those which are lowest at none are never kept.
// A zero parts its line: no parabola from beyond it is lower than its own.
import type { Size3 } from "./size3.ts";

/** Lines along y or z that are worked on side by side, so that a cache line fetched for one serves its neighbours. */
const linesAtOnce = 32;

/**
 * The square of each inside voxel's distance to the nearest outside voxel, centre to centre; 0 outside, infinite where there is
 * no outside voxel. What lies beyond the array is neither inside nor outside, so an object cut by it is not thinner there.
 * Memory: the answer (4 bytes a voxel) and a few lines.
 * @param inside `[z, y, x]`, 0 = outside
 * @param spacing of a voxel along z, y, x, in any one unit
 * @returns `[z, y, x]`, in that unit squared
 */
export function squaredDistanceMap(inside: Uint8Array, size: Size3, spacing: Size3): Float32Array<ArrayBuffer> {
  const map = squaredDistanceInPlanes(inside, size, spacing);
  finishDistanceInto(map, size, spacing[0]);
  return map;
}

/** Distances, not squared. */
export function distanceMap(inside: Uint8Array, size: Size3, spacing: Size3): Float32Array<ArrayBuffer> {
  const map = squaredDistanceMap(inside, size, spacing);
  for (let at = 0; at < map.length; at++) map[at] = Math.sqrt(map[at]!);
  return map;
}

/**
 * The first of two passes: as `squaredDistanceMap`, but each plane for itself, so a volume may be given in slabs of any number of planes.
 * Infinite where the voxel's own plane has no outside voxel. Memory: the answer and a few lines.
 */
export function squaredDistanceInPlanes(inside: Uint8Array, [depth, height, width]: Size3, spacing: Size3): Float32Array<ArrayBuffer> {
  const map = new Float32Array(inside.length);
  const squares = Float32Array.from({ length: width }, (_, away) => (away * spacing[2]) * (away * spacing[2]));
  const lines = createLines(height, spacing[1]);
  for (let z = 0, first = 0; z < depth; z++, first += height * width) {
    alongRows(inside, map, { first, end: first + height * width, width }, squares);
    if (height > 1) alongLines(map, lines, { first, lines: width, step: width });
  }
  return map;
}

/**
 * The second pass: along z, in place. Each column is finished for itself, so the map may be any columns of the volume
 * at their full depth. Memory: a few lines.
 * @param map `[z, y, x]`, what `squaredDistanceInPlanes` gave; becomes the squared distance
 */
export function finishDistanceInto(map: Float32Array, [depth, height, width]: Size3, spacingZ: number): void {
  if (depth < 2) return;
  alongLines(map, createLines(depth, spacingZ), { first: 0, lines: height * width, step: height * width });
}

interface Rows {
  readonly first: number;
  readonly end: number;
  readonly width: number;
}

/** Squared distance along x: in a run of inside voxels it rises from both ends, except where the run ends with its row. */
function alongRows(inside: Uint8Array, map: Float32Array, { first, end, width }: Rows, squares: Float32Array): void {
  for (let row = first; row < end; row += width) {
    const stop = row + width;
    for (let at = row; at < stop; at++) {
      if (inside[at] === 0) continue;
      const from = at;
      while (at < stop && inside[at] !== 0) at++;
      if (from === row && at === stop) {
        map.fill(Infinity, from, at);
        continue;
      }
      const middle = from === row ? from : at === stop ? at : (from + at) >> 1;
      for (let to = from; to < middle; to++) map[to] = squares[to - from + 1]!;
      for (let to = middle; to < at; to++) map[to] = squares[at - to]!;
    }
  }
}

interface Lines {
  readonly length: number;
  /** The square of the spacing along the lines. */
  readonly square: number;
  /** 1 / (2 square distance) of two feet that lie so many voxels apart. */
  readonly slopes: Float64Array;
  /** `linesAtOnce` lines one after another. */
  readonly values: Float32Array;
  /** The places of a part of one line that may be a foot. */
  readonly kept: Int32Array;
  /** The envelope of a part of one line: its parabolas' feet, their heights, and the place where each begins to be the lowest. */
  readonly feet: Int32Array;
  readonly heights: Float64Array;
  readonly starts: Int32Array;
}

function createLines(length: number, spacing: number): Lines {
  const square = spacing * spacing;
  const slopes = Float64Array.from({ length }, (_, apart) => 1 / (2 * square * apart));
  return {
    length, square, slopes,
    values: new Float32Array(linesAtOnce * length),
    kept: new Int32Array(length),
    feet: new Int32Array(length),
    heights: new Float64Array(length),
    starts: new Int32Array(length + 1),
  };
}

/** Parallel lines of the map: their first voxels are neighbours, their voxels lie `step` apart. */
interface Bundle {
  readonly first: number;
  readonly lines: number;
  readonly step: number;
}

function alongLines(map: Float32Array, lines: Lines, bundle: Bundle): void {
  const { values, length } = lines;
  for (let block = 0; block < bundle.lines; block += linesAtOnce) {
    const count = Math.min(linesAtOnce, bundle.lines - block);
    for (let q = 0, from = bundle.first + block; q < length; q++, from += bundle.step) {
      for (let line = 0, to = q; line < count; line++, to += length) values[to] = map[from + line]!;
    }
    for (let line = 0; line < count; line++) alongLine(lines, line * length);
    for (let q = 0, from = bundle.first + block; q < length; q++, from += bundle.step) {
      for (let line = 0, to = q; line < count; line++, to += length) map[from + line] = values[to]!;
    }
  }
}

function alongLine(lines: Lines, first: number): void {
  const { values, length } = lines;
  for (let q = 0; q < length; q++) {
    if (values[first + q] === 0) continue;
    const from = q;
    while (q < length && values[first + q] !== 0) q++;
    lowerEnvelope(lines, first, from, q);
  }
}

/** Values f(q) of a line's part without zeros, replaced by the least of f(p) + square (q - p)^2 over the part's p and the zeros at its ends. */
function lowerEnvelope(lines: Lines, first: number, from: number, end: number): void {
  const { values, feet, heights, starts, slopes, square, length } = lines;
  if (end - from === 1 && from > 0 && end < length) {
    if (values[first + from]! > square) values[first + from] = square;
    return;
  }
  const kept = keepHollow(lines, first, Math.max(from - 1, 0), Math.min(end, length - 1));
  let count = 0;
  for (let nth = 0; nth < kept; nth++) {
    const q = lines.kept[nth]!;
    const height = values[first + q]!;
    if (height === Infinity) continue;
    let start = from;
    while (count > 0) {
      const p = feet[count - 1]!;
      const meet = (height - heights[count - 1]!) * slopes[q - p]! + (q + p) / 2;
      // Where the two are equally high the former stays.
      if (meet >= starts[count - 1]!) {
        start = meet >= end - 1 ? end : Math.floor(meet) + 1;
        break;
      }
      count--;
    }
    if (start >= end) continue;
    feet[count] = q;
    heights[count] = height;
    starts[count] = start;
    count++;
  }
  if (count === 0) return;
  starts[count] = end;
  for (let q = from, nth = 0; q < end; q++) {
    // To the next parabola if it has begun, without a branch: each is lowest at one place at least.
    nth -= (starts[nth + 1]! - q - 1) >> 31;
    const away = q - feet[nth]!;
    values[first + q] = heights[nth]! + square * away * away;
  }
}

/** The places of `[from, last]` without those whose parabola its two neighbours' undercut everywhere; most are, and cost less here than in the envelope. */
function keepHollow({ values, kept, square }: Lines, first: number, from: number, last: number): number {
  let count = 0;
  let before = Infinity;
  let here = values[first + from]!;
  for (let q = from; q < last; q++) {
    const next = values[first + q + 1]!;
    kept[count] = q;
    count += Number(!(here + here - before - next >= square + square));
    before = here;
    here = next;
  }
  kept[count++] = last;
  return count;
}
