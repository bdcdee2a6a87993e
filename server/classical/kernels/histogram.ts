// How often each grey value occurs, so that a volume of any size is known by one pass and its thresholds are the same however it
// was cut: whole counts add up exactly, in any order.
import { MaskletError } from "#protocol/errors.ts";
import type { Dtype } from "#protocol/types.ts";
import type { Voxels } from "./size3.ts";

/** Equal bins between two grey values; bin i holds [low + i w, low + (i + 1) w), w = (high - low) / bins, and the last `high` too. */
export interface Bins {
  readonly low: number;
  readonly high: number;
  readonly bins: number;
}

export interface Histogram extends Bins {
  /** One count a bin, whole numbers (exact up to 2^53). */
  readonly counts: Float64Array;
  /** NaN and infinite values, which no bin holds. */
  notFinite: number;
}

/** Enough that an answer from a histogram of floats is within 0.001 % of the range of grey values. */
export const manyBins = 65_536;

/** One bin a grey value for whole numbers (its centre is that value); `manyBins` between the given ends for floats. */
export function binsFor(dtype: Dtype, low: number, high: number): Bins {
  if (dtype === "uint8") return { low: -0.5, high: 255.5, bins: 256 };
  if (dtype === "uint16") return { low: -0.5, high: 65_535.5, bins: 65_536 };
  return { low, high, bins: manyBins };
}

/** @throws internal when the bins are none or their ends not finite and in order */
export function emptyHistogram({ low, high, bins }: Bins): Histogram {
  if (!Number.isInteger(bins) || bins < 1 || !Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw MaskletError.of("internal", { why: `no histogram has ${bins} bins from ${low} to ${high}` });
  }
  return { low, high, bins, counts: new Float64Array(bins), notFinite: 0 };
}

/**
 * Counts values, clamped to the end bins. Memory: 8 bytes a bin.
 * @param mask one a value; those at 0 are left out
 */
export function histogramOf(values: Voxels, bins: Bins, mask?: Uint8Array): Histogram {
  const histogram = emptyHistogram(bins);
  countInto(histogram, values, mask);
  return histogram;
}

/** Counts more values into a histogram. Which bin a value falls into depends on the value and the bins alone. */
export function countInto(histogram: Histogram, values: Voxels, mask?: Uint8Array): void {
  const { counts, low } = histogram;
  const last = counts.length - 1;
  const scale = binsPerGrey(histogram);
  let notFinite = 0;
  if (!(values instanceof Float32Array) && scale === 1 && low === -0.5 && mask === undefined && last >= (values instanceof Uint8Array ? 255 : 65_535)) {
    for (let at = 0; at < values.length; at++) counts[values[at]!]!++;
    return;
  }
  for (let at = 0; at < values.length; at++) {
    if (mask !== undefined && mask[at] === 0) continue;
    const value = values[at]!;
    if (value - value !== 0) {
      notFinite++;
      continue;
    }
    const bin = (value - low) * scale;
    counts[bin <= 0 ? 0 : bin >= last ? last : Math.floor(bin)]!++;
  }
  histogram.notFinite += notFinite;
}

/** Adds the counts of another part of the volume. @throws internal when the bins differ */
export function addInto(histogram: Histogram, part: Histogram): void {
  if (histogram.low !== part.low || histogram.high !== part.high || histogram.bins !== part.bins) {
    throw MaskletError.of("internal", { why: `histograms of different bins were added: ${histogram.bins} from ${histogram.low} to ${histogram.high}, ${part.bins} from ${part.low} to ${part.high}` });
  }
  for (let bin = 0; bin < histogram.bins; bin++) histogram.counts[bin]! += part.counts[bin]!;
  histogram.notFinite += part.notFinite;
}

/** The grey value in the middle of a bin. */
export function binCentre(bins: Bins, bin: number): number {
  return bins.low + ((bin + 0.5) * (bins.high - bins.low)) / bins.bins;
}

/**
 * The grey value where a bin ends and the next one begins. A value lies in a later bin exactly when `value >= binEnd`, up to
 * rounding in the last place; between bins of whole numbers it is a half, and `>` says the same as `>=`.
 */
export function binEnd(bins: Bins, bin: number): number {
  return bins.low + ((bin + 1) * (bins.high - bins.low)) / bins.bins;
}

/** 0 where all values are one: they share the first bin, whose every part is that value. */
function binsPerGrey({ low, high, bins }: Bins): number {
  return high > low ? bins / (high - low) : 0;
}
