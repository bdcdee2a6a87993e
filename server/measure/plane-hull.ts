// The convex hull of points with whole places in a plane.
import { grown } from "./growing-array.ts";

/** One side of a hull, built of points with rising y: A. M. Andrew, Information Processing Letters 9(5), 1979. */
export class HullChain {
  y = new Int32Array(64);
  x = new Int32Array(64);
  count = 0;
  readonly #side: 1 | -1;

  /** @param side 1 keeps the hull of the smallest x, -1 of the largest */
  constructor(side: 1 | -1) {
    this.#side = side;
  }

  add(y: number, x: number): void {
    let n = this.count;
    const [ys, xs] = [this.y, this.x];
    while (n > 1 && this.#side * ((xs[n - 1]! - xs[n - 2]!) * (y - ys[n - 2]!) - (x - xs[n - 2]!) * (ys[n - 1]! - ys[n - 2]!)) >= 0) n--;
    if (n === ys.length) {
      this.y = grown(ys, n + 1, (length) => new Int32Array(length));
      this.x = grown(xs, n + 1, (length) => new Int32Array(length));
    }
    this.y[n] = y;
    this.x[n] = x;
    this.count = n + 1;
  }
}

/** Takes points of one plane in any order, by the ends of each row. */
export class PlaneHull {
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #left = new HullChain(1);
  readonly #right = new HullChain(-1);

  /** @param rows y goes from 0 to below this */
  constructor(rows: number) {
    this.#first = new Int32Array(rows).fill(2 ** 31 - 1);
    this.#last = new Int32Array(rows).fill(-(2 ** 31));
  }

  add(y: number, x: number): void {
    if (x < this.#first[y]!) this.#first[y] = x;
    if (x > this.#last[y]!) this.#last[y] = x;
  }

  /** Gives the corners, those of a top or bottom of one point twice, and forgets all points. */
  take(use: (y: number, x: number) => void): void {
    for (let y = 0; y < this.#first.length; y++) {
      if (this.#last[y]! < this.#first[y]!) continue;
      this.#left.add(y, this.#first[y]!);
      this.#right.add(y, this.#last[y]!);
    }
    for (const chain of [this.#left, this.#right]) {
      for (let nth = 0; nth < chain.count; nth++) use(chain.y[nth]!, chain.x[nth]!);
      chain.count = 0;
    }
    this.#first.fill(2 ** 31 - 1);
    this.#last.fill(-(2 ** 31));
  }
}
