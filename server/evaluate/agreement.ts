// How well predicted objects agree with true ones, all from one table of shared voxels. Label 0 is ground and no object.
import { MaskletError } from "#protocol/errors.ts";
import type { Contingency } from "./contingency.ts";

export interface Match {
  readonly truth: number;
  readonly prediction: number;
  /** Intersection over union (Jaccard), 0..1. */
  readonly iou: number;
}

/** Objects of the two sides, and those that were paired one to one. */
export interface Matching {
  readonly truths: number;
  readonly predictions: number;
  readonly matches: readonly Match[];
}

/** 0.5, 0.55, ... 0.95, the thresholds that detection scores are commonly averaged over. */
export const usualThresholds: readonly number[] = Array.from({ length: 10 }, (_, nth) => (50 + 5 * nth) / 100);

/** Pairs with an IoU of at least the threshold, one to one. From 0.5 on there is one best pairing: an object has at most one partner above
 * 0.5, and where it has two of exactly 0.5 these have no other, so taking the best pairs first leaves out none.
 * @param threshold 0.5..1
 * @throws shape_invalid below 0.5, where that does not hold */
export function matchAt({ truths, predictions, shared }: Contingency, threshold: number): Matching {
  if (!(threshold >= 0.5 && threshold <= 1)) throw MaskletError.of("shape_invalid", { why: `objects are matched at an IoU from 0.5 to 1, not at ${threshold}` });
  const pairs: Match[] = [];
  for (const [truth, row] of shared) {
    for (const [prediction, voxels] of row) {
      if (truth === 0 || prediction === 0) continue;
      const iou = voxels / (truths.get(truth)! + predictions.get(prediction)! - voxels);
      if (iou >= threshold) pairs.push({ truth, prediction, iou });
    }
  }
  pairs.sort((a, b) => b.iou - a.iou || a.truth - b.truth || a.prediction - b.prediction);
  const taken = { truth: new Set<number>(), prediction: new Set<number>() };
  const matches = pairs.filter(({ truth, prediction }) => {
    if (taken.truth.has(truth) || taken.prediction.has(prediction)) return false;
    taken.truth.add(truth);
    taken.prediction.add(prediction);
    return true;
  });
  return { truths: objectsOf(truths), predictions: objectsOf(predictions), matches };
}

/** 2 TP / (2 TP + FP + FN); 1 when neither side has an object. */
export function f1At(table: Contingency, threshold: number): number {
  const { truths, predictions, matches } = matchAt(table, threshold);
  return ratio(2 * matches.length, truths + predictions);
}

/** TP / (TP + FP + FN), "average precision" as in the Data Science Bowl 2018, StarDist and cellpose; 1 when neither side has an object. */
export function apAt(table: Contingency, threshold: number): number {
  const { truths, predictions, matches } = matchAt(table, threshold);
  return ratio(matches.length, truths + predictions - matches.length);
}

/** Panoptic quality: the sum of the matches' IoU / (TP + FP / 2 + FN / 2) (Kirillov et al. 2019); 1 when neither side has an object. */
export function pqAt(table: Contingency, threshold: number): number {
  const { truths, predictions, matches } = matchAt(table, threshold);
  return ratio(2 * matches.reduce((sum, { iou }) => sum + iou, 0), truths + predictions);
}

/** Of a score over thresholds. */
export function meanOver(table: Contingency, score: (table: Contingency, threshold: number) => number, thresholds: readonly number[] = usualThresholds): number {
  return thresholds.reduce((sum, threshold) => sum + score(table, threshold), 0) / thresholds.length;
}

/** The mean over true objects of the Dice with the prediction that most of their voxels have (0 left out, of equals the smaller id), 0 for
 * those without one. It is not one to one: a blob may serve many, and a prediction that meets nothing costs nothing; report it beside
 * `f1At`. Without a true object it is 1 when nothing is predicted, else 0. */
export function thesisDice({ truths, predictions, shared }: Contingency): number {
  let sum = 0;
  for (const [truth, row] of shared) {
    if (truth === 0) continue;
    let best = { prediction: 0, voxels: 0 };
    for (const [prediction, voxels] of row) {
      if (prediction !== 0 && (voxels > best.voxels || (voxels === best.voxels && prediction < best.prediction))) best = { prediction, voxels };
    }
    if (best.voxels > 0) sum += (2 * best.voxels) / (truths.get(truth)! + predictions.get(best.prediction)!);
  }
  const count = objectsOf(truths);
  return count === 0 ? Number(objectsOf(predictions) === 0) : sum / count;
}

function objectsOf(voxels: ReadonlyMap<number, number>): number {
  return voxels.size - Number(voxels.has(0));
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
