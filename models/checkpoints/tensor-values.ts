// Little-endian bytes of a tensor as float32. Every machine that onnxruntime runs on is little-endian itself.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { TensorDtype } from "./checkpoint.ts";

export const bytesPerElement: Readonly<Record<TensorDtype, number>> = {
  float64: 8, float32: 4, float16: 2, bfloat16: 2, int64: 8, int32: 4, int16: 2, int8: 1, uint8: 1, bool: 1,
};

/** A name from a file, fit for a message. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}...` : name);
}

/** So that names can stand in messages as they are. @throws checkpoint_invalid for one that is too long, or has control characters */
export function checkTensorName(name: string, file: string): void {
  if (name.length > limits.maxTensorNameLength) throw MaskletError.of("checkpoint_invalid", { file, why: `a tensor's name has ${name.length} characters, more than ${limits.maxTensorNameLength} (maxTensorNameLength)` });
  if (/[\p{Cc}\p{Cf}]/u.test(name)) throw MaskletError.of("checkpoint_invalid", { file, why: `the tensor's name ${quoted(name)} has control characters` });
}

/**
 * Elements of a shape.
 * @throws checkpoint_invalid for a dimension that is no count, too many dimensions, or more elements than a float32 tensor may have
 */
export function elementsOf(shape: readonly unknown[], tensor: string, file: string): number {
  const fault = (why: string): MaskletError => MaskletError.of("checkpoint_invalid", { file, why: `${tensor} ${why}` });
  if (shape.length > limits.maxTensorRank) throw fault(`has ${shape.length} dimensions, more than ${limits.maxTensorRank} (maxTensorRank)`);
  const most = limits.maxTensorBytes / 4;
  let elements = 1;
  for (const side of shape) {
    if (typeof side !== "number" || !Number.isSafeInteger(side) || side < 0) throw fault("has a dimension that is not a count");
    // Each side alone too: a zero elsewhere must not hide an absurd one.
    if (side > most || elements * side > most) throw fault(`has more elements than fit into ${limits.maxTensorBytes} bytes (maxTensorBytes)`);
    elements *= side;
  }
  return elements;
}

/** @throws checkpoint_unsupported for integers */
export function float32Of(bytes: Uint8Array<ArrayBuffer>, dtype: TensorDtype, tensor: string, file: string): Float32Array {
  const count = bytes.length / bytesPerElement[dtype];
  if (dtype === "float32") return new Float32Array(bytes.buffer, 0, count);
  if (dtype === "float64") return Float32Array.from(new Float64Array(bytes.buffer, 0, count));
  if (dtype === "bfloat16") return fromBfloat16(new Uint16Array(bytes.buffer, 0, count));
  if (dtype === "float16") return fromFloat16(new Uint16Array(bytes.buffer, 0, count));
  throw MaskletError.of("checkpoint_unsupported", { file, why: `${tensor} holds ${dtype}, not floating-point numbers` });
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let at = 0; at < halves.length; at++) words[at] = halves[at]! << 16;
  return new Float32Array(words.buffer);
}

/**
 * IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits) to binary32 (1, 8, 23): the exponent's bias goes from 15 to 127,
 * its highest value stays the highest (infinity, NaN), and numbers below the smallest normal become normal.
 */
function fromFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const words = new Uint32Array(values.buffer);
  for (let at = 0; at < halves.length; at++) {
    const half = halves[at]!;
    const size = half & 0x7fff;
    const sign = (half & 0x8000) << 16;
    if (size < 0x400) {
      values[at] = size * 2 ** -24;
      words[at] = words[at]! | sign;
    } else {
      words[at] = sign | ((size << 13) + ((size < 0x7c00 ? 127 - 15 : 255 - 31) << 23));
    }
  }
  return values;
}
