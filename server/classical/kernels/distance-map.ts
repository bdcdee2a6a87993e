// Exact squared Euclidean distance map of a binary volume whose voxels need not be cubes.
// Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions" (Theory of Computing 8, 2012), section 2: along each
// axis in turn the lower envelope of parabolas; along x, where the input is binary, two sweeps give the same.
import type { Size3 } from "./size3.ts";

/** Lines along y or z that are worked on side by side, so that a cache line fetched for one serves its neighbours. */
const linesAtOnce = 16;

/**
 * The square of each inside voxel's distance to the nearest outside voxel, centre to centre; 0 outside, infinite where there is
 * no outside voxel. What lies beyond the array is neither inside nor outside, so an object cut by it is not thinner there.
 * Memory: the answer (4 bytes a voxel) and a few lines.
 * @param inside `[z, y, x]`, 0 = outside
 * @param spacing of a voxel along z, y, x, in any one unit
 * @returns `[z, y, x]`, in that unit squared
 */
export function squaredDistanceMap(inside: Uint8Array, size: Size3, spacing: Size3): Float32Array {
  const [depth, height, width] = size;
  const map = new Float32Array(inside.length);
  sweepRows(inside, map, width, spacing[2]);
  const longest = Math.max(depth, height);
  const lines = createLines(longest);
  for (let z = 0; z < depth && height > 1; z++) alongLines(map, lines, { first: z * height * width, lines: width, step: width, length: height, spacing: spacing[1] });
  for (let y = 0; y < height && depth > 1; y++) alongLines(map, lines, { first: y * width, lines: width, step: height * width, length: depth, spacing: spacing[0] });
  return map;
}

/** Distances, not squared. */
export function distanceMap(inside: Uint8Array, size: Size3, spacing: Size3): Float32Array {
  const map = squaredDistanceMap(inside, size, spacing);
  for (let at = 0; at < map.length; at++) map[at] = Math.sqrt(map[at]!);
  return map;
}

function sweepRows(inside: Uint8Array, map: Float32Array, width: number, spacing: number): void {
  for (let row = 0; row < inside.length; row += width) {
    let away = Infinity;
    for (let x = 0; x < width; x++) {
      away = inside[row + x] === 0 ? 0 : away + 1;
      map[row + x] = away;
    }
    away = Infinity;
    for (let x = width - 1; x >= 0; x--) {
      away = inside[row + x] === 0 ? 0 : away + 1;
      const near = Math.min(away, map[row + x]!) * spacing;
      map[row + x] = near * near;
    }
  }
}

/** Parallel lines of the map: their first voxels are neighbours, their voxels lie `step` apart. */
interface Bundle {
  readonly first: number;
  readonly lines: number;
  readonly step: number;
  readonly length: number;
  readonly spacing: number;
}

interface Lines {
  /** `linesAtOnce` lines one after another. */
  readonly values: Float64Array;
  /** The envelope of one line: its parabolas' feet, their heights, and where each begins to be the lowest. */
  readonly feet: Int32Array;
  readonly heights: Float64Array;
  readonly starts: Float64Array;
}

function createLines(longest: number): Lines {
  return { values: new Float64Array(linesAtOnce * longest), feet: new Int32Array(longest), heights: new Float64Array(longest), starts: new Float64Array(longest + 1) };
}

function alongLines(map: Float32Array, lines: Lines, bundle: Bundle): void {
  const { values } = lines;
  const { length, step } = bundle;
  for (let block = 0; block < bundle.lines; block += linesAtOnce) {
    const count = Math.min(linesAtOnce, bundle.lines - block);
    for (let q = 0, from = bundle.first + block; q < length; q++, from += step) {
      for (let line = 0; line < count; line++) values[line * length + q] = map[from + line]!;
    }
    for (let line = 0; line < count; line++) lowerEnvelope(lines, line * length, length, bundle.spacing);
    for (let q = 0, from = bundle.first + block; q < length; q++, from += step) {
      for (let line = 0; line < count; line++) map[from + line] = values[line * length + q]!;
    }
  }
}

/** One line of values f(q), replaced by the least of f(p) + (spacing (q - p))^2 over all p. */
function lowerEnvelope({ values, feet, heights, starts }: Lines, first: number, length: number, spacing: number): void {
  const square = spacing * spacing;
  let count = 0;
  for (let q = 0; q < length; q++) {
    const height = values[first + q]!;
    if (height === Infinity) continue;
    let start = -Infinity;
    while (count > 0) {
      const p = feet[count - 1]!;
      start = (height - heights[count - 1]!) / (2 * square * (q - p)) + (q + p) / 2;
      if (start > starts[count - 1]!) break;
      count--;
      start = -Infinity;
    }
    feet[count] = q;
    heights[count] = height;
    starts[count] = start;
    count++;
  }
  if (count === 0) return;
  starts[count] = Infinity;
  for (let q = 0, nth = 0; q < length; q++) {
    while (starts[nth + 1]! < q) nth++;
    const away = q - feet[nth]!;
    values[first + q] = heights[nth]! + square * away * away;
  }
}
