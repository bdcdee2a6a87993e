// One Jaccard index over all objects (Kumar et al., "A dataset and a technique for generalized nuclear segmentation", IEEE TMI 36(7), 2017, algorithm 1).
import type { Contingency } from "./contingency.ts";

/** Of predictions with the same IoU an object takes the one with the smaller id. cellpose gives the name to another number, of pairs by an assignment. */
export function aggregatedJaccard({ truths, predictions, pairs }: Contingency): number {
  const best = { iou: new Float64Array(truths.ids.length), shared: new Float64Array(truths.ids.length), prediction: new Uint32Array(truths.ids.length) };
  for (let at = 0; at < pairs.voxels.length; at++) {
    const [truth, prediction, shared] = [pairs.truth[at]!, pairs.prediction[at]!, pairs.voxels[at]!];
    if (truth === 0 || prediction === 0) continue;
    const iou = shared / (truths.voxels[truth]! + predictions.voxels[prediction]! - shared);
    if (iou <= best.iou[truth]!) continue;
    [best.iou[truth], best.shared[truth], best.prediction[truth]] = [iou, shared, prediction];
  }
  let [common, all] = [0, 0];
  const serves = new Uint8Array(predictions.ids.length);
  for (let truth = 1; truth < truths.ids.length; truth++) {
    const prediction = best.prediction[truth]!;
    common += best.shared[truth]!;
    all += truths.voxels[truth]! - best.shared[truth]! + (prediction === 0 ? 0 : predictions.voxels[prediction]!);
    serves[prediction] = 1;
  }
  for (let prediction = 1; prediction < serves.length; prediction++) if (serves[prediction] === 0) all += predictions.voxels[prediction]!;
  return all === 0 ? 1 : common / all;
}
