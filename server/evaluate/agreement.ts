// How well predicted objects agree with true ones, all from one table of shared voxels. Label 0 is ground and no object.
import { MaskletError } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";
import type { Contingency } from "./contingency.ts";

/** A true and a predicted object, as ranks in the table. */
export interface Match {
  readonly truth: number;
  readonly prediction: number;
  /** Intersection over union (Jaccard), 0..1. */
  readonly iou: number;
  readonly shared: number;
}

/** 0.5, 0.55, ... 0.95, the thresholds that detection scores are commonly averaged over. */
export const usualThresholds: readonly number[] = Array.from({ length: 10 }, (_, nth) => (50 + 5 * nth) / 100);

/** Pairs with an IoU of at least 0.5, one to one, by true object. There is one best pairing: an object has at most one partner above 0.5, and
 * where it has two of exactly 0.5 these have no other, so taking the best pairs first leaves out none. Those of a higher threshold are among them. */
export function matchAtHalf({ truths, predictions, pairs }: Contingency): Match[] {
  const found: Match[] = [];
  for (let at = 0; at < pairs.voxels.length; at++) {
    const [truth, prediction, shared] = [pairs.truth[at]!, pairs.prediction[at]!, pairs.voxels[at]!];
    if (truth === 0 || prediction === 0) continue;
    const iou = shared / (truths.voxels[truth]! + predictions.voxels[prediction]! - shared);
    if (iou >= 0.5) found.push({ truth, prediction, iou, shared });
  }
  found.sort((a, b) => b.iou - a.iou || a.truth - b.truth || a.prediction - b.prediction);
  const taken = { truth: new Uint8Array(truths.ids.length), prediction: new Uint8Array(predictions.ids.length) };
  const matches = found.filter(({ truth, prediction }) => {
    if (taken.truth[truth] === 1 || taken.prediction[prediction] === 1) return false;
    taken.truth[truth] = taken.prediction[prediction] = 1;
    return true;
  });
  return matches.sort((a, b) => a.truth - b.truth);
}

/** @param matches of `matchAtHalf`; @param threshold 0.5..1 @throws shape_invalid below 0.5, where pairs are not unique */
export function scoresAt(matches: readonly Match[], truths: number, predictions: number, threshold: number): Schema<"ScoresAtThreshold"> {
  if (!(threshold >= 0.5 && threshold <= 1)) throw MaskletError.of("shape_invalid", { why: `objects are matched at an IoU from 0.5 to 1, not at ${threshold}` });
  let [tp, quality] = [0, 0];
  for (const { iou } of matches) {
    if (iou < threshold) continue;
    tp++;
    quality += iou;
  }
  const isEmpty = truths + predictions === 0;
  const part = (amount: number, of: number): number => (isEmpty ? 1 : of === 0 ? 0 : amount / of);
  const [f1, meanMatchedIou] = [part(2 * tp, truths + predictions), part(quality, tp)];
  return {
    threshold, tp, fp: predictions - tp, fn: truths - tp, precision: part(tp, predictions), recall: part(tp, truths), f1, ap: part(tp, truths + predictions - tp),
    meanMatchedIou, meanTrueIou: part(quality, truths), pq: part(2 * quality, truths + predictions), sq: meanMatchedIou, rq: f1,
  };
}

export function oneToOne(table: Contingency, matches: readonly Match[] = matchAtHalf(table)): Schema<"OneToOneScores"> {
  const thresholds = usualThresholds.map((threshold) => scoresAt(matches, table.truths.ids.length - 1, table.predictions.ids.length - 1, threshold));
  const mean = (score: "f1" | "ap" | "pq"): number => thresholds.reduce((sum, scores) => sum + scores[score], 0) / thresholds.length;
  return { thresholds, mean: { f1: mean("f1"), ap: mean("ap"), pq: mean("pq") } };
}
