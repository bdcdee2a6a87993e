// Otsu, "A Threshold Selection Method from Gray-Level Histograms" (IEEE Trans. SMC 9, 1979), equations 14 to 18, on a histogram of any number of bins.
import { MaskletError } from "#protocol/errors.ts";
import { binCentre, binEnd } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

export interface OtsuThreshold {
  /** The last bin of the darker class. */
  readonly bin: number;
  /** The end of that bin: the brighter class is `value >= value`; of whole numbers in bins of their own it is a half, so that `>` says the same. */
  readonly value: number;
  /** The class means, in grey values. */
  readonly means: readonly [darker: number, brighter: number];
  /** The part of all variance that lies between the classes, 0 to 1: how well two classes describe the values. */
  readonly separability: number;
}

/**
 * The split that maximises the variance between the classes, which minimises the weighted sum of those within; of equal ones the
 * first, as scikit-image does. scikit-image's own number is the centre of the same bin, with `>`; ITK's is its end.
 * All values in one bin: that bin, with separability 0.
 * @throws internal when nothing was counted
 */
export function otsuThreshold(histogram: Histogram): OtsuThreshold {
  const { counts } = histogram;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    count += counts[bin]!;
    sum += counts[bin]! * bin;
    squares += counts[bin]! * bin * bin;
  }
  if (count === 0) throw MaskletError.of("internal", { why: "a histogram without a value has no threshold" });
  let best = -1;
  let bestBin = counts.findLastIndex((value) => value > 0);
  let means: [number, number] = [sum / count, sum / count];
  let below = 0;
  let belowSum = 0;
  for (let bin = 0; bin < counts.length - 1; bin++) {
    if (counts[bin] === 0) continue;
    below += counts[bin]!;
    belowSum += counts[bin]! * bin;
    if (below === count) break;
    const darker = belowSum / below;
    const brighter = (sum - belowSum) / (count - below);
    const between = (below / count) * (1 - below / count) * (brighter - darker) ** 2;
    if (between > best) {
      best = between;
      bestBin = bin;
      means = [darker, brighter];
    }
  }
  const variance = squares / count - (sum / count) ** 2;
  return {
    bin: bestBin,
    value: binEnd(histogram, bestBin),
    means: [binCentre(histogram, means[0]), binCentre(histogram, means[1])],
    separability: variance > 0 && best > 0 ? Math.min(1, best / variance) : 0,
  };
}
