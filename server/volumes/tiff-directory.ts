// The directories (IFDs) of a TIFF or BigTIFF, bounds-checked. TIFF 6.0, sections 2 and 8; BigTIFF: magic 43, 8-byte offsets.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { FileBytes } from "./file-bytes.ts";

export interface TiffHeader {
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly firstAt: number;
}

/** Where the values of a tag lie. */
export interface ValueRun {
  readonly at: number;
  readonly type: number;
  readonly count: number;
}

export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 IEEE float */
  readonly format: number;
  readonly compression: number;
  readonly photometric: number;
  /** 1 none, 2 horizontal differences, 3 floating point */
  readonly predictor: number;
  /** 1 = samples of a pixel together, 2 = one plane a sample */
  readonly planar: number;
  /** Rows of a strip, or a tile's height. */
  readonly blockRows: number;
  /** The width, or a tile's. */
  readonly blockColumns: number;
  readonly tiled: boolean;
  /** A smaller copy of another page. */
  readonly reduced: boolean;
  readonly offsets: ValueRun;
  readonly counts: ValueRun | undefined;
  readonly description: string;
  /** Resolution units per pixel (the inverse of the resolution); NaN when not stated. */
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  /** 1 none, 2 inch, 3 cm */
  readonly resolutionUnit: number;
}

const typeBytes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8 };

/** @throws tiff_invalid when the magic is not a TIFF's */
export async function readTiffHeader(bytes: FileBytes): Promise<TiffHeader> {
  const invalid = (why: string): MaskletError => MaskletError.of("tiff_invalid", { file: bytes.file, why });
  if (bytes.sizeBytes === 0) throw invalid("it is empty");
  if (bytes.sizeBytes < 8) throw invalid("it is shorter than a TIFF header");
  const head = await bytes.read(0, Math.min(16, bytes.sizeBytes));
  const mark = String.fromCharCode(head[0]!, head[1]!);
  if (mark !== "II" && mark !== "MM") throw invalid("it does not begin with II or MM");
  const littleEndian = mark === "II";
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const magic = view.getUint16(2, littleEndian);
  if (magic === 42) return { littleEndian, big: false, firstAt: view.getUint32(4, littleEndian) };
  if (magic !== 43) throw invalid(`its magic number is ${magic}, not 42 or 43`);
  if (head.length < 16 || view.getUint16(4, littleEndian) !== 8) throw invalid("its BigTIFF header is not valid");
  return { littleEndian, big: true, firstAt: Number(view.getBigUint64(8, littleEndian)) };
}

/** Follows the chain of directories; `values` counts what was read, so that no header keeps the reader busy for ever. */
export interface DirectoryWalk {
  values: number;
  readonly seen: Set<number>;
}

/** One directory and the position of the next (0 = none). @throws tiff_invalid, tiff_truncated */
export async function readTiffPage(bytes: FileBytes, header: TiffHeader, at: number, walk: DirectoryWalk): Promise<{ page: TiffPage; nextAt: number }> {
  const { littleEndian, big } = header;
  const invalid = (why: string): MaskletError => MaskletError.of("tiff_invalid", { file: bytes.file, why });
  if (at < 8) throw invalid("its header names no directory");
  if (walk.seen.has(at)) throw invalid("its directories run in a circle");
  walk.seen.add(at);
  if (walk.seen.size > limits.maxTiffEntries) throw invalid(`it has more than ${limits.maxTiffEntries} directories`);

  const countBytes = big ? 8 : 2;
  const count = readCount(await bytes.read(at, countBytes), littleEndian);
  if (count === 0 || count > limits.maxTiffEntries) throw invalid(`a directory claims ${count} entries`);
  spend(bytes, walk, count);
  const entryBytes = big ? 20 : 12;
  const inline = big ? 8 : 4;
  const table = await bytes.read(at + countBytes, count * entryBytes + inline);
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const runs = new Map<number, ValueRun>();
  for (let entry = 0; entry < count; entry++) {
    const base = entry * entryBytes;
    const tag = view.getUint16(base, littleEndian);
    const type = view.getUint16(base + 2, littleEndian);
    const valueCount = readCount(table.subarray(base + 4, base + 4 + inline), littleEndian);
    const size = typeBytes[type];
    if (size === undefined || runs.has(tag)) continue;
    const valueAt = base + 4 + inline;
    const far = valueCount * size > inline;
    runs.set(tag, { at: far ? readCount(table.subarray(valueAt, valueAt + inline), littleEndian) : at + countBytes + valueAt, type, count: valueCount });
  }

  const one = async (tag: number, fallback: number): Promise<number> => {
    const run = runs.get(tag);
    if (run === undefined || run.count === 0) return fallback;
    return (await readValues(bytes, header, { ...run, count: 1 }, walk))[0]!;
  };
  // Denominator over numerator: 1 / (numerator / denominator) would not give 0.07 back.
  const inverse = async (tag: number): Promise<number> => {
    const run = runs.get(tag);
    if (run?.type !== 5 || run.count === 0) return 1 / await one(tag, Number.NaN);
    const [numerator, denominator] = await readValues(bytes, header, { at: run.at, type: 4, count: 2 }, walk);
    return denominator! / numerator!;
  };
  const text = async (tag: number): Promise<string> => {
    const run = runs.get(tag);
    if (run === undefined || (run.type !== 2 && run.type !== 1 && run.type !== 7)) return "";
    if (run.count > limits.maxTiffTextBytes) throw invalid(`its description claims ${run.count} bytes`);
    spend(bytes, walk, Math.ceil(run.count / 64));
    return Buffer.from(await bytes.read(run.at, run.count)).toString("utf8").replace(/\0[\s\S]*$/, "");
  };

  const width = await one(256, 0);
  const height = await one(257, 0);
  const samples = await one(277, 1);
  const bitsRun = runs.get(258);
  const bits = bitsRun === undefined ? [1] : [...await readValues(bytes, header, { ...bitsRun, count: Math.min(bitsRun.count, samples, 16) }, walk)];
  const tiled = runs.has(324);
  const offsets = runs.get(tiled ? 324 : 273);
  if (offsets === undefined) throw invalid("a page has no pixels (neither strips nor tiles)");
  if (bits.some((b) => b !== bits[0])) throw MaskletError.of("tiff_unsupported", { file: bytes.file, why: "its samples differ in bit depth" });
  const rowsPerStrip = await one(278, height);
  const page: TiffPage = {
    width, height, samples, bits: bits[0] ?? 1, tiled, offsets,
    format: await one(339, 1),
    compression: await one(259, 1),
    photometric: await one(262, 1),
    predictor: await one(317, 1),
    planar: await one(284, 1),
    blockRows: tiled ? await one(323, 0) : Math.min(rowsPerStrip, height),
    blockColumns: tiled ? await one(322, 0) : width,
    reduced: (await one(254, 0) & 1) === 1,
    counts: runs.get(tiled ? 325 : 279),
    description: walk.seen.size === 1 ? await text(270) : "",
    pixelWidth: await inverse(282),
    pixelHeight: await inverse(283),
    resolutionUnit: await one(296, 2),
  };
  return { page, nextAt: readCount(table.subarray(count * entryBytes), littleEndian) };
}

/** The numbers of a tag; rationals as their quotient. @throws tiff_invalid, tiff_truncated */
export async function readValues(bytes: FileBytes, header: TiffHeader, run: ValueRun, walk: DirectoryWalk): Promise<Float64Array> {
  const size = typeBytes[run.type] ?? 1;
  spend(bytes, walk, run.count);
  const raw = await bytes.read(run.at, run.count * size);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const values = new Float64Array(run.count);
  for (let i = 0; i < run.count; i++) values[i] = readValue(view, i * size, run.type, header.littleEndian);
  return values;
}

function readValue(view: DataView, at: number, type: number, littleEndian: boolean): number {
  switch (type) {
    case 3: return view.getUint16(at, littleEndian);
    case 4: case 13: return view.getUint32(at, littleEndian);
    case 5: return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
    case 6: return view.getInt8(at);
    case 8: return view.getInt16(at, littleEndian);
    case 9: return view.getInt32(at, littleEndian);
    case 10: return view.getInt32(at, littleEndian) / view.getInt32(at + 4, littleEndian);
    case 11: return view.getFloat32(at, littleEndian);
    case 12: return view.getFloat64(at, littleEndian);
    case 16: case 18: return Number(view.getBigUint64(at, littleEndian));
    case 17: return Number(view.getBigInt64(at, littleEndian));
    default: return view.getUint8(at);
  }
}

/** An unsigned number of 2, 4 or 8 bytes. */
function readCount(raw: Uint8Array, littleEndian: boolean): number {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  if (raw.length === 2) return view.getUint16(0, littleEndian);
  return raw.length === 4 ? view.getUint32(0, littleEndian) : Number(view.getBigUint64(0, littleEndian));
}

function spend(bytes: FileBytes, walk: DirectoryWalk, values: number): void {
  walk.values += values;
  if (!(walk.values <= limits.maxTiffValues)) {
    throw MaskletError.of("tiff_invalid", { file: bytes.file, why: `its directories hold more than ${limits.maxTiffValues} values` });
  }
}
