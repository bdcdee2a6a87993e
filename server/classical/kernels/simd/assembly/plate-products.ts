// The structure tensor's products.

/**
 * Adds the six products (zz, yy, xx, zy, zx, yx) of the differences of a row to its cells' sums: for each cell six vectors, a lane for
 * each of its four voxels. float32.
 * @param row address of the first cell's first value; one value before and after the cells is read, too
 * @param above, below, before, after the rows around it, along z and y @param mask 1 for each value that counts, 0 for others
 */
export function plateProducts(sums: usize, cells: i32, row: usize, above: usize, below: usize, before: usize, after: usize, mask: usize): void {
  const end = <usize>cells << 4;
  for (let at: usize = 0; at < end; at += 16, sums += 96) {
    const counts = v128.load(mask + at);
    const z = f32x4.mul(counts, f32x4.sub(v128.load(below + at), v128.load(above + at)));
    const y = f32x4.mul(counts, f32x4.sub(v128.load(after + at), v128.load(before + at)));
    const x = f32x4.mul(counts, f32x4.sub(v128.load(row + at + 4), v128.load(row + at - 4)));
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.mul(z, z)));
    v128.store(sums, f32x4.add(v128.load(sums, 16), f32x4.mul(y, y)), 16);
    v128.store(sums, f32x4.add(v128.load(sums, 32), f32x4.mul(x, x)), 32);
    v128.store(sums, f32x4.add(v128.load(sums, 48), f32x4.mul(z, y)), 48);
    v128.store(sums, f32x4.add(v128.load(sums, 64), f32x4.mul(z, x)), 64);
    v128.store(sums, f32x4.add(v128.load(sums, 80), f32x4.mul(y, x)), 80);
  }
}
