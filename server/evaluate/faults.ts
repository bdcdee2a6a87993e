// Objects that were parted, joined, missed or made up.
import type { Schema } from "#protocol/types.ts";
import type { Match } from "./agreement.ts";
import type { Contingency } from "./contingency.ts";

/** A smaller share of an object is taken for a touch. The halves and shares follow Hoover et al., "An experimental comparison of range image
 * segmentation algorithms", IEEE TPAMI 18(7), 1996, section 4, with a tolerance of 0.5, and without crumbs. */
const leastShare = 0.1;

export interface Faults {
  readonly counts: Schema<"FaultCounts">;
  /** By rank; ground's means nothing. */
  readonly truths: readonly Schema<"ObjectVerdict">[];
  readonly predictions: readonly (Schema<"UnmatchedPrediction">["verdict"] | "matched")[];
}

export function findFaults({ truths, predictions, pairs }: Contingency, matches: readonly Match[]): Faults {
  const [a, b] = [truths.voxels, predictions.voxels];
  const covered = { truth: new Float64Array(a.length), prediction: new Float64Array(b.length) };
  // Parts of a true object; objects joined to a prediction; the one that each is a part of or joined to, 0 for none.
  const parts = new Uint32Array(a.length);
  const joins = new Uint32Array(b.length);
  const [partOf, joinedTo] = [new Uint32Array(b.length), new Uint32Array(a.length)];
  for (let at = 0; at < pairs.voxels.length; at++) {
    const [truth, prediction, shared] = [pairs.truth[at]!, pairs.prediction[at]!, pairs.voxels[at]!];
    if (truth === 0 || prediction === 0) continue;
    covered.truth[truth]! += shared;
    covered.prediction[prediction]! += shared;
    if (2 * shared > b[prediction]! && shared >= leastShare * a[truth]!) {
      parts[truth]!++;
      partOf[prediction] = truth;
    }
    if (2 * shared > a[truth]! && shared >= leastShare * b[prediction]!) {
      joins[prediction]!++;
      joinedTo[truth] = prediction;
    }
  }
  const matched = { truth: new Set(matches.map(({ truth }) => truth)), prediction: new Set(matches.map(({ prediction }) => prediction)) };
  const isMissed = (truth: number): boolean => covered.truth[truth]! < leastShare * a[truth]!;
  const isSpurious = (prediction: number): boolean => covered.prediction[prediction]! < leastShare * b[prediction]!;
  const isJoined = (truth: number): boolean => joins[joinedTo[truth]!]! > 1;
  const counted = (length: number, holds: (rank: number) => boolean): number => {
    let count = 0;
    for (let rank = 1; rank < length; rank++) count += Number(holds(rank));
    return count;
  };
  return {
    counts: {
      overSegmented: counted(a.length, (truth) => parts[truth]! > 1), underSegmented: counted(b.length, (prediction) => joins[prediction]! > 1),
      joined: counted(a.length, isJoined), missed: counted(a.length, isMissed), spurious: counted(b.length, isSpurious),
    },
    truths: Array.from(a, (_, truth) => (matched.truth.has(truth) ? "matched" : parts[truth]! > 1 ? "over-segmented" : isJoined(truth) ? "joined" : isMissed(truth) ? "missed" : "poor")),
    predictions: Array.from(b, (_, rank) => (matched.prediction.has(rank) ? "matched" : isSpurious(rank) ? "spurious" : joins[rank]! > 1 ? "under-segmented" : parts[partOf[rank]!]! > 1 ? "part" : "poor")),
  };
}
