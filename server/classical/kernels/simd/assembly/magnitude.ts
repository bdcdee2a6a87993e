/** a[i] becomes the length of the vector (a[i], b[i], c[i]); float32, `count` a multiple of 4. */
export function magnitude(a: usize, b: usize, c: usize, count: i32): void {
  const end = <usize>count << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const x = v128.load(a + at);
    const y = v128.load(b + at);
    const z = v128.load(c + at);
    v128.store(a + at, f32x4.sqrt(f32x4.add(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)), f32x4.mul(z, z))));
  }
}
