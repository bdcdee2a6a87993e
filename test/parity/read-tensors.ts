// Reads the reference files, on its own so that no code under test reads what it is tested against: safetensors with the few
// element types the makers write.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface Tensors {
  readonly metadata: Readonly<Record<string, string>>;
  /** Fails the test for a name that is not there. */
  get(name: string): Tensor;
  /** In the file's order. */
  names(): string[];
}

/** @param path of a file that is packed where it ends in .gz */
export function readTensors(path: string): Tensors {
  const bytes = path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header: unknown = JSON.parse(bytes.toString("utf8", 8, 8 + headerBytes));
  assert.ok(isRecord(header));
  const metadata: Record<string, string> = {};
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    assert.ok(isRecord(entry));
    if (name === "__metadata__") {
      for (const [key, value] of Object.entries(entry)) metadata[key] = String(value);
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = entry;
    assert.ok(isNumbers(shape) && isNumbers(offsets));
    const start = 8 + headerBytes + offsets[0]!;
    const data = asFloats(bytes.subarray(start, 8 + headerBytes + offsets[1]!), String(dtype));
    assert.equal(data.length, shape.reduce((product, side) => product * side, 1), name);
    tensors.set(name, { dims: shape, data });
  }
  return {
    metadata,
    get(name) {
      const found = tensors.get(name);
      assert.ok(found !== undefined, `${path} has no tensor ${name}`);
      return found;
    },
    names: () => [...tensors.keys()],
  };
}

function asFloats(bytes: Buffer, dtype: string): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const filled = (size: number, read: (at: number) => number) => Float32Array.from({ length: bytes.byteLength / size }, (_, index) => read(index * size));
  if (dtype === "F32") return filled(4, (at) => view.getFloat32(at, true));
  if (dtype === "F16") return filled(2, (at) => halfValue(view.getUint16(at, true)));
  if (dtype === "I64") return filled(8, (at) => Number(view.getBigInt64(at, true)));
  if (dtype === "I32") return filled(4, (at) => view.getInt32(at, true));
  assert.equal(dtype, "U8");
  return filled(1, (at) => view.getUint8(at));
}

/** IEEE 754 binary16: sign, five bits of exponent, ten of fraction. */
function halfValue(word: number): number {
  const [exponent, fraction] = [(word >>> 10) & 31, word & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction === 0 ? Infinity : NaN) : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return word >>> 15 === 1 ? -size : size;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}
