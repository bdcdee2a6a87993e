// Sums of shifted lines with weights: one axis of a separable filter. Which axis it is, the table of sources says.

/** How taps mirror about their middle one: equal, with the sign changed, or neither. */
const even = 0;
const odd = 1;

/**
 * out[i] (+)= sum over k of taps[k] * source k [i], in float32, for `rows` rows of `count` values (a multiple of 4). Mirrored taps
 * take their two sources together, from the outermost inwards, so that a flipped input gives the flipped output to the last bit.
 * @param table addresses (u32) of the first row of each source; the next row lies `pitch` bytes on, that of `out` `outPitch`
 * @param add 0: out is overwritten
 */
export function correlate(out: usize, outPitch: usize, table: usize, pitch: usize, rows: i32, count: i32, taps: usize, length: i32, kind: i32, add: i32): void {
  for (let row = 0; row < rows; row++) {
    if (kind == even) line(out, table, <usize>row * pitch, count, taps, length, even, add);
    else if (kind == odd) line(out, table, <usize>row * pitch, count, taps, length, odd, add);
    else line(out, table, <usize>row * pitch, count, taps, length, 2, add);
    out += outPitch;
  }
}

@inline
function line(out: usize, table: usize, shift: usize, count: i32, taps: usize, length: i32, kind: i32, add: i32): void {
  const end = out + (<usize>count << 2);
  const half = kind == even || kind == odd ? length >> 1 : length;
  const last = table + (<usize>(length - 1) << 2);
  for (; out + 64 <= end; out += 64, shift += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    if (add) {
      a = v128.load(out);
      b = v128.load(out, 16);
      c = v128.load(out, 32);
      d = v128.load(out, 48);
    }
    for (let k = 0; k < half; k++) {
      const tap = v128.load32_splat(taps + (<usize>k << 2));
      const p = <usize>load<u32>(table + (<usize>k << 2)) + shift;
      if (kind == even || kind == odd) {
        const q = <usize>load<u32>(last - (<usize>k << 2)) + shift;
        a = f32x4.add(a, f32x4.mul(tap, pair(kind, v128.load(p), v128.load(q))));
        b = f32x4.add(b, f32x4.mul(tap, pair(kind, v128.load(p, 16), v128.load(q, 16))));
        c = f32x4.add(c, f32x4.mul(tap, pair(kind, v128.load(p, 32), v128.load(q, 32))));
        d = f32x4.add(d, f32x4.mul(tap, pair(kind, v128.load(p, 48), v128.load(q, 48))));
      } else {
        a = f32x4.add(a, f32x4.mul(tap, v128.load(p)));
        b = f32x4.add(b, f32x4.mul(tap, v128.load(p, 16)));
        c = f32x4.add(c, f32x4.mul(tap, v128.load(p, 32)));
        d = f32x4.add(d, f32x4.mul(tap, v128.load(p, 48)));
      }
    }
    if (kind == even) {
      const tap = v128.load32_splat(taps + (<usize>half << 2));
      const p = <usize>load<u32>(table + (<usize>half << 2)) + shift;
      a = f32x4.add(a, f32x4.mul(tap, v128.load(p)));
      b = f32x4.add(b, f32x4.mul(tap, v128.load(p, 16)));
      c = f32x4.add(c, f32x4.mul(tap, v128.load(p, 32)));
      d = f32x4.add(d, f32x4.mul(tap, v128.load(p, 48)));
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
  }
  for (; out < end; out += 16, shift += 16) {
    let a = add ? v128.load(out) : f32x4.splat(0);
    for (let k = 0; k < half; k++) {
      const tap = v128.load32_splat(taps + (<usize>k << 2));
      const p = v128.load(<usize>load<u32>(table + (<usize>k << 2)) + shift);
      if (kind == even || kind == odd) a = f32x4.add(a, f32x4.mul(tap, pair(kind, p, v128.load(<usize>load<u32>(last - (<usize>k << 2)) + shift))));
      else a = f32x4.add(a, f32x4.mul(tap, p));
    }
    if (kind == even) a = f32x4.add(a, f32x4.mul(v128.load32_splat(taps + (<usize>half << 2)), v128.load(<usize>load<u32>(table + (<usize>half << 2)) + shift)));
    v128.store(out, a);
  }
}

@inline
function pair(kind: i32, p: v128, q: v128): v128 {
  return kind == even ? f32x4.add(p, q) : f32x4.sub(p, q);
}
