// Voxels in falling order of their values.

/**
 * Positions of the values above 0, the highest value first, equal ones in rising order of position. Radix sort on the bits of the
 * float32 values, whose order as unsigned integers is the order of positive floats. Memory: 16 bytes for each such value.
 * @param values finite or infinite, no NaN
 */
export function descendingOrder(values: Float32Array): Uint32Array {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (values[at]! > 0) count++;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let keys = new Uint32Array(count);
  let order = new Uint32Array(count);
  for (let at = 0, to = 0; at < values.length; at++) {
    if (!(values[at]! > 0)) continue;
    // Inverted, so that rising keys are falling values.
    keys[to] = ~bits[at]!;
    order[to++] = at;
  }
  let nextKeys = new Uint32Array(count);
  let nextOrder = new Uint32Array(count);
  const starts = new Uint32Array(65_537);
  for (const shift of [0, 16]) {
    starts.fill(0);
    for (let nth = 0; nth < count; nth++) starts[((keys[nth]! >>> shift) & 0xffff) + 1]!++;
    for (let digit = 0; digit < 65_536; digit++) starts[digit + 1]! += starts[digit]!;
    for (let nth = 0; nth < count; nth++) {
      const to = starts[(keys[nth]! >>> shift) & 0xffff]!++;
      nextKeys[to] = keys[nth]!;
      nextOrder[to] = order[nth]!;
    }
    [keys, nextKeys] = [nextKeys, keys];
    [order, nextOrder] = [nextOrder, order];
  }
  return order;
}
