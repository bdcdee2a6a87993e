// Bilinear resizing with half-pixel centres. With antialias a shrinking filter grows with the scale and is normalised over
// the pixels that exist, as the official predictor resizes pictures and masks (PyTorch's interpolate with antialias).

interface Taps {
  /** First source of each target, and how many follow; `reach` weights are reserved for each. */
  readonly start: Int32Array;
  readonly count: Int32Array;
  readonly weight: Float32Array;
  readonly reach: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * One channel of interleaved pixels, made another size.
 * @param source `[height, width, stride]`, of which channel `channel` is read
 * @returns `[to.height, to.width]`
 */
export function resized(source: ArrayLike<number>, from: Size, to: Size, antialias: boolean, stride = 1, channel = 0): Float32Array {
  const across = tapsOf(from.width, to.width, antialias);
  const down = tapsOf(from.height, to.height, antialias);
  const rows = new Float32Array(from.height * to.width);
  for (let y = 0, at = 0; y < from.height; y++) {
    for (let x = 0; x < to.width; x++, at++) {
      let first = (y * from.width + across.start[x]!) * stride + channel;
      let sum = 0;
      for (let tap = x * across.reach, end = tap + across.count[x]!; tap < end; tap++, first += stride) sum += across.weight[tap]! * source[first]!;
      rows[at] = sum;
    }
  }
  const target = new Float32Array(to.width * to.height);
  for (let y = 0, at = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++, at++) {
      let first = down.start[y]! * to.width + x;
      let sum = 0;
      for (let tap = y * down.reach, end = tap + down.count[y]!; tap < end; tap++, first += to.width) sum += down.weight[tap]! * rows[first]!;
      target[at] = sum;
    }
  }
  return target;
}

function tapsOf(from: number, to: number, antialias: boolean): Taps {
  const scale = from / to;
  const support = antialias && scale > 1 ? scale : 1;
  const reach = 2 * Math.ceil(support) + 2;
  const start = new Int32Array(to);
  const count = new Int32Array(to);
  const weight = new Float32Array(to * reach);
  for (let at = 0; at < to; at++) {
    // Kept between the first and the last pixel's centre: beyond them the edge goes on.
    const centre = support > 1 ? (at + 0.5) * scale : Math.min(Math.max((at + 0.5) * scale, 0.5), from - 0.5);
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let source = first; source < end; source++) {
      const share = Math.max(0, 1 - Math.abs(source + 0.5 - centre) / support);
      weight[at * reach + source - first] = share;
      sum += share;
    }
    for (let tap = at * reach; tap < at * reach + end - first; tap++) weight[tap]! /= sum;
    start[at] = first;
    count[at] = end - first;
  }
  return { start, count, weight, reach };
}
