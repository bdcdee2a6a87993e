// Which side of the background the particles are on: the longer tail of the histogram.
import type { Histogram } from "./histogram.ts";
import { median, quantile } from "./histogram-statistics.ts";

/**
 * How far out a tail is looked at: past 0.1 % of odd voxels (hot pixels, edges of rings) and in to what a fair number of particles
 * makes up.
 */
const tailParts = [0.001, 0.01, 0.05] as const;

/**
 * From -1 (only darker values than the median) to 1 (only brighter): Hinkley's skewness (q(1 - p) + q(p) - 2 median) / (q(1 - p) - q(p))
 * (Biometrika 62(1), 1975), the mean over p = 0.1 %, 1 % and 5 %. Odd voxels beyond the quantiles cannot move it, as they
 * would the third moment. It presumes that most voxels are background: of a packing that fills more than half it tells the pores' side.
 * @throws internal when nothing was counted
 */
export function tailSkew(histogram: Histogram): number {
  const middle = median(histogram);
  let sum = 0;
  for (const part of tailParts) {
    const low = quantile(histogram, part);
    const high = quantile(histogram, 1 - part);
    if (high > low) sum += (high + low - 2 * middle) / (high - low);
  }
  return sum / tailParts.length;
}

/** Whether particles are darker or brighter than what they lie in; bright when neither tail is longer. */
export function polarityOf(histogram: Histogram): "dark" | "bright" {
  return tailSkew(histogram) < 0 ? "dark" : "bright";
}
