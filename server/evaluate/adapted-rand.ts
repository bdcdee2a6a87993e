// The adapted Rand error (Arganda-Carreras et al., "Crowdsourcing the creation of image segmentation algorithms for connectomics", Front. Neuroanat. 9:142, 2015).
import type { Schema } from "#protocol/types.ts";
import type { Contingency } from "./contingency.ts";

/** Pairs of voxels of one label, twice. A float64 no longer holds them exactly from some 10^8 voxels on. */
const pairsOf = (voxels: number): bigint => BigInt(voxels) * BigInt(voxels - 1);

/** Over the voxels of true objects, pairs without those of a voxel with itself. */
export function adaptedRand({ truths, predictions, pairs }: Contingency): Schema<"AdaptedRand"> {
  const within = new Float64Array(predictions.ids.length);
  let [both, inTruth, inPrediction] = [0n, 0n, 0n];
  for (let at = 0; at < pairs.voxels.length; at++) {
    if (pairs.truth[at] === 0) continue;
    within[pairs.prediction[at]!]! += pairs.voxels[at]!;
    both += pairsOf(pairs.voxels[at]!);
  }
  for (let truth = 1; truth < truths.ids.length; truth++) inTruth += pairsOf(truths.voxels[truth]!);
  for (const voxels of within) if (voxels > 0) inPrediction += pairsOf(voxels);
  if (truths.ids.length === 1 && predictions.ids.length > 1) return { error: 1, precision: 0, recall: 0 };
  const part = (amount: bigint, of: bigint): number => (of === 0n ? 1 : Number(amount) / Number(of));
  return { error: 1 - part(2n * both, inTruth + inPrediction), precision: part(both, inPrediction), recall: part(both, inTruth) };
}
