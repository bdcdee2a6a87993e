// One pass over the rows of a label image, in raster order: rows become runs of one id, runs are summed up,
// and runs that lie beside each other are compared.
import type { Pixels } from "#server/volumes/source.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { column, columns, intensityColumn, intensityColumns, ObjectSums } from "./object-sums.ts";
import { SliceOutlines } from "./slice-outlines.ts";
import { SliceOutliner, SliceRuns } from "./slice-runs.ts";
import { TouchingPairs } from "./touching-pairs.ts";

/** Memory: the runs of two slices, and about 280 bytes an object, 8 bytes a corner of its slices, 16 bytes a pair that touches. */
export class RowSweep {
  readonly objects: ObjectSums;
  readonly outlines = new SliceOutlines();
  readonly pairs = new TouchingPairs();
  readonly #size: Triple;
  readonly #outliner = new SliceOutliner();
  #slice: SliceRuns;
  #below: SliceRuns;
  /** The slice that the next row belongs to, and its y. */
  #z = 0;
  #y = 0;

  /** @param size of the label image `[z, y, x]` */
  constructor(size: Triple) {
    this.#size = size;
    this.objects = new ObjectSums(size);
    this.#slice = new SliceRuns(size[1]);
    this.#below = new SliceRuns(size[1]);
  }

  /**
   * The next whole rows of the image.
   * @param ids `[rows, x]`; @param values of an image at the same voxels
   */
  add(ids: Uint32Array, values: Pixels | undefined): void {
    const [, height, width] = this.#size;
    for (let at = 0; at < ids.length; at += width) {
      this.#row(ids, at, values);
      if (this.#y === height) this.#endSlice();
    }
  }

  #row(ids: Uint32Array, at: number, values: Pixels | undefined): void {
    const slice = this.#slice;
    const [y, width] = [this.#y, this.#size[2]];
    const begin = slice.count;
    for (let x = 0; x < width;) {
      const id = ids[at + x]!;
      const from = x++;
      if (id === 0) continue;
      while (x < width && ids[at + x]! === id) x++;
      const own = this.objects.numberOf(id);
      if (slice.count > begin && slice.to[slice.count - 1] === from) this.#meet(slice.own[slice.count - 1]!, own, 0, 1);
      slice.add(from, x, own);
      this.#sum(own, from, x);
      if (values !== undefined) addIntensities(this.objects.intensities, intensityColumns * own, values, at + from, at + x);
    }
    slice.rows[y + 1] = slice.count;
    if (y > 0) this.#compare(slice, y - 1, begin, 1, 3);
    if (this.#z > 0) {
      if (y > 0) this.#compare(this.#below, y - 1, begin, 5, 6);
      this.#compare(this.#below, y, begin, 2, 4);
      if (y + 1 < this.#size[1]) this.#compare(this.#below, y + 1, begin, 5, 6);
    }
    this.#y++;
  }

  #sum(own: number, from: number, to: number): void {
    const { sums, boxes, middle } = this.objects;
    const at = columns * own;
    const count = to - from;
    const [z, y] = [this.#z - middle[0], this.#y - middle[1]];
    const [a, b] = [from - middle[2], to - middle[2]];
    const x = (count * (a + b - 1)) / 2;
    sums[at]! += count;
    sums[at + column.z]! += z * count;
    sums[at + column.y]! += y * count;
    sums[at + column.x]! += x;
    sums[at + column.zz]! += z * z * count;
    sums[at + column.yy]! += y * y * count;
    sums[at + column.xx]! += squaresBelow(b) - squaresBelow(a);
    sums[at + column.zy]! += z * y * count;
    sums[at + column.zx]! += z * x;
    sums[at + column.yx]! += y * x;
    sums[at + column.pairs]! += count - 1;
    const box = 6 * own;
    if (this.#z < boxes[box]!) boxes[box] = this.#z;
    if (this.#y < boxes[box + 1]!) boxes[box + 1] = this.#y;
    if (from < boxes[box + 2]!) boxes[box + 2] = from;
    boxes[box + 3] = this.#z + 1;
    if (this.#y >= boxes[box + 4]!) boxes[box + 4] = this.#y + 1;
    if (to > boxes[box + 5]!) boxes[box + 5] = to;
  }

  /** The row's runs with those of a row that lies before it. @param straight class of the step between the rows; @param slanted the same with a step along x */
  #compare(other: SliceRuns, y: number, begin: number, straight: number, slanted: number): void {
    const { from, to, own, count } = this.#slice;
    const last = other.rows[y + 1]!;
    for (let run = begin, first = other.rows[y]!; run < count; run++) {
      const [a, b] = [from[run]!, to[run]!];
      while (first < last && other.to[first]! < a) first++;
      for (let beside = first; beside < last && other.from[beside]! <= b; beside++) {
        const [c, d] = [other.from[beside]!, other.to[beside]!];
        const level = Math.min(b, d) - Math.max(a, c);
        const aside = Math.max(0, Math.min(b, d - 1) - Math.max(a, c - 1)) + Math.max(0, Math.min(b, d + 1) - Math.max(a, c + 1));
        if (own[run] !== other.own[beside]) {
          this.#meet(own[run]!, other.own[beside]!, slanted, aside);
          if (level > 0) this.#meet(own[run]!, other.own[beside]!, straight, level);
          continue;
        }
        const pairs = columns * own[run]! + column.pairs;
        this.objects.sums[pairs + slanted]! += aside;
        if (level > 0) this.objects.sums[pairs + straight]! += level;
      }
    }
  }

  #meet(a: number, b: number, step: number, count: number): void {
    const { sums } = this.objects;
    sums[columns * a + column.foreign + step]! += count;
    sums[columns * b + column.foreign + step]! += count;
    this.pairs.add(a, b);
  }

  #endSlice(): void {
    this.#outliner.outline(this.#slice, this.#z, this.objects.count, this.outlines);
    [this.#slice, this.#below] = [this.#below, this.#slice];
    this.#slice.count = 0;
    this.#y = 0;
    this.#z++;
  }
}

/** 0 + 1 + 4 + ... + (n - 1)^2, and for n below 0 its continuation, so that the difference of two is the sum between them. */
function squaresBelow(n: number): number {
  return ((n - 1) * n * (2 * n - 1)) / 6;
}

function addIntensities(sums: Float64Array, at: number, values: Pixels, from: number, to: number): void {
  const { count, offset, sum, squares, min, max } = intensityColumn;
  for (let voxel = from; voxel < to; voxel++) {
    const value = values[voxel]!;
    if (!Number.isFinite(value)) continue;
    if (sums[at + count]!++ === 0) {
      sums[at + offset] = value;
      sums[at + min] = value;
      sums[at + max] = value;
    }
    const beyond = value - sums[at + offset]!;
    sums[at + sum]! += beyond;
    sums[at + squares]! += beyond * beyond;
    if (value < sums[at + min]!) sums[at + min] = value;
    if (value > sums[at + max]!) sums[at + max] = value;
  }
}
