// Zarr's sample kinds as typed arrays, and decoded chunks in any order of axes as voxels [t, c, z, y, x].
import { MaskletError } from "#protocol/errors.ts";
import type { Dtype } from "#protocol/types.ts";
import { short } from "./ome-zarr-json.ts";
import type { Pixels } from "./source.ts";
import type { Samples as NumberSamples } from "./tiff-samples.ts";

export const sampleBytes = { bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8, float32: 4, float64: 8 } as const;
export type SampleKind = keyof typeof sampleBytes;
export type Samples = NumberSamples | BigInt64Array | BigUint64Array;

const v2Kinds: Readonly<Record<string, SampleKind>> = {
  b1: "bool", i1: "int8", u1: "uint8", i2: "int16", u2: "uint16", i4: "int32", u4: "uint32", i8: "int64", u8: "uint64", f4: "float32", f8: "float64",
};

/** @param dtype a v2 `<u2`, or a v3 `uint16` @throws zarr_invalid, zarr_unsupported */
export function sampleKind(dtype: unknown, file: string): { readonly kind: SampleKind; readonly big: boolean } {
  if (typeof dtype !== "string" && (typeof dtype !== "object" || dtype === null)) throw MaskletError.of("zarr_invalid", { file, why: `its dtype is ${short(dtype)}` });
  if (typeof dtype === "string") {
    const old = /^[<>|]([a-z]\d)$/.exec(dtype)?.[1] ?? "";
    const kind = isKind(dtype) ? dtype : Object.hasOwn(v2Kinds, old) ? v2Kinds[old] : undefined;
    if (kind !== undefined) return { kind, big: dtype.startsWith(">") };
  }
  throw MaskletError.of("zarr_unsupported", { file, why: `its dtype is ${short(dtype)}` });
}

function isKind(text: string): text is SampleKind {
  return Object.hasOwn(sampleBytes, text);
}

/** As for TIFFs: 8- and 16-bit unsigned and 32-bit float stay as stored; all other kinds become float32 (exact up to 2^24). */
export function dtypeOfKind(kind: SampleKind): Dtype {
  return kind === "uint8" || kind === "uint16" ? kind : "float32";
}

/** What an absent chunk holds; none stated reads as 0. @throws zarr_invalid */
export function readFill(value: unknown, kind: SampleKind, file: string): number {
  const float = kind === "float32" || kind === "float64";
  const found = value === null || value === undefined ? 0 : typeof value === "boolean" ? Number(value) : typeof value === "string" && float ? floatOf(value, kind) : value;
  const bits = 8 * sampleBytes[kind];
  const [low, high] = kind === "bool" ? [0, 1] : kind.startsWith("u") ? [0, 2 ** bits] : [-(2 ** (bits - 1)), 2 ** (bits - 1)];
  // 64-bit numbers are rounded by JSON; a bound that is off by one takes nothing wrong elsewhere.
  if (typeof found === "number" && (float || (Number.isInteger(found) && found >= low && found <= high))) return found;
  throw MaskletError.of("zarr_invalid", { file, why: `its fill_value ${short(value)} is no ${kind}` });
}

/** NaN, Infinity, -Infinity, or the bits in hexadecimal; undefined for another text. */
function floatOf(text: string, kind: SampleKind): number | undefined {
  if (["NaN", "Infinity", "-Infinity"].includes(text)) return Number(text);
  const digits = kind === "float32" ? 8 : 16;
  if (!/^0x[0-9a-fA-F]+$/.test(text) || text.length !== 2 + digits) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  if (kind === "float64") view.setBigUint64(0, BigInt(text));
  else view.setUint32(0, Number(text));
  return kind === "float64" ? view.getFloat64(0) : view.getFloat32(0);
}

/** Little-endian bytes, whose number the caller checked, as samples. Copies when they lie askew. */
export function samplesOf(raw: Uint8Array, kind: SampleKind): Samples {
  const bytes = raw.byteOffset % sampleBytes[kind] === 0 ? raw : raw.slice();
  const at = bytes.byteOffset;
  const count = bytes.length / sampleBytes[kind];
  switch (kind) {
    case "int8": return new Int8Array(bytes.buffer, at, count);
    case "int16": return new Int16Array(bytes.buffer, at, count);
    case "uint16": return new Uint16Array(bytes.buffer, at, count);
    case "int32": return new Int32Array(bytes.buffer, at, count);
    case "uint32": return new Uint32Array(bytes.buffer, at, count);
    case "int64": return new BigInt64Array(bytes.buffer, at, count);
    case "uint64": return new BigUint64Array(bytes.buffer, at, count);
    case "float32": return new Float32Array(bytes.buffer, at, count);
    case "float64": return new Float64Array(bytes.buffer, at, count);
    default: return bytes;
  }
}

/** A decoded chunk: samples, and how far apart neighbours along t, c, z, y and x lie among them (0 along an axis it has not). */
export interface StridedChunk {
  readonly samples: Samples;
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

export type Voxels = Pixels | Uint32Array;

/** The chunk `[t, c, z, y, x]`, x fastest, as `like`'s kind: the samples themselves when they lie so, else copied into `like`. */
export function inOrder<A extends Voxels>(chunk: StridedChunk, kind: SampleKind, like: (count: number) => A, isAlike: (samples: Samples) => samples is A & Samples): A {
  const { samples, sizes, strides } = chunk;
  let expected = 1;
  let plain = kind !== "bool";
  for (let axis = 4; axis >= 0; axis--) {
    if (sizes[axis]! > 1 && strides[axis] !== expected) plain = false;
    expected *= sizes[axis]!;
  }
  if (plain && isAlike(samples)) return samples;
  const out = like(expected);
  const [nt, nc, nz, ny, nx] = [sizes[0]!, sizes[1]!, sizes[2]!, sizes[3]!, sizes[4]!];
  const step = strides[4]!;
  let to = 0;
  for (let t = 0; t < nt; t++) for (let c = 0; c < nc; c++) for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, to += nx) copyRow(out, to, samples, t * strides[0]! + c * strides[1]! + z * strides[2]! + y * strides[3]!, step, nx);
  }
  if (kind === "bool") for (let at = 0; at < out.length; at++) if (out[at] !== 0) out[at] = 1;
  return out;
}

function copyRow(out: Voxels, to: number, samples: Samples, from: number, step: number, count: number): void {
  if (samples instanceof BigInt64Array || samples instanceof BigUint64Array) {
    for (let x = 0; x < count; x++) out[to + x] = Number(samples[from + x * step]!);
  } else {
    for (let x = 0; x < count; x++) out[to + x] = samples[from + x * step]!;
  }
}
