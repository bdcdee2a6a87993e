// The thesis' rule: each true object against the prediction that most of its voxels have, whether another has it too or not.
import type { Schema } from "#protocol/types.ts";
import type { Contingency } from "./contingency.ts";

/** By rank of the true object: the rank of its mode, 0 where it shares no voxel with a prediction, and their voxels. */
export interface Modes {
  readonly prediction: Uint32Array;
  readonly shared: Float64Array;
}

/** Ground left out, of equals the smaller id. */
export function modesOf({ truths, pairs }: Contingency): Modes {
  const modes = { prediction: new Uint32Array(truths.ids.length), shared: new Float64Array(truths.ids.length) };
  // Pairs come by rising prediction, so the first of equals stays.
  for (let at = 0; at < pairs.voxels.length; at++) {
    const truth = pairs.truth[at]!;
    if (truth === 0 || pairs.prediction[at] === 0 || pairs.voxels[at]! <= modes.shared[truth]!) continue;
    modes.prediction[truth] = pairs.prediction[at]!;
    modes.shared[truth] = pairs.voxels[at]!;
  }
  return modes;
}

export function perParticle({ truths, predictions }: Contingency, modes: Modes): Schema<"PerParticleScores"> {
  const sum = { dice: 0, jaccard: 0, volumetricSimilarity: 0, unmatched: 0 };
  for (let truth = 1; truth < truths.ids.length; truth++) {
    const both = modes.shared[truth]!;
    if (both === 0) {
      sum.unmatched++;
      continue;
    }
    const [a, b] = [truths.voxels[truth]!, predictions.voxels[modes.prediction[truth]!]!];
    sum.dice += (2 * both) / (a + b);
    sum.jaccard += both / (a + b - both);
    sum.volumetricSimilarity += 1 - Math.abs(a - b) / (a + b);
  }
  const count = truths.ids.length - 1;
  const isEmpty = count + predictions.ids.length - 1 === 0;
  const mean = (total: number): number => (count === 0 ? Number(isEmpty) : total / count);
  return { dice: mean(sum.dice), jaccard: mean(sum.jaccard), volumetricSimilarity: mean(sum.volumetricSimilarity), unmatched: sum.unmatched };
}
