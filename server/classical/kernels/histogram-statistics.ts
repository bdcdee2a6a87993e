// Statistics of the values a histogram has counted. Every value stands at the centre of its bin, so answers are exact for whole
// numbers in bins of their own, and within half a bin otherwise.
import { MaskletError } from "#protocol/errors.ts";
import { binCentre } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

/** How many values were counted, those that are not finite left out. */
export function countOf(histogram: Histogram): number {
  let count = 0;
  for (const part of histogram.counts) count += part;
  return count;
}

/** The least value that a given part of all values does not exceed (NumPy's `inverted_cdf`); part 0 is the least value. @throws internal when nothing was counted */
export function quantile(histogram: Histogram, part: number): number {
  return nthValue(histogram, Math.ceil(part * someCount(histogram)) - 1);
}

/** The middle value; of an even number of values, the middle of the two. @throws internal when nothing was counted */
export function median(histogram: Histogram): number {
  const count = someCount(histogram);
  return (nthValue(histogram, Math.floor((count - 1) / 2)) + nthValue(histogram, Math.floor(count / 2))) / 2;
}

/**
 * The median of the distances from a centre, by default the median (then it is the MAD; 1.4826 times it estimates the standard deviation of normal noise):
 * the histogram folded at the centre, its nearer side first. @throws internal when nothing was counted
 */
export function medianDistance(histogram: Histogram, centre = median(histogram)): number {
  const { counts } = histogram;
  const count = someCount(histogram);
  const lowerNth = Math.floor((count - 1) / 2);
  const upperNth = Math.floor(count / 2);
  let up = 0;
  while (up < counts.length && binCentre(histogram, up) < centre) up++;
  let down = up - 1;
  let passed = 0;
  let lower: number | undefined;
  while (down >= 0 || up < counts.length) {
    const below = down >= 0 ? centre - binCentre(histogram, down) : Infinity;
    const above = up < counts.length ? binCentre(histogram, up) - centre : Infinity;
    passed += counts[below <= above ? down-- : up++]!;
    const distance = Math.min(below, above);
    if (lower === undefined && passed > lowerNth) lower = distance;
    if (lower !== undefined && passed > upperNth) return (lower + distance) / 2;
  }
  return 0;
}

/** @throws internal when nothing was counted */
export function mean(histogram: Histogram): number {
  const count = someCount(histogram);
  let sum = 0;
  for (let bin = 0; bin < histogram.bins; bin++) sum += histogram.counts[bin]! * bin;
  return binCentre(histogram, sum / count);
}

/** Of all counted values (not an estimate for more). @throws internal when nothing was counted */
export function standardDeviation(histogram: Histogram): number {
  const centre = mean(histogram);
  let sum = 0;
  for (let bin = 0; bin < histogram.bins; bin++) sum += histogram.counts[bin]! * (binCentre(histogram, bin) - centre) ** 2;
  return Math.sqrt(sum / someCount(histogram));
}

/** The value at a place in the order of size, counted from 0. */
function nthValue(histogram: Histogram, nth: number): number {
  let passed = 0;
  let last = 0;
  for (let bin = 0; bin < histogram.bins; bin++) {
    if (histogram.counts[bin] === 0) continue;
    passed += histogram.counts[bin]!;
    last = bin;
    if (passed > nth) break;
  }
  return binCentre(histogram, last);
}

function someCount(histogram: Histogram): number {
  const count = countOf(histogram);
  if (count === 0) throw MaskletError.of("internal", { why: "a histogram without a value has no statistics" });
  return count;
}
