// A line for every true object, and for every prediction without a partner, of one or several evaluations.
import type { Schema } from "#protocol/types.ts";

type Evaluation = Schema<"Evaluation">;

/**
 * Comma-separated, a header line, lines ended by a line feed; columns as in the schemas `EvaluatedObject` and `UnmatchedPrediction`, empty
 * where there is no value. Lengths are `_um` or `_vx`; z0..x1 are voxel indices, half-open, of the true object, of the prediction where there
 * is none. At most nine significant digits.
 * @param evaluations with one unit
 */
export function* evaluationCsv(evaluations: readonly Evaluation[]): Generator<string> {
  const unit = evaluations[0]?.unit ?? "vx";
  const volume = unit === "um" ? "um3" : "vx";
  yield `${[
    "evaluated", "truth_id", "prediction_id", "verdict", "iou", "dice", "mode_prediction_id", "mode_dice", "truth_voxels", "prediction_voxels", `truth_volume_${volume}`, `prediction_volume_${volume}`,
    "z0", "y0", "x0", "z1", "y1", "x1", "border", `hausdorff_${unit}`, `hausdorff95_${unit}`, `mean_distance_${unit}`,
    "truth_elongation", "prediction_elongation", "truth_flatness", "prediction_flatness", "overlaps_truth_id",
  ].join(",")}\n`;
  for (const { prediction, objects, unmatched } of evaluations) {
    const name = quoted(prediction.name);
    for (const row of objects) {
      yield line([
        name, row.truth, row.prediction, row.verdict, row.iou, row.dice, row.modePrediction, row.modeDice, row.voxels, row.predictedVoxels, row.volume, row.predictedVolume,
        ...row.start, ...row.end, Number(row.border), row.hausdorff, row.hausdorff95, row.meanDistance, row.elongation, row.predictedElongation, row.flatness, row.predictedFlatness, null,
      ]);
    }
    for (const row of unmatched) {
      yield line([name, null, row.prediction, row.verdict, null, null, null, null, null, row.voxels, null, row.volume, ...row.start, ...row.end, null, null, null, null, null, null, null, null, row.truth]);
    }
  }
}

function line(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => (typeof cell === "number" ? Number(cell.toPrecision(9)) : cell ?? "")).join(",")}\n`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
