// Least and greatest values of neighbourhoods: the two halves of grey and binary morphology.

/**
 * out[i] = the least or greatest of source k [i], for `rows` rows of `bytes` bytes (a multiple of 16), all `pitch` bytes apart.
 * @param table addresses (u32) of the sources' first rows
 */
export function extremeU8(out: usize, table: usize, sources: i32, pitch: usize, rows: i32, bytes: usize, greatest: i32): void {
  for (let row = 0; row < rows; row++) {
    if (greatest) extreme<u8>(out, table, sources, <usize>row * pitch, bytes, true);
    else extreme<u8>(out, table, sources, <usize>row * pitch, bytes, false);
  }
}

export function extremeU16(out: usize, table: usize, sources: i32, pitch: usize, rows: i32, bytes: usize, greatest: i32): void {
  for (let row = 0; row < rows; row++) {
    if (greatest) extreme<u16>(out, table, sources, <usize>row * pitch, bytes, true);
    else extreme<u16>(out, table, sources, <usize>row * pitch, bytes, false);
  }
}

export function extremeI32(out: usize, table: usize, sources: i32, pitch: usize, rows: i32, bytes: usize, greatest: i32): void {
  for (let row = 0; row < rows; row++) {
    if (greatest) extreme<i32>(out, table, sources, <usize>row * pitch, bytes, true);
    else extreme<i32>(out, table, sources, <usize>row * pitch, bytes, false);
  }
}

@inline
function extreme<T>(out: usize, table: usize, sources: i32, first: usize, bytes: usize, greatest: bool): void {
  let at = first;
  const end = first + bytes;
  for (; at + 64 <= end; at += 64) {
    let from = <usize>load<u32>(table) + at;
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    for (let k = 1; k < sources; k++) {
      from = <usize>load<u32>(table + (<usize>k << 2)) + at;
      a = further<T>(a, v128.load(from), greatest);
      b = further<T>(b, v128.load(from, 16), greatest);
      c = further<T>(c, v128.load(from, 32), greatest);
      d = further<T>(d, v128.load(from, 48), greatest);
    }
    v128.store(out + at, a);
    v128.store(out + at, b, 16);
    v128.store(out + at, c, 32);
    v128.store(out + at, d, 48);
  }
  for (; at < end; at += 16) {
    let a = v128.load(<usize>load<u32>(table) + at);
    for (let k = 1; k < sources; k++) a = further<T>(a, v128.load(<usize>load<u32>(table + (<usize>k << 2)) + at), greatest);
    v128.store(out + at, a);
  }
}

@inline
function further<T>(p: v128, q: v128, greatest: bool): v128 {
  return greatest ? v128.max<T>(p, q) : v128.min<T>(p, q);
}
