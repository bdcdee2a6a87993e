// From a chunk's stored bytes to its samples: the chain of codecs that the metadata names, run backwards, every length checked.
// zarrita knows the codecs; what could take memory without bound or skip a check (gzip, zlib, zstd, crc32c, byte order) is done here.
import { unzip } from "node:zlib";
import { MaskletError } from "#protocol/errors.ts";
import type { CodecStep } from "./ome-zarr-metadata.ts";
import { short } from "./ome-zarr-json.ts";
import { sampleBytes, samplesOf, sampleKind, type SampleKind, type Samples } from "./ome-zarr-samples.ts";
import { bounded, unpackZstd } from "./ome-zarr-zstd.ts";

/** A decoded chunk with the strides of its axes, in samples. */
export interface DecodedChunk {
  readonly samples: Samples;
  readonly strides: readonly number[];
}

export interface ChunkDecoder {
  /** Bytes of a decoded chunk, before codecs made it smaller. */
  readonly sizeBytes: number;
  /** No sound chunk is stored in more. */
  readonly mostStoredBytes: number;
  /** @param stored may be changed @param name of the chunk, for messages @throws zarr_chunk_corrupt */
  decode(stored: Uint8Array, name: string): Promise<DecodedChunk>;
}

/** Takes bytes back to what they were; `mostBytes` bounds the answer, `exact` says that it must be just as long. */
type ByteStep = (bytes: Uint8Array, mostBytes: number, exact: boolean) => Uint8Array | Promise<Uint8Array>;

interface ArrayStep {
  decode(chunk: { data: unknown; shape: number[]; stride: number[] }): { data: unknown } | Promise<{ data: unknown }>;
}

/** Codecs of zarrita's that are safe behind a check of their lengths, or change no length. */
const arrayCodecs = /^(numcodecs\.)?(delta|bitround|scale_offset|cast_value)$/;

/** @throws zarr_unsupported for codecs that are not known, zarr_invalid for ones that do not fit together */
export async function createDecoder(codecs: readonly CodecStep[], kind: SampleKind, chunk: readonly number[], file: string): Promise<ChunkDecoder> {
  const unsupported = (name: string): MaskletError => MaskletError.of("zarr_unsupported", { file, why: `its codec ${short(name)} is not known` });
  const invalid = (why: string): MaskletError => MaskletError.of("zarr_invalid", { file, why });
  let order = chunk.map((_, axis) => axis);
  let transposed = false;
  let stored = kind;
  let big: boolean | undefined;
  const arraySteps: { name: string; step: ArrayStep }[] = [];
  const byteSteps: { name: string; step: ByteStep }[] = [];
  for (const { name, configuration } of codecs) {
    const plain = name.replace(/^numcodecs\./, "");
    if (name === "transpose") {
      if (transposed || big !== undefined) throw invalid("it transposes its axes twice, or bytes");
      transposed = true;
      order = readOrder(configuration["order"], chunk.length, file);
    } else if (name === "bytes") {
      if (big !== undefined) throw invalid("it has two bytes codecs");
      big = configuration["endian"] === "big";
    } else if (arrayCodecs.test(name)) {
      if (big !== undefined) throw invalid(`its codec ${short(name)} comes after bytes`);
      const { registry } = await import("zarrita");
      const entry = await registry.get(name)?.();
      if (entry === undefined) throw unsupported(name);
      const made = attempt(() => entry.fromConfig(configuration, { dataType: stored, shape: [...chunk], codecs: [], fillValue: null }), `its codec ${short(name)} cannot be set up`, file);
      if (!isArrayStep(made)) throw unsupported(name);
      arraySteps.push({ name, step: made });
      if (plain === "cast_value") stored = sampleKind(configuration["data_type"], file).kind;
    } else if (plain === "shuffle") {
      byteSteps.push({ name, step: unshuffle(sampleBytes[stored]) });
    } else {
      const step = await byteStep(plain);
      if (step === undefined) throw unsupported(name);
      byteSteps.push({ name, step });
    }
  }
  if (order.length !== chunk.length) throw invalid("its transpose has another number of axes");
  const strides = stridesOf(chunk, order);
  const sizeBytes = chunk.reduce((product, size) => product * size, sampleBytes[stored]);
  const roomBytes = sizeBytes + Math.ceil(sizeBytes / 8) + 2 ** 16;

  const decode = async (raw: Uint8Array): Promise<DecodedChunk> => {
    let bytes = raw;
    for (let at = byteSteps.length - 1; at >= 0; at--) {
      const { name, step } = byteSteps[at]!;
      bytes = await during(name, () => step(bytes, at === 0 ? sizeBytes : roomBytes, at === 0));
    }
    if (bytes.length !== sizeBytes) throw new RangeError(`it holds ${bytes.length} bytes where ${sizeBytes} are needed`);
    if (big === true) bytes = swapped(bytes, sampleBytes[stored]);
    let samples = samplesOf(bytes, stored);
    for (let at = arraySteps.length - 1; at >= 0; at--) {
      const { name, step } = arraySteps[at]!;
      const { data } = await during(name, async () => step.decode({ data: samples, shape: [...chunk], stride: [...strides] }));
      if (!isSamples(data) || data.length * sampleBytes[stored] !== sizeBytes) throw new RangeError(`its codec ${name} gives another number of samples`);
      samples = data;
    }
    return { samples, strides };
  };
  return {
    sizeBytes, mostStoredBytes: roomBytes,
    decode: (raw, name) => decode(raw).catch((cause: unknown) => {
      throw cause instanceof MaskletError ? cause : MaskletError.of("zarr_chunk_corrupt", { file: name, why: cause instanceof Error ? cause.message : "it cannot be decoded" }, cause);
    }),
  };
}

/** @returns undefined for a codec that is not known */
async function byteStep(name: string): Promise<ByteStep | undefined> {
  if (name === "zstd") return (bytes, mostBytes) => unpackZstd(bytes, mostBytes);
  // unzip tells gzip from zlib by the first byte.
  if (name === "gzip" || name === "zlib") {
    return (bytes, mostBytes) => new Promise((resolve, reject) => {
      unzip(bytes, bounded(mostBytes), (fault, found) => fault === null ? resolve(found) : reject(fault));
    });
  }
  if (name === "crc32c") return checkedCrc;
  if (name !== "blosc" && name !== "lz4") return undefined;
  const { registry } = await import("zarrita");
  const codec = (await registry.get(name)!()).fromConfig({}, { dataType: "uint8", shape: [], codecs: [], fillValue: null });
  return (bytes, mostBytes, exact) => {
    checkStatedSize(name, bytes, mostBytes, exact);
    return codec.decode(bytes);
  };
}

/** Both formats state their decoded length, which WebAssembly would allocate as it stands: c-blosc's README_HEADER.rst, numcodecs' lz4. */
function checkStatedSize(name: "blosc" | "lz4", bytes: Uint8Array, mostBytes: number, exact: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < (name === "blosc" ? 16 : 4)) throw new RangeError(`${bytes.length} bytes are no ${name} data`);
  const stated = view.getUint32(name === "blosc" ? 4 : 0, true);
  if (stated > mostBytes || (exact && stated !== mostBytes)) throw new RangeError(`its ${name} data states ${stated} bytes where ${mostBytes} are needed`);
  if (name === "lz4") return;
  const [block, all] = [view.getUint32(8, true), view.getUint32(12, true)];
  if (all !== bytes.length) throw new RangeError(`its blosc data states ${all} stored bytes and has ${bytes.length}`);
  if (block === 0 || (block > stated && stated > 0)) throw new RangeError(`its blosc data states blocks of ${block} bytes`);
}

function checkedCrc(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 4;
  if (end < 0) throw new RangeError("it is too short for its checksum");
  const stated = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0, true);
  let crc = 0xffff_ffff;
  for (let at = 0; at < end; at++) crc = crcTable[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  if (((crc ^ 0xffff_ffff) >>> 0) !== stated) throw new RangeError("its checksum is wrong");
  return bytes.subarray(0, end);
}

/** CRC-32C (RFC 3720, B.4): Castagnoli's polynomial, bits reflected. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  return crc;
});

function unshuffle(size: number): ByteStep {
  return (bytes) => {
    const count = Math.floor(bytes.length / size);
    const out = new Uint8Array(bytes.length);
    for (let part = 0; part < size; part++) for (let at = 0; at < count; at++) out[at * size + part] = bytes[part * count + at]!;
    return out;
  };
}

/** The bytes of each sample turned round, in a copy. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes);
  const buffer = Buffer.from(out.buffer);
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
  return out;
}

/** A transpose names, for each stored axis, the array's axis; C keeps, F reverses (Zarr v3 specification, transpose). */
function readOrder(order: unknown, rank: number, file: string): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  if (order === "C") return axes;
  if (order === "F") return axes.reverse();
  const found = Array.isArray(order) ? axes.map((_, at): unknown => order[at]).filter((axis) => typeof axis === "number" && axes.includes(axis)).map(Number) : [];
  if (!Array.isArray(order) || order.length !== rank || new Set(found).size !== rank) throw MaskletError.of("zarr_invalid", { file, why: `its transpose order is ${short(order)}` });
  return found;
}

function stridesOf(chunk: readonly number[], order: readonly number[]): number[] {
  const strides = chunk.map(() => 0);
  let step = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = step;
    step *= chunk[axis]!;
  }
  return strides;
}

function isArrayStep(codec: unknown): codec is ArrayStep {
  return typeof codec === "object" && codec !== null && "kind" in codec && codec.kind === "array_to_array" && "decode" in codec && typeof codec.decode === "function";
}

function isSamples(data: unknown): data is Samples {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

function attempt<T>(run: () => T, why: string, file: string): T {
  try {
    return run();
  } catch (cause) {
    throw MaskletError.of("zarr_invalid", { file, why }, cause);
  }
}

async function during<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    // WebAssembly throws numbers.
    throw new RangeError(`${name} fails: ${cause instanceof Error ? cause.message : "the data is damaged"}`, { cause });
  }
}
