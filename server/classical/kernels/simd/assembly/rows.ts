// Rows of a plane on their way in and out: tight as the caller has them, or `pitch` bytes apart with room for what lies beyond.

/** The whole number whose order is that of the float's bits: negative floats have all bits but the sign turned over. Its own inverse. */
@inline
export function orderKey(bits: v128): v128 {
  return v128.xor(bits, v128.and(i32x4.shr_s(bits, 31), i32x4.splat(0x7fffffff)));
}

/** Rows of `bytes` bytes from one pitch to another. */
export function moveRows(out: usize, outPitch: usize, from: usize, pitch: usize, rows: i32, bytes: usize): void {
  for (let row = 0; row < rows; row++, out += outPitch, from += pitch) memory.copy(out, from, bytes);
}

/** As `moveRows`, uint8 becoming float32; `width` in values. */
export function floatRowsU8(out: usize, outPitch: usize, from: usize, pitch: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++, out += outPitch, from += pitch) {
    let x = 0;
    for (; x + 8 <= width; x += 8) {
      const words = v128.load8x8_u(from + x);
      v128.store(out + (<usize>x << 2), f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)));
      v128.store(out + (<usize>x << 2), f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), 16);
    }
    for (; x < width; x++) store<f32>(out + (<usize>x << 2), <f32>load<u8>(from + x));
  }
}

export function floatRowsU16(out: usize, outPitch: usize, from: usize, pitch: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++, out += outPitch, from += pitch) {
    let x = 0;
    for (; x + 4 <= width; x += 4) v128.store(out + (<usize>x << 2), f32x4.convert_i32x4_u(v128.load16x4_u(from + (<usize>x << 1))));
    for (; x < width; x++) store<f32>(out + (<usize>x << 2), <f32>load<u16>(from + (<usize>x << 1)));
  }
}

/** As `moveRows`, float32 becoming order keys or order keys float32; `width` in values. */
export function keyRows(out: usize, outPitch: usize, from: usize, pitch: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++, out += outPitch, from += pitch) {
    let x = 0;
    for (; x + 4 <= width; x += 4) v128.store(out + (<usize>x << 2), orderKey(v128.load(from + (<usize>x << 2))));
    for (; x < width; x++) store<i32>(out + (<usize>x << 2), i32x4.extract_lane(orderKey(v128.load32_zero(from + (<usize>x << 2))), 0));
  }
}

/**
 * What lies left and right of each row, by a table (i32) of `2 reach` columns to take it from: those left of the row, then those
 * right of it; -1 stands for `constant` (its bits). Rows begin at `base` with `reach` places for the left ones.
 */
export function padRows1(base: usize, pitch: usize, rows: i32, width: i32, reach: i32, table: usize, constant: u32): void {
  padRows<u8>(base, pitch, rows, width, reach, table, constant);
}

export function padRows2(base: usize, pitch: usize, rows: i32, width: i32, reach: i32, table: usize, constant: u32): void {
  padRows<u16>(base, pitch, rows, width, reach, table, constant);
}

export function padRows4(base: usize, pitch: usize, rows: i32, width: i32, reach: i32, table: usize, constant: u32): void {
  padRows<u32>(base, pitch, rows, width, reach, table, constant);
}

@inline
function padRows<T>(base: usize, pitch: usize, rows: i32, width: i32, reach: i32, table: usize, constant: u32): void {
  for (let row = 0; row < rows; row++, base += pitch) {
    const first = base + reach * sizeof<T>();
    for (let nth = 0; nth < 2 * reach; nth++) {
      const column = load<i32>(table + (<usize>nth << 2));
      const place = nth < reach ? base + nth * sizeof<T>() : first + (width + nth - reach) * sizeof<T>();
      store<T>(place, column < 0 ? <T>constant : load<T>(first + column * sizeof<T>()));
    }
  }
}
