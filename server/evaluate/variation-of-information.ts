// How many bits one segmentation leaves open when the other is known (Meila, "Comparing clusterings", J. Multivariate Analysis 98(5), 2007).
import type { Schema } from "#protocol/types.ts";
import type { Contingency } from "./contingency.ts";

/** @param from the first true label that counts: 0 for all voxels, 1 for those of true objects */
export function variationOfInformation({ truths, predictions, pairs }: Contingency, from: 0 | 1): Schema<"Information"> {
  const within = new Float64Array(predictions.ids.length);
  let all = 0;
  for (let at = 0; at < pairs.voxels.length; at++) {
    if (pairs.truth[at]! < from) continue;
    within[pairs.prediction[at]!]! += pairs.voxels[at]!;
    all += pairs.voxels[at]!;
  }
  let [split, merge] = [0, 0];
  for (let at = 0; at < pairs.voxels.length; at++) {
    const [truth, shared] = [pairs.truth[at]!, pairs.voxels[at]!];
    if (truth < from) continue;
    split += shared * Math.log2(truths.voxels[truth]! / shared);
    merge += shared * Math.log2(within[pairs.prediction[at]!]! / shared);
  }
  if (all === 0) return { split: 0, merge: 0, total: 0 };
  return { split: split / all, merge: merge / all, total: (split + merge) / all };
}
