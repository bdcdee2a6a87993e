// Stored samples as numbers: byte order, sample kinds, and rows copied into an array of pixels.
import type { Pixels } from "./source.ts";
import type { TiffPage } from "./tiff-directory.ts";

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** The bytes as samples of the page's kind. Swaps `raw` in place when the file is big-endian, so `raw` must be the caller's own
 * and begin its buffer. Machines Node runs on are little-endian. */
export function asSamples(raw: Uint8Array, page: TiffPage, littleEndian: boolean): Samples {
  const length = raw.length - (raw.length % (page.bits >> 3));
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, length);
  if (!littleEndian) {
    if (page.bits === 16) bytes.swap16();
    if (page.bits === 32) bytes.swap32();
    if (page.bits === 64) bytes.swap64();
  }
  const at = raw.byteOffset;
  const count = length / (page.bits >> 3);
  switch (`${page.format}/${page.bits}`) {
    case "2/8": return new Int8Array(raw.buffer, at, count);
    case "2/16": return new Int16Array(raw.buffer, at, count);
    case "2/32": return new Int32Array(raw.buffer, at, count);
    case "3/32": return new Float32Array(raw.buffer, at, count);
    case "3/64": return new Float64Array(raw.buffer, at, count);
    default: break;
  }
  if (page.bits === 8) return new Uint8Array(raw.buffer, at, count);
  return page.bits === 16 ? new Uint16Array(raw.buffer, at, count) : new Uint32Array(raw.buffer, at, count);
}

/** Rows of `columns` pixels with `stride` samples each. */
export interface SampleRows {
  readonly columns: number;
  readonly stride: number;
  readonly sample: number;
}

/** Copies columns `[x0, x1)` of `rowCount` rows from `firstRow` into `out` at `outAt`, rows `outWidth` apart. */
export function copyRowsInto(out: Pixels, outAt: number, outWidth: number, from: Samples, rows: SampleRows, firstRow: number, rowCount: number, x0: number, x1: number): void {
  const rowSamples = rows.columns * rows.stride;
  for (let row = 0; row < rowCount; row++) {
    const start = (firstRow + row) * rowSamples;
    const target = outAt + row * outWidth;
    if (rows.stride === 1) {
      out.set(from.subarray(start + x0, start + x1), target);
      continue;
    }
    for (let x = x0, at = start + x0 * rows.stride + rows.sample; x < x1; x++, at += rows.stride) out[target + x - x0] = from[at]!;
  }
}
