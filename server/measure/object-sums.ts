// What is summed up of every object while a label image streams by: whole numbers alone, so that nothing depends on how it is cut.
import type { Triple } from "#server/volumes/label-reader.ts";
import { grown } from "./growing-array.ts";

/** Sums of an object, as places in its part of `sums`. Positions are voxels from a fixed point, the middle of the volume. */
export const column = {
  voxels: 0, z: 1, y: 2, x: 3, zz: 4, yy: 5, xx: 6, zy: 7, zx: 8, yx: 9,
  /** Pairs of its voxels that are neighbours, seven numbers, as `directionClasses` orders them. */
  pairs: 10,
  /** Pairs of one of its voxels and a neighbour in another object. */
  foreign: 17,
} as const;
export const columns = 24;

/** Sums of an object's intensities. Values are counted from `offset`, the first one found, which keeps the digits of the spread. */
export const intensityColumn = { count: 0, offset: 1, sum: 2, squares: 3, min: 4, max: 5 } as const;
export const intensityColumns = 6;

const floats = (length: number): Float64Array => new Float64Array(length);
const ints = (length: number): Int32Array => new Int32Array(length);

/** Objects in the order they are met in; `ObjectSums.numberOf` gives an id's place. */
export class ObjectSums {
  readonly middle: Triple;
  sums = floats(0);
  /** z0, y0, x0, z1, y1, x1, half-open, six numbers an object. */
  boxes = ints(0);
  intensities = floats(0);
  ids = new Uint32Array(0);
  count = 0;
  /** By id, its place + 1. */
  #places = ints(0);

  constructor(size: Triple) {
    this.middle = [size[0] >> 1, size[1] >> 1, size[2] >> 1];
  }

  /** The place of an object, a new one when the id is new. @param id from 1 on */
  numberOf(id: number): number {
    const place = id < this.#places.length ? this.#places[id]! : 0;
    return place > 0 ? place - 1 : this.#add(id);
  }

  #add(id: number): number {
    const own = this.count++;
    this.#places = grown(this.#places, Math.max(1024, id + 1), ints);
    this.#places[id] = this.count;
    this.sums = grown(this.sums, columns * Math.max(64, this.count), floats);
    this.boxes = grown(this.boxes, 6 * Math.max(64, this.count), ints);
    this.intensities = grown(this.intensities, intensityColumns * Math.max(64, this.count), floats);
    this.ids = grown(this.ids, Math.max(64, this.count), (length) => new Uint32Array(length));
    this.ids[own] = id;
    this.boxes.fill(2 ** 31 - 1, 6 * own, 6 * own + 3);
    return own;
  }
}
