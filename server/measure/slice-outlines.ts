// What a convex hull needs of objects that are seen slice by slice: on each slice the corners of the hull of their voxels' centres.
import { grown } from "./growing-array.ts";
import { HullChain } from "./plane-hull.ts";

/** y and x of a voxel in one number. */
export const packedRow = 65_536;

const uints = (length: number): Uint32Array => new Uint32Array(length);
const ints = (length: number): Int32Array => new Int32Array(length);

/** All slices' corners lie behind each other in one array; the slices of an object are a chain from its last one back. */
export class SliceOutlines {
  #corners = uints(4096);
  #end = 0;
  #start = uints(1024);
  #z = ints(1024);
  #before = ints(1024);
  #slices = 0;
  /** By object, its last slice + 1. */
  #last = ints(1024);
  readonly #left = new HullChain(1);
  readonly #right = new HullChain(-1);

  /** The voxels of one object on one row, in the order of the rows. @param x0 first voxel; @param x1 last voxel */
  row(y: number, x0: number, x1: number): void {
    this.#left.add(y, x0);
    this.#right.add(y, x1);
  }

  /** Ends what `row` said of one object on one slice. Slices come in order. */
  endSlice(object: number, z: number): void {
    this.#corners = grown(this.#corners, this.#end + this.#left.count + this.#right.count, uints);
    this.#start = grown(this.#start, this.#slices + 2, uints);
    this.#z = grown(this.#z, this.#slices + 1, ints);
    this.#before = grown(this.#before, this.#slices + 1, ints);
    this.#last = grown(this.#last, object + 1, ints);
    for (const chain of [this.#left, this.#right]) {
      for (let nth = 0; nth < chain.count; nth++) this.#corners[this.#end++] = chain.y[nth]! * packedRow + chain.x[nth]!;
      chain.count = 0;
    }
    this.#z[this.#slices] = z;
    this.#before[this.#slices] = this.#last[object]!;
    this.#last[object] = ++this.#slices;
    this.#start[this.#slices] = this.#end;
  }

  /** The slices of an object, last first. @param use gets corners as `y * packedRow + x` */
  forEach(object: number, use: (z: number, corners: Uint32Array) => void): void {
    for (let slice = this.#last[object]!; slice > 0; slice = this.#before[slice - 1]!) {
      use(this.#z[slice - 1]!, this.#corners.subarray(this.#start[slice - 1]!, this.#start[slice]!));
    }
  }
}
