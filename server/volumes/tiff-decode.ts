// One strip or tile of a TIFF unpacked: compression undone, then the predictor.
import { MaskletError } from "#protocol/errors.ts";
import type { TiffPage } from "./tiff-directory.ts";
import { asSamples, type Samples } from "./tiff-samples.ts";
import { readableCompressions, unpack } from "./tiff-unpack.ts";

const names: Readonly<Record<number, string>> = { 2: "CCITT", 3: "CCITT fax", 4: "CCITT fax", 6: "old JPEG", 7: "JPEG", 34_887: "LERC", 34_925: "LZMA", 34_712: "JPEG 2000", 50_001: "WebP" };

/** @throws tiff_unsupported for lossy or unknown compression and for predictors that do not fit the samples */
export function checkCoding(page: TiffPage, file: string): void {
  if (!readableCompressions.has(page.compression)) {
    throw MaskletError.of("tiff_unsupported", { file, why: `its compression is ${names[page.compression] ?? `number ${page.compression}`}` });
  }
  const fits = page.predictor === 1 || page.predictor === 2 || (page.predictor === 3 && page.format === 3);
  if (!fits) throw MaskletError.of("tiff_unsupported", { file, why: `its predictor is ${page.predictor}` });
}

/** A block's stored bytes, how many it must unpack to (rows of `columns` pixels with `stride` samples), and the file for messages. */
export interface StoredBlock {
  readonly raw: Uint8Array;
  readonly needBytes: number;
  /** Never unpacked further than this. */
  readonly mostBytes: number;
  readonly columns: number;
  readonly stride: number;
  readonly file: string;
}

/** @throws tiff_invalid when the bytes cannot be unpacked, or to too few */
export async function decodeBlock(block: StoredBlock, page: TiffPage, littleEndian: boolean): Promise<Samples> {
  const unpacked = await unpack(block.raw, block.mostBytes, page.compression).catch((cause: unknown) => {
    throw MaskletError.of("tiff_invalid", { file: block.file, why: "a strip or tile cannot be unpacked" }, cause);
  });
  if (unpacked.length < block.needBytes) {
    throw MaskletError.of("tiff_invalid", { file: block.file, why: `a strip or tile unpacks to ${unpacked.length} bytes where ${block.needBytes} are needed` });
  }
  // A copy of its own: aligned, and free to be changed.
  const bytes = new Uint8Array(unpacked.subarray(0, block.needBytes));
  const rowSamples = block.columns * block.stride;
  if (page.predictor === 3) {
    undoFloatPredictor(bytes, rowSamples, block.stride, page.bits >> 3);
    return asSamples(bytes, page, true);
  }
  const samples = asSamples(bytes, page, littleEndian);
  if (page.predictor === 2) undoDifferences(bytes, rowSamples, block.stride, page.bits);
  return samples;
}

/** Horizontal differences (TIFF 6.0, section 14), on integers in the machine's byte order; sums wrap. */
function undoDifferences(bytes: Uint8Array, rowSamples: number, stride: number, bits: number): void {
  if (bits === 64) {
    const wide = new BigUint64Array(bytes.buffer);
    for (let at = 0; at < wide.length; at++) if (at % rowSamples >= stride) wide[at] = wide[at]! + wide[at - stride]!;
    return;
  }
  const values = bits === 8 ? bytes : bits === 16 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  for (let row = 0; row < values.length; row += rowSamples) {
    const end = Math.min(values.length, row + rowSamples);
    for (let at = row + stride; at < end; at++) values[at] = values[at]! + values[at - stride]!;
  }
}

/** Adobe's floating point predictor (TIFF Technical Note 3): bytes of a row sorted by significance, then byte differences. */
function undoFloatPredictor(bytes: Uint8Array, rowSamples: number, stride: number, sampleBytes: number): void {
  const rowBytes = rowSamples * sampleBytes;
  const sorted = new Uint8Array(rowBytes);
  for (let row = 0; row + rowBytes <= bytes.length; row += rowBytes) {
    for (let at = stride; at < rowBytes; at++) bytes[row + at] = bytes[row + at]! + bytes[row + at - stride]!;
    sorted.set(bytes.subarray(row, row + rowBytes));
    for (let sample = 0; sample < rowSamples; sample++) {
      for (let b = 0; b < sampleBytes; b++) bytes[row + sample * sampleBytes + b] = sorted[(sampleBytes - 1 - b) * rowSamples + sample]!;
    }
  }
}
