// Bilinear resizing with half-pixel centres. With antialias a shrinking filter grows with the scale and is normalised over
// the pixels that exist, as the official predictor resizes pictures and masks (PyTorch's interpolate with antialias).
import type { PixelBox } from "#protocol/types.ts";

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

/** What to read, and which part of the answer is wanted. */
export interface ResizeOptions {
  readonly antialias: boolean;
  /** Of interleaved pixels; default one channel. */
  readonly channels?: number | undefined;
  readonly channel?: number | undefined;
  /** In target pixels; default all. */
  readonly part?: PixelBox | undefined;
}

/**
 * One channel of interleaved pixels, made another size.
 * @param source `[height, width, channels]`
 * @returns `[height, width]` of the part
 */
export function resized(source: ArrayLike<number>, from: Size, to: Size, options: ResizeOptions): Float32Array {
  const { antialias, channels = 1, channel = 0, part = [0, 0, to.width, to.height] } = options;
  const across = tapsOf(from.width, to.width, antialias);
  const down = tapsOf(from.height, to.height, antialias);
  const width = part[2] - part[0];
  const target = new Float32Array(width * (part[3] - part[1]));
  if (target.length === 0) return target;
  const top = down.start[part[1]]!;
  const bottom = down.start[part[3] - 1]! + down.count[part[3] - 1]!;
  const rows = new Float32Array((bottom - top) * width);
  for (let y = top, at = 0; y < bottom; y++) {
    for (let x = part[0]; x < part[2]; x++, at++) {
      let first = (y * from.width + across.start[x]!) * channels + channel;
      let sum = 0;
      for (let tap = x * across.reach, end = tap + across.count[x]!; tap < end; tap++, first += channels) sum += across.weight[tap]! * source[first]!;
      rows[at] = sum;
    }
  }
  for (let y = part[1], at = 0; y < part[3]; y++) {
    for (let x = 0; x < width; x++, at++) {
      let first = (down.start[y]! - top) * width + x;
      let sum = 0;
      for (let tap = y * down.reach, end = tap + down.count[y]!; tap < end; tap++, first += width) sum += down.weight[tap]! * rows[first]!;
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
