// ImageJ's automatic thresholds in grey values. ImageJ makes 256 counts of every image first: of 16 and 32 bits between its least and greatest value.
import { MaskletError } from "#protocol/errors.ts";
import type { Dtype } from "#protocol/types.ts";
import { autoThreshold } from "./auto-threshold.ts";
import type { ThresholdMethod } from "./auto-threshold.ts";
import { binCentre } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

export interface AutoThreshold {
  /** The last of 256 bins of the darker class. */
  readonly bin: number;
  /** Bright particles on a dark background are `value >= brightFrom`. */
  readonly brightFrom: number;
  /** Dark particles on a bright background are `value <= darkTo`; between the two ImageJ counts a value to neither. */
  readonly darkTo: number;
}

/**
 * What "Auto Threshold" of ImageJ 1.53t sets on one image of all these values. Exact for whole numbers; of floats each value stands at the
 * centre of its bin, so that one close to the edge of one of the 256 may fall into the next.
 * @param histogram in the bins of `binsFor`: of floats, from the least to the greatest value
 * @throws threshold_not_found where the method fails, as ImageJ (which then thresholds at 0) only logs
 */
export function thresholdValue(histogram: Histogram, dtype: Dtype, method: ThresholdMethod): AutoThreshold {
  const { counts, low, high } = counts256(histogram, dtype);
  const bin = autoThreshold(counts, method);
  if (bin === undefined) throw MaskletError.of("threshold_not_found", { method });
  if (dtype === "uint8") return { bin, brightFrom: bin + 1, darkTo: bin };
  const [darkTo, brightFrom] = [bin, bin + 1].map((level) => low + (level / 255) * (high - low));
  return dtype === "uint16" ? { bin, brightFrom: Math.round(brightFrom!), darkTo: Math.round(darkTo!) } : { bin, brightFrom: brightFrom!, darkTo: darkTo! };
}

/** ImageJ's conversions to 8 bits: 16-bit values by 256 / (range + 1), floats by 255 / range, both rounded. */
function counts256(histogram: Histogram, dtype: Dtype): { readonly counts: Float64Array; readonly low: number; readonly high: number } {
  if (dtype === "uint8") return { counts: histogram.counts, low: 0, high: 255 };
  const whole = dtype === "uint16";
  const first = Math.max(0, histogram.counts.findIndex((count) => count > 0));
  const low = whole ? binCentre(histogram, first) : histogram.low;
  const high = whole ? binCentre(histogram, Math.max(first, histogram.counts.findLastIndex((count) => count > 0))) : histogram.high;
  const scale = whole ? 256 / (high - low + 1) : high > low ? 255 / (high - low) : 0;
  const counts = new Float64Array(256);
  for (let bin = first; bin < histogram.bins; bin++) {
    if (histogram.counts[bin]! > 0) counts[Math.min(255, Math.floor((binCentre(histogram, bin) - low) * scale + 0.5))]! += histogram.counts[bin]!;
  }
  return { counts, low, high };
}
