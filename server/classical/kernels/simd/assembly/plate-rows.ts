// Weighted sums over the neighbours that the voxels of one cell share.

/**
 * out[row] = sum over k of weights[k] * (the four values `steps[k]` on + the four as far back), in float32 and in that order.
 * @param out 4 values for each row @param rows addresses (u32) of each row's first value @param steps in values (i32)
 */
export function plateRows(out: usize, rows: usize, count: i32, steps: usize, weights: usize, length: i32): void {
  const bytes = <usize>length << 2;
  for (; count >= 4; count -= 4, rows += 16, out += 64) {
    const p = <usize>load<u32>(rows);
    const q = <usize>load<u32>(rows, 4);
    const r = <usize>load<u32>(rows, 8);
    const s = <usize>load<u32>(rows, 12);
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let k: usize = 0; k < bytes; k += 4) {
      const step = <usize>load<i32>(steps + k) << 2;
      const weight = v128.load32_splat(weights + k);
      a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(p + step), v128.load(p - step))));
      b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(q + step), v128.load(q - step))));
      c = f32x4.add(c, f32x4.mul(weight, f32x4.add(v128.load(r + step), v128.load(r - step))));
      d = f32x4.add(d, f32x4.mul(weight, f32x4.add(v128.load(s + step), v128.load(s - step))));
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
  }
  for (; count > 0; count--, rows += 4, out += 16) {
    const p = <usize>load<u32>(rows);
    let a = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 4) {
      const step = <usize>load<i32>(steps + k) << 2;
      a = f32x4.add(a, f32x4.mul(v128.load32_splat(weights + k), f32x4.add(v128.load(p + step), v128.load(p - step))));
    }
    v128.store(out, a);
  }
}
