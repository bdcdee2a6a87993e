// The median of every column of a stack of planes: each lane's median is found bit by bit from the highest, by counting how many of
// its values lie below a trial value. Time: bits times planes, whatever the values.
import { orderKey } from "./rows";

/**
 * medians[i] = median over n < count of planes[n * pitch + i], as float32, the mean of the middle two for an even count.
 * @param planes uint8 rows of `width` values, padded to whole vectors @param pitch bytes from one plane's row to the next's
 */
export function columnMediansU8(out: usize, planes: usize, pitch: usize, count: i32, width: i32): void {
  for (let x = 0; x < width; x += 16) {
    const low = nthU8(planes + x, pitch, count, (count - 1) >> 1);
    const high = count & 1 ? low : nthU8(planes + x, pitch, count, count >> 1);
    storeMeans(out + (<usize>x << 2), i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(low)), i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(high)));
    storeMeans(out + (<usize>x << 2) + 16, i32x4.extend_high_i16x8_u(i16x8.extend_low_i8x16_u(low)), i32x4.extend_high_i16x8_u(i16x8.extend_low_i8x16_u(high)));
    storeMeans(out + (<usize>x << 2) + 32, i32x4.extend_low_i16x8_u(i16x8.extend_high_i8x16_u(low)), i32x4.extend_low_i16x8_u(i16x8.extend_high_i8x16_u(high)));
    storeMeans(out + (<usize>x << 2) + 48, i32x4.extend_high_i16x8_u(i16x8.extend_high_i8x16_u(low)), i32x4.extend_high_i16x8_u(i16x8.extend_high_i8x16_u(high)));
  }
}

export function columnMediansU16(out: usize, planes: usize, pitch: usize, count: i32, width: i32): void {
  for (let x = 0; x < width; x += 8) {
    const low = nthU16(planes + (<usize>x << 1), pitch, count, (count - 1) >> 1);
    const high = count & 1 ? low : nthU16(planes + (<usize>x << 1), pitch, count, count >> 1);
    storeMeans(out + (<usize>x << 2), i32x4.extend_low_i16x8_u(low), i32x4.extend_low_i16x8_u(high));
    storeMeans(out + (<usize>x << 2) + 16, i32x4.extend_high_i16x8_u(low), i32x4.extend_high_i16x8_u(high));
  }
}

/** Planes of order keys of float32 values. */
export function columnMediansKeys(out: usize, planes: usize, pitch: usize, count: i32, width: i32): void {
  for (let x = 0; x < width; x += 4) {
    const low = nthKey(planes + (<usize>x << 2), pitch, count, (count - 1) >> 1);
    const high = count & 1 ? low : nthKey(planes + (<usize>x << 2), pitch, count, count >> 1);
    const p = orderKey(low);
    const q = orderKey(high);
    v128.store(out + (<usize>x << 2), v128.bitselect(p, f32x4.mul(f32x4.splat(0.5), f32x4.add(p, q)), i32x4.eq(low, high)));
  }
}

@inline
function storeMeans(out: usize, low: v128, high: v128): void {
  v128.store(out, f32x4.mul(f32x4.splat(0.5), f32x4.convert_i32x4_u(i32x4.add(low, high))));
}

/** The value of this rank (0 = least): the greatest v for which no more than `rank` values are less than v. */
function nthU8(from: usize, pitch: usize, count: i32, rank: i32): v128 {
  let found = i8x16.splat(0);
  const most = i16x8.splat(<i16>rank);
  for (let bit = 0x80; bit > 0; bit >>= 1) {
    const trial = v128.or(found, i8x16.splat(<i8>bit));
    let low = i16x8.splat(0);
    let high = low;
    let at = from;
    for (let left = count; left > 0; ) {
      // Counts of 255 at most fit a byte.
      const step = min(left, 255);
      let counts = i8x16.splat(0);
      for (let n = 0; n < step; n++, at += pitch) {
        counts = i8x16.sub(counts, i8x16.lt_u(v128.load(at), trial));
      }
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(counts));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(counts));
      left -= step;
    }
    const kept = i8x16.narrow_i16x8_s(i16x8.le_s(low, most), i16x8.le_s(high, most));
    found = v128.bitselect(trial, found, kept);
  }
  return found;
}

function nthU16(from: usize, pitch: usize, count: i32, rank: i32): v128 {
  let found = i16x8.splat(0);
  const most = i16x8.splat(<i16>rank);
  for (let bit = 0x8000; bit > 0; bit >>= 1) {
    const trial = v128.or(found, i16x8.splat(<i16>bit));
    let counts = i16x8.splat(0);
    let at = from;
    for (let n = 0; n < count; n++, at += pitch) counts = i16x8.sub(counts, i16x8.lt_u(v128.load(at), trial));
    found = v128.bitselect(trial, found, i16x8.le_s(counts, most));
  }
  return found;
}

function nthKey(from: usize, pitch: usize, count: i32, rank: i32): v128 {
  let found = i32x4.splat(i32.MIN_VALUE);
  const most = i32x4.splat(rank);
  for (let bit: u32 = 0x80000000; bit > 0; bit >>= 1) {
    // The sign bit is turned, not set: keys are signed, and the lowest has it.
    const trial = v128.xor(found, i32x4.splat(<i32>bit));
    let counts = i32x4.splat(0);
    let at = from;
    for (let n = 0; n < count; n++, at += pitch) counts = i32x4.sub(counts, i32x4.lt_s(v128.load(at), trial));
    found = v128.bitselect(trial, found, i32x4.le_s(counts, most));
  }
  return found;
}
