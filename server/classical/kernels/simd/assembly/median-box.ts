// The median of larger boxes. Whole numbers: a histogram that slides along x (Huang, Yang and Tang, IEEE Trans. ASSP 27(1), 1979),
// with a second of 16 values a bin to find the median in. Float32's order keys: selection in a copy of the box.

export function medianBoxU8(out: usize, planes: usize, pitch: usize, radius: i32, width: i32, work: usize): void {
  slide<u8>(out, planes, pitch, radius, width, work);
}

export function medianBoxU16(out: usize, planes: usize, pitch: usize, radius: i32, width: i32, work: usize): void {
  slide<u16>(out, planes, pitch, radius, width, work);
}

/**
 * One row of medians.
 * @param planes addresses (u32) of the row above by `radius` in each of the 2 radius + 1 planes; rows begin `radius` places left
 * @param work room for a u32 for each value of the type, and for each 16 of them
 */
@inline
function slide<T>(out: usize, planes: usize, pitch: usize, radius: i32, width: i32, work: usize): void {
  const side = 2 * radius + 1;
  const values = 1 << (8 * sizeof<T>());
  const coarse = work + (<usize>values << 2);
  const rank = <u32>((side * side * side) >> 1);
  memory.fill(work, 0, (<usize>values + <usize>(values >> 4)) << 2);
  for (let x = 0; x < side - 1; x++) count<T>(planes, x, pitch, side, work, coarse, 1);
  // Values below 16 * bin.
  let bin = 0;
  let below: u32 = 0;
  for (let x = 0; x < width; x++) {
    below += count<T>(planes, x + side - 1, pitch, side, work, coarse, 1, bin);
    while (below > rank) below -= load<u32>(coarse + (<usize>--bin << 2));
    for (let here = load<u32>(coarse + (<usize>bin << 2)); below + here <= rank; here = load<u32>(coarse + (<usize>bin << 2))) {
      below += here;
      bin++;
    }
    let value = bin << 4;
    for (let sum = below + load<u32>(work + (<usize>value << 2)); sum <= rank; sum += load<u32>(work + (<usize>value << 2))) value++;
    store<T>(out + <usize>x * sizeof<T>(), <T>value);
    below += count<T>(planes, x, pitch, side, work, coarse, -1, bin);
  }
}

/** Adds (or takes away) a column of all planes. @returns by how much the count of values below 16 * bin grew */
@inline
function count<T>(planes: usize, x: i32, pitch: usize, side: i32, fine: usize, coarse: usize, by: i32, bin: i32 = 0): i32 {
  let below = 0;
  for (let z = 0; z < side; z++) {
    let at = <usize>load<u32>(planes + (<usize>z << 2)) + <usize>x * sizeof<T>();
    for (let y = 0; y < side; y++, at += pitch) {
      const value = <u32>load<T>(at);
      const one = fine + (<usize>value << 2);
      const many = coarse + (<usize>(value >> 4) << 2);
      store<u32>(one, load<u32>(one) + by);
      store<u32>(many, load<u32>(many) + by);
      below += <i32>(value >> 4 < <u32>bin) * by;
    }
  }
  return below;
}

/** As the others; @param work room for the box's values */
export function medianBoxI32(out: usize, planes: usize, pitch: usize, radius: i32, width: i32, work: usize): void {
  const side = 2 * radius + 1;
  const bytes = <usize>side << 2;
  for (let x = 0; x < width; x++) {
    let to = work;
    for (let z = 0; z < side; z++) {
      let from = <usize>load<u32>(planes + (<usize>z << 2)) + (<usize>x << 2);
      for (let y = 0; y < side; y++, from += pitch, to += bytes) memory.copy(to, from, bytes);
    }
    const number = side * side * side;
    store<i32>(out + (<usize>x << 2), nth(work, number, number >> 1));
  }
}

/** Hoare's selection: the value of this rank; the values are moved about. */
function nth(values: usize, number: i32, rank: i32): i32 {
  let low = 0;
  let high = number - 1;
  while (low < high) {
    const pivot = load<i32>(values + (<usize>rank << 2));
    let i = low;
    let j = high;
    do {
      while (load<i32>(values + (<usize>i << 2)) < pivot) i++;
      while (pivot < load<i32>(values + (<usize>j << 2))) j--;
      if (i <= j) {
        const p = values + (<usize>i << 2);
        const q = values + (<usize>j << 2);
        const kept = load<i32>(p);
        store<i32>(p, load<i32>(q));
        store<i32>(q, kept);
        i++;
        j--;
      }
    } while (i <= j);
    if (j < rank) low = i;
    if (rank < i) high = j;
  }
  return load<i32>(values + (<usize>rank << 2));
}
