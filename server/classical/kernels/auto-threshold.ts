// ImageJ's automatic thresholds by name.
import { thresholdDefault, thresholdIjIsoData, thresholdIsoData, thresholdMean, thresholdOtsu } from "./threshold-by-classes.ts";
import { thresholdMaxEntropy, thresholdRenyiEntropy, thresholdShanbhag, thresholdYen } from "./threshold-by-entropy.ts";
import { thresholdHuang, thresholdLi } from "./threshold-by-fuzziness.ts";
import { thresholdMinError, thresholdMoments } from "./threshold-by-moments.ts";
import { thresholdIntermodes, thresholdMinimum, thresholdPercentile, thresholdTriangle } from "./threshold-by-shape.ts";

const methods = {
  Default: thresholdDefault, Huang: thresholdHuang, Intermodes: thresholdIntermodes, IsoData: thresholdIsoData, IJ_IsoData: thresholdIjIsoData,
  Li: thresholdLi, MaxEntropy: thresholdMaxEntropy, Mean: thresholdMean, MinError: thresholdMinError, Minimum: thresholdMinimum,
  Moments: thresholdMoments, Otsu: thresholdOtsu, Percentile: thresholdPercentile, RenyiEntropy: thresholdRenyiEntropy,
  Shanbhag: thresholdShanbhag, Triangle: thresholdTriangle, Yen: thresholdYen,
} as const;

export type ThresholdMethod = keyof typeof methods;

/** As ImageJ's menu lists them. */
export const thresholdMethods = ["Default", "Huang", "Intermodes", "IsoData", "IJ_IsoData", "Li", "MaxEntropy", "Mean", "MinError", "Minimum", "Moments", "Otsu", "Percentile", "RenyiEntropy", "Shanbhag", "Triangle", "Yen"] as const satisfies readonly ThresholdMethod[];

/**
 * The last bin of the darker class, as ImageJ 1.53t finds it.
 * @param counts 256
 * @returns undefined where ImageJ finds no threshold (and calls it 0), and without a count
 */
export function autoThreshold(counts: Float64Array, method: ThresholdMethod): number | undefined {
  return counts.some((value) => value > 0) ? methods[method](counts) : undefined;
}
