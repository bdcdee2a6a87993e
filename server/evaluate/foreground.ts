// Objects against ground, whatever their ids.
import type { Schema } from "#protocol/types.ts";
import type { Contingency } from "./contingency.ts";

/** Taha and Hanbury, "Metrics for evaluating 3D medical image segmentation", BMC Medical Imaging 15:29, 2015. */
export function foregroundScores({ pairs }: Contingency): Schema<"ForegroundScores"> {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let at = 0; at < pairs.voxels.length; at++) {
    counts[pairs.truth[at] === 0 ? (pairs.prediction[at] === 0 ? "tn" : "fp") : pairs.prediction[at] === 0 ? "fn" : "tp"] += pairs.voxels[at]!;
  }
  const { tp, fp, fn } = counts;
  const both = 2 * tp + fp + fn;
  const part = (amount: number, of: number): number => (both === 0 ? 1 : of === 0 ? 0 : amount / of);
  return {
    ...counts, dice: part(2 * tp, both), jaccard: part(tp, tp + fp + fn), volumetricSimilarity: both === 0 ? 1 : 1 - Math.abs(fn - fp) / both,
    relativeVolumeDifference: both === 0 ? 0 : (2 * (fp - fn)) / both, precision: part(tp, tp + fp), recall: part(tp, tp + fn),
  };
}
