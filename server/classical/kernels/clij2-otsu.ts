// CLIJ2's Otsu threshold, by which FDS-base was defined: ImageJ's choice among 256 bins that lie over the values in another way.
import { thresholdOtsu } from "./threshold-by-classes.ts";
import type { Voxels } from "./size3.ts";

/** The ends of CLIJ2's bins: 0 and 255 for 8-bit images, the least and the greatest value for all others. */
export interface Clij2Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Counts values into 256 bins as CLIJ2 does: bin = (value - low) 255 / (high - low) in 32-bit floats, cut to a whole number. The last
 * bin thus holds the greatest value alone. Values that are not finite are left out, those outside clamped.
 * @param counts 256, added to, so that parts of a volume may be counted one after another
 */
export function clij2CountInto(counts: Float64Array, values: Voxels, { low, high }: Clij2Range): void {
  const range = Math.fround(high - low);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value - value !== 0) continue;
    const bin = range > 0 ? Math.trunc(Math.fround(Math.fround(Math.fround(value - low) * 255) / range)) : 0;
    counts[bin < 0 ? 0 : bin > 255 ? 255 : bin]!++;
  }
}

/** Foreground is `value >= threshold`: low + (bin + 1) / 255 (high - low), where the next bin begins. */
export function clij2OtsuThreshold(counts: Float64Array, { low, high }: Clij2Range): number {
  return low + ((thresholdOtsu(counts) + 1) / 255) * (high - low);
}
