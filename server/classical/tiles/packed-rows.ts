// Rows of a chunk without their zeros. Labels, and maps of a mask, are mostly zeros in scans of few solids: a dense chunk of them takes ten
// times the memory, or the writing, of a packed one. Values are words of 32 bits whatever they mean, so -0 and NaN stay as they are.

export interface PackedRows {
  /** Where each row begins among the words; one more tells where the last one ends. */
  readonly places: Uint32Array;
  /** A row is the number of its runs, their starts and ends in turn, and their values; the first row is the first here. */
  readonly words: Uint32Array;
}

/** A chunk that packing would not make smaller than this part of it is left as it is. */
const worthwhile = 0.75;

/** The places of all rows, counted from the first of these words, and then the rows; undefined where it is not worthwhile. @param values `[row, x]` */
export function packRows(values: Uint32Array, width: number): Uint32Array | undefined {
  const rows = values.length / width;
  const out = new Uint32Array(Math.floor(worthwhile * values.length));
  let at = rows + 1;
  for (let row = 0; row < rows; row++) {
    const first = row * width;
    // A row has at most all of its values, and a run for every second of them.
    if (at + 2 * width + 2 > out.length) return undefined;
    out[row] = at;
    let runs = 0;
    for (let x = 0; x < width;) {
      while (x < width && values[first + x] === 0) x++;
      if (x === width) break;
      out[at + 1 + 2 * runs] = x;
      while (x < width && values[first + x] !== 0) x++;
      out[at + 2 + 2 * runs++] = x;
    }
    out[at] = runs;
    const head = at + 1;
    at = head + 2 * runs;
    for (let run = 0; run < runs; run++) {
      for (let x = out[head + 2 * run]!; x < out[head + 2 * run + 1]!; x++) out[at++] = values[first + x]!;
    }
  }
  out[rows] = at;
  return out.subarray(0, at);
}

/** Where rows go: values from `x0` to `x1` of the first to `at`, of each further one `width` behind. Zeros are not written. */
export interface RowsTo {
  readonly out: Uint32Array;
  readonly at: number;
  readonly width: number;
  readonly x0: number;
  readonly x1: number;
}

export function unpackRows({ places, words }: PackedRows, first: number, rows: number, { out, at, width, x0, x1 }: RowsTo): void {
  for (let row = 0; row < rows; row++) {
    let head = places[first + row]! - places[0]!;
    const runs = words[head++]!;
    let value = head + 2 * runs;
    const zero = at + row * width - x0;
    for (let run = 0; run < runs; run++, head += 2) {
      const start = words[head]!;
      const end = words[head + 1]!;
      if (start >= x1) break;
      const last = end < x1 ? end : x1;
      for (let x = start > x0 ? start : x0; x < last; x++) out[zero + x] = words[value + x - start]!;
      value += end - start;
    }
  }
}
