// Little-endian bytes of a tensor as float32. Every machine that onnxruntime runs on is little-endian itself.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { TensorDtype } from "./checkpoint.ts";

export const bytesPerElement: Readonly<Record<TensorDtype, number>> = {
  float64: 8, float32: 4, float16: 2, bfloat16: 2, int64: 8, int32: 4, int16: 2, int8: 1, uint8: 1, bool: 1,
};

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

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits; every value has an exact float32. */
function fromFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at++) {
    const half = halves[at]!;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction === 0 ? Infinity : NaN) : (1 + fraction / 1024) * 2 ** (exponent - 15);
    values[at] = half >> 15 === 0 ? size : -size;
  }
  return values;
}
