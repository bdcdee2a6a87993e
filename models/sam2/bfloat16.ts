// Memories are kept as bfloat16: that halves them, and the official predictor rounds its own the same way.

/** Rounded to the nearest, ties to even, as PyTorch does. */
export function toBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const rounded = new Uint16Array(values.length);
  for (let at = 0; at < bits.length; at++) {
    const word = bits[at]!;
    // Rounding up the pattern of a NaN could make infinity of it.
    rounded[at] = (word & 0x7fff_ffff) > 0x7f80_0000 ? 0x7fc0 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return rounded;
}

/** Writes `values` as floats into `target` from `offset` on. */
export function fromBfloat16Into(values: Uint16Array, target: Float32Array, offset = 0): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset + 4 * offset, values.length);
  for (let at = 0; at < values.length; at++) bits[at] = values[at]! << 16;
}
