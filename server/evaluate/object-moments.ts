// Box and moments of every object, summed up while label images stream by: whole numbers alone, so that nothing depends on how they are cut.
import type { Triple } from "#server/volumes/label-reader.ts";

/** Voxels, z, y, x, zz, yy, xx, zy, zx, yx: the sums that `server/measure/ellipsoid.ts` reads. */
const columns = 10;

/** By the numbers that `LabelNumbers` gave. Memory: 104 bytes an object. */
export class ObjectMoments {
  /** What positions count from, in voxels. */
  readonly #middle: Triple;
  #sums = new Float64Array(64 * columns);
  /** z0, y0, x0, z1, y1, x1, half-open. */
  #boxes = new Int32Array(64 * 6);

  constructor(size: Triple) {
    this.#middle = [size[0] >> 1, size[1] >> 1, size[2] >> 1];
  }

  /** The voxels `[x0, x1)` of a row. */
  addRun(number: number, z: number, y: number, x0: number, x1: number): void {
    if ((number + 1) * columns > this.#sums.length) this.#grow(number);
    const [sums, boxes, n] = [this.#sums, this.#boxes, x1 - x0];
    const [dz, dy, first, last] = [z - this.#middle[0], y - this.#middle[1], x0 - this.#middle[2], x1 - 1 - this.#middle[2]];
    const sumX = (n * (first + last)) / 2;
    const at = number * columns;
    const box = number * 6;
    if (sums[at] === 0) {
      boxes[box] = z;
      boxes[box + 1] = y;
      boxes[box + 2] = x0;
    }
    sums[at]! += n;
    sums[at + 1]! += n * dz;
    sums[at + 2]! += n * dy;
    sums[at + 3]! += sumX;
    sums[at + 4]! += n * dz * dz;
    sums[at + 5]! += n * dy * dy;
    // first^2 + ... + last^2, from the squares around their middle.
    sums[at + 6]! += n * first * last + ((n - 1) * n * (2 * n - 1)) / 6;
    sums[at + 7]! += n * dz * dy;
    sums[at + 8]! += dz * sumX;
    sums[at + 9]! += dy * sumX;
    if (z < boxes[box]!) boxes[box] = z;
    if (y < boxes[box + 1]!) boxes[box + 1] = y;
    if (x0 < boxes[box + 2]!) boxes[box + 2] = x0;
    if (z >= boxes[box + 3]!) boxes[box + 3] = z + 1;
    if (y >= boxes[box + 4]!) boxes[box + 4] = y + 1;
    if (x1 > boxes[box + 5]!) boxes[box + 5] = x1;
  }

  sumsOf(number: number): Float64Array {
    return this.#sums.subarray(number * columns, (number + 1) * columns);
  }

  startOf(number: number): [number, number, number] {
    return [this.#boxes[6 * number]!, this.#boxes[6 * number + 1]!, this.#boxes[6 * number + 2]!];
  }

  endOf(number: number): [number, number, number] {
    return [this.#boxes[6 * number + 3]!, this.#boxes[6 * number + 4]!, this.#boxes[6 * number + 5]!];
  }

  #grow(number: number): void {
    const objects = Math.max(number + 1, (2 * this.#boxes.length) / 6);
    const [sums, boxes] = [new Float64Array(objects * columns), new Int32Array(objects * 6)];
    sums.set(this.#sums);
    boxes.set(this.#boxes);
    this.#sums = sums;
    this.#boxes = boxes;
  }
}
