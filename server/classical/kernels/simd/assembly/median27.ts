// The median of 3 x 3 x 3 voxels by networks of min and max, a vector of neighbours along x at a time. Triples along z are sorted,
// three of them along y merged to a sorted nine, and three nines along x compared; neighbours share the first two steps.

export function median27U8(out: usize, outPitch: usize, a: usize, b: usize, c: usize, pitch: usize, rows: i32, bytes: usize, work: usize): void {
  median27<u8>(out, outPitch, a, b, c, pitch, rows, bytes, work);
}

export function median27U16(out: usize, outPitch: usize, a: usize, b: usize, c: usize, pitch: usize, rows: i32, bytes: usize, work: usize): void {
  median27<u16>(out, outPitch, a, b, c, pitch, rows, bytes, work);
}

export function median27I32(out: usize, outPitch: usize, a: usize, b: usize, c: usize, pitch: usize, rows: i32, bytes: usize, work: usize): void {
  median27<i32>(out, outPitch, a, b, c, pitch, rows, bytes, work);
}

/**
 * @param a @param b @param c three planes of `rows + 2` padded rows (one place left and right), `pitch` bytes apart
 * @param bytes of a row of `out`; up to 15 more are written
 * @param work room for `3 (rows + 2) + 9` rows of `pitch` bytes, and 16 bytes
 */
@inline
function median27<T>(out: usize, outPitch: usize, a: usize, b: usize, c: usize, pitch: usize, rows: i32, bytes: usize, work: usize): void {
  const plane = <usize>(rows + 2) * pitch;
  for (let at: usize = 0; at < plane; at += 16) {
    const p = v128.load(a + at);
    const q = v128.load(b + at);
    const r = v128.load(c + at);
    const low = v128.min<T>(p, q);
    const high = v128.max<T>(p, q);
    const rest = v128.min<T>(high, r);
    v128.store(work + at, v128.min<T>(low, rest));
    v128.store(work + plane + at, v128.max<T>(low, rest));
    v128.store(work + 2 * plane + at, v128.max<T>(high, r));
  }
  const nines = work + 3 * plane;
  for (let row = 0; row < rows; row++) {
    sortNines<T>(nines, work + <usize>row * pitch, plane, pitch);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, ofThreeNines<T>(nines + at, pitch));
    out += outPitch;
  }
}

/** Nine rows, ascending, from the sorted triples of three rows. */
@inline
function sortNines<T>(nines: usize, triples: usize, plane: usize, pitch: usize): void {
  for (let at: usize = 0; at < pitch; at += 16) {
    // The lowest, middle and highest of the three triples, each sorted: a square whose rows and columns ascend.
    let from = triples + at;
    let p = v128.load(from);
    let q = v128.load(from + pitch);
    let r = v128.load(from + 2 * pitch);
    let low = v128.min<T>(p, q);
    let high = v128.max<T>(p, q);
    let rest = v128.min<T>(high, r);
    const l0 = v128.min<T>(low, rest);
    const l1 = v128.max<T>(low, rest);
    const l2 = v128.max<T>(high, r);
    from += plane;
    p = v128.load(from);
    q = v128.load(from + pitch);
    r = v128.load(from + 2 * pitch);
    low = v128.min<T>(p, q);
    high = v128.max<T>(p, q);
    rest = v128.min<T>(high, r);
    const m0 = v128.min<T>(low, rest);
    const m1 = v128.max<T>(low, rest);
    const m2 = v128.max<T>(high, r);
    from += plane;
    p = v128.load(from);
    q = v128.load(from + pitch);
    r = v128.load(from + 2 * pitch);
    low = v128.min<T>(p, q);
    high = v128.max<T>(p, q);
    rest = v128.min<T>(high, r);
    const h0 = v128.min<T>(low, rest);
    const h1 = v128.max<T>(low, rest);
    const h2 = v128.max<T>(high, r);
    // l0 is the least and h2 the greatest. The second is l1 or m0, the eighth m2 or h1; of the five left, t <= m1 <= u, and
    // s = min(l2, h0) <= u, g = max(l2, h0) >= t.
    const t = v128.max<T>(l1, m0);
    const u = v128.min<T>(m2, h1);
    const s = v128.min<T>(l2, h0);
    const g = v128.max<T>(l2, h0);
    const x = v128.max<T>(t, s);
    const y = v128.min<T>(u, g);
    const z = v128.max<T>(x, m1);
    let to = nines + at;
    v128.store(to, l0);
    v128.store((to += pitch), v128.min<T>(l1, m0));
    v128.store((to += pitch), v128.min<T>(t, s));
    v128.store((to += pitch), v128.min<T>(x, m1));
    v128.store((to += pitch), v128.min<T>(z, y));
    v128.store((to += pitch), v128.max<T>(z, y));
    v128.store((to += pitch), v128.max<T>(u, g));
    v128.store((to += pitch), v128.max<T>(m2, h1));
    v128.store(to + pitch, h2);
  }
}

/**
 * Of the nth smallest of the three nines the lowest, middle and highest (L, M, H) ascend with n too. At least 14 of the 27 lie at or
 * above L1..5 and M1..2, at least 14 at or below M8..9 and H5..9: the median is the 7th of the 13 others, L6..9, M3..7 and H1..4.
 */
@inline
function ofThreeNines<T>(nines: usize, pitch: usize): v128 {
  const h1 = highest<T>(nines);
  const h2 = highest<T>(nines + pitch);
  const h3 = highest<T>(nines + 2 * pitch);
  const h4 = highest<T>(nines + 3 * pitch);
  const l6 = lowest<T>(nines + 5 * pitch);
  const l7 = lowest<T>(nines + 6 * pitch);
  const l8 = lowest<T>(nines + 7 * pitch);
  const l9 = lowest<T>(nines + 8 * pitch);
  // Batcher's merge of L and H into eight, x1 to x8; x1 and x8 are not needed.
  const p = v128.max<T>(l6, h1);
  const q = v128.min<T>(l8, h3);
  const odd2 = v128.min<T>(p, q);
  const odd3 = v128.max<T>(p, q);
  const odd4 = v128.max<T>(l8, h3);
  const even1 = v128.min<T>(l7, h2);
  const r = v128.max<T>(l7, h2);
  const s = v128.min<T>(l9, h4);
  const even2 = v128.min<T>(r, s);
  const even3 = v128.max<T>(r, s);
  // The 7th of sorted x and M: the least, over i + j = 7, of the greater of the ith of x and the jth of M.
  let found = v128.max<T>(even3, odd4);
  found = v128.min<T>(found, v128.max<T>(v128.min<T>(even3, odd4), middle<T>(nines + 2 * pitch)));
  found = v128.min<T>(found, v128.max<T>(v128.max<T>(even2, odd3), middle<T>(nines + 3 * pitch)));
  found = v128.min<T>(found, v128.max<T>(v128.min<T>(even2, odd3), middle<T>(nines + 4 * pitch)));
  found = v128.min<T>(found, v128.max<T>(v128.max<T>(even1, odd2), middle<T>(nines + 5 * pitch)));
  return v128.min<T>(found, v128.max<T>(v128.min<T>(even1, odd2), middle<T>(nines + 6 * pitch)));
}

@inline
function lowest<T>(from: usize): v128 {
  return v128.min<T>(v128.min<T>(v128.load(from), v128.load(from + sizeof<T>())), v128.load(from + 2 * sizeof<T>()));
}

@inline
function highest<T>(from: usize): v128 {
  return v128.max<T>(v128.max<T>(v128.load(from), v128.load(from + sizeof<T>())), v128.load(from + 2 * sizeof<T>()));
}

@inline
function middle<T>(from: usize): v128 {
  const p = v128.load(from);
  const q = v128.load(from + sizeof<T>());
  const r = v128.load(from + 2 * sizeof<T>());
  return v128.max<T>(v128.min<T>(p, q), v128.min<T>(v128.max<T>(p, q), r));
}
