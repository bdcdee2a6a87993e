// The runs of one id on the rows of one slice.
import { grown } from "./growing-array.ts";
import type { SliceOutlines } from "./slice-outlines.ts";

const ints = (length: number): Int32Array => new Int32Array(length);

/** Run i covers x from `from[i]` to `to[i]`, half-open, of object `own[i]`; row y has the runs from `rows[y]` to `rows[y + 1]`. */
export class SliceRuns {
  readonly rows: Int32Array;
  from = ints(256);
  to = ints(256);
  own = ints(256);
  count = 0;

  constructor(height: number) {
    this.rows = ints(height + 1);
  }

  add(from: number, to: number, own: number): void {
    const at = this.count++;
    this.from = grown(this.from, this.count, ints);
    this.to = grown(this.to, this.count, ints);
    this.own = grown(this.own, this.count, ints);
    this.from[at] = from;
    this.to[at] = to;
    this.own[at] = own;
  }
}

/** Finds the runs of each object of a slice again, by chains through the runs, and outlines them. */
export class SliceOutliner {
  /** By run, the next one of its object + 1. */
  #next = ints(256);
  /** By object, its first and last run + 1; all 0 between slices. */
  #first = ints(64);
  #last = ints(64);

  /** @param objects how many there are; @param outlines gets one slice of each object on it */
  outline({ rows, from, to, own, count }: SliceRuns, z: number, objects: number, outlines: SliceOutlines): void {
    this.#next = grown(this.#next, count, ints);
    this.#first = grown(this.#first, objects, ints);
    this.#last = grown(this.#last, objects, ints);
    const [next, first, last] = [this.#next, this.#first, this.#last];
    for (let run = 0; run < count; run++) {
      const object = own[run]!;
      next[run] = 0;
      if (first[object] === 0) first[object] = run + 1;
      else next[last[object]! - 1] = run + 1;
      last[object] = run + 1;
    }
    for (let run = 0, y = 0; run < count; run++) {
      while (rows[y + 1]! <= run) y++;
      const object = own[run]!;
      if (first[object] !== run + 1) continue;
      for (let at = run + 1, row = y; at > 0;) {
        while (rows[row + 1]! < at) row++;
        const x0 = from[at - 1]!;
        let end = at - 1;
        for (at = next[end]!; at > 0 && at <= rows[row + 1]!; at = next[end]!) end = at - 1;
        outlines.row(row, x0, to[end]! - 1);
      }
      outlines.endSlice(object, z);
      first[object] = 0;
    }
  }
}
