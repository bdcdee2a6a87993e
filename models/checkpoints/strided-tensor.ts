// A tensor as a walk through its storage: views and transposes are saved as they are, so offset and strides count.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { TensorDtype } from "./checkpoint.ts";
import { isKind, type PickleTensor, type PickleValue } from "./pickle-values.ts";
import { bytesPerElement, elementsOf } from "./tensor-values.ts";

/** Offset and strides in elements; element [i, j, ...] lies at offset + i * strides[0] + j * strides[1] + ... */
export interface StridedTensor {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly elements: number;
}

/** @throws checkpoint_invalid when the description is no tensor inside its storage, or takes more memory than allowed */
export function checkStrided(name: string, { storage, offset, size, stride }: PickleTensor, file: string): StridedTensor {
  const invalid = (why: string): MaskletError => MaskletError.of("checkpoint_invalid", { file, why: `${name} ${why}` });
  const [shape, strides] = [countsOf(size), countsOf(stride)];
  if (shape === undefined || strides === undefined || shape.length !== strides.length || !isCount(offset)) throw invalid("has no usable offset, size and stride");
  const elements = elementsOf(shape, name, file);
  const tensor = { name, dtype: storage.dtype, shape, strides, offset, elements };
  const span = spanOf(tensor);
  if (!Number.isSafeInteger(span) || span > storage.elements - offset) throw invalid(`reaches beyond its storage of ${storage.elements} elements`);
  if (span * bytesPerElement[storage.dtype] > limits.maxTensorBytes) throw invalid(`is spread over more than ${limits.maxTensorBytes} bytes (maxTensorBytes)`);
  return tensor;
}

/** Elements of the storage from the tensor's first to its last; 0 without elements. */
export function spanOf({ shape, strides, elements }: StridedTensor): number {
  return elements === 0 ? 0 : shape.reduce((span, side, axis) => span + (side - 1) * strides[axis]!, 1);
}

/**
 * @param span the storage from the tensor's first element on, `spanOf` long
 * @returns row-major values, the given array itself when they already are
 */
export function gather(span: Float32Array, { shape, strides, elements }: StridedTensor): Float32Array {
  if (elements === 0 || isRowMajor(shape, strides)) return span;
  const values = new Float32Array(elements);
  const rank = shape.length;
  const index = new Int32Array(rank);
  let from = 0;
  for (let to = 0; to < elements; to++) {
    values[to] = span[from]!;
    // Counts up like an odometer, the last axis fastest.
    for (let axis = rank - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= shape[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return values;
}

/** Strides of axes with one index are never walked, so they may be anything. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

function countsOf(value: PickleValue): readonly number[] | undefined {
  return isKind(value, "tuple") && value.items.every(isCount) ? value.items : undefined;
}

function isCount(value: PickleValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
