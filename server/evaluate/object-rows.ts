// What is told of each object.
import type { Schema } from "#protocol/types.ts";
import { covarianceOf, ellipsoidOf } from "#server/measure/ellipsoid.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Match } from "./agreement.ts";
import type { Contingency } from "./contingency.ts";
import type { Faults } from "./faults.ts";
import type { ObjectMoments } from "./object-moments.ts";
import type { Modes } from "./per-particle.ts";
import type { ShapePair } from "./shape-errors.ts";
import type { Surveyed } from "./survey.ts";

export interface RowScene {
  readonly table: Contingency;
  /** By true object. */
  readonly matches: readonly Match[];
  readonly modes: Modes;
  readonly faults: Faults;
  readonly surveyed: Surveyed;
  readonly size: Triple;
  readonly spacing: Triple;
  /** By match. */
  readonly surfaces: readonly Schema<"SurfaceDistances">[];
}

/** A row for each true object, and the shapes of those that have a partner. */
export function objectRows({ table, matches, modes, faults, surveyed, size, spacing, surfaces }: RowScene): { readonly rows: Schema<"EvaluatedObject">[]; readonly shapes: ShapePair[] } {
  const voxelVolume = spacing[0] * spacing[1] * spacing[2];
  const { truths, predictions } = table;
  const rows: Schema<"EvaluatedObject">[] = [];
  const shapes: ShapePair[] = [];
  for (let rank = 1, pair = 0; rank < truths.ids.length; rank++) {
    const [id, voxels] = [truths.ids[rank]!, truths.voxels[rank]!];
    const own = bodyOf(surveyed.truths, surveyed.count.truths.find(id), size, spacing);
    const mode = modes.prediction[rank]!;
    const match = matches[pair]?.truth === rank ? matches[pair] : undefined;
    const surface = match === undefined ? undefined : surfaces[pair];
    const other = match === undefined ? undefined : bodyOf(surveyed.predictions, surveyed.count.predictions.find(predictions.ids[match.prediction]!), size, spacing);
    const found = match === undefined ? undefined : predictions.voxels[match.prediction]!;
    const border = own.border || other?.border === true;
    if (match !== undefined) pair++;
    if (other !== undefined) shapes.push({ truth: own, prediction: other, border });
    rows.push({
      truth: id, voxels, volume: voxels * voxelVolume, start: own.start, end: own.end, border, verdict: faults.truths[rank]!,
      modePrediction: mode === 0 ? null : predictions.ids[mode]!, modeDice: mode === 0 ? 0 : (2 * modes.shared[rank]!) / (voxels + predictions.voxels[mode]!),
      prediction: match === undefined ? null : predictions.ids[match.prediction]!, predictedVoxels: found ?? null, predictedVolume: found === undefined ? null : found * voxelVolume,
      iou: match?.iou ?? null, dice: match === undefined ? null : (2 * match.shared) / (voxels + found!),
      hausdorff: surface?.hausdorff ?? null, hausdorff95: surface?.hausdorff95 ?? null, meanDistance: surface?.meanDistance ?? null,
      elongation: own.elongation, flatness: own.flatness, predictedElongation: other?.elongation ?? null, predictedFlatness: other?.flatness ?? null,
    });
  }
  return { rows, shapes };
}

export function unmatchedRows({ table, faults, surveyed, spacing }: RowScene): Schema<"UnmatchedPrediction">[] {
  const { truths, predictions, pairs } = table;
  const most = { truth: new Uint32Array(predictions.ids.length), shared: new Float64Array(predictions.ids.length) };
  // Pairs come by rising true object, so the first of equals stays.
  for (let at = 0; at < pairs.voxels.length; at++) {
    const prediction = pairs.prediction[at]!;
    if (pairs.truth[at] === 0 || pairs.voxels[at]! <= most.shared[prediction]!) continue;
    most.truth[prediction] = pairs.truth[at]!;
    most.shared[prediction] = pairs.voxels[at]!;
  }
  const rows: Schema<"UnmatchedPrediction">[] = [];
  for (let rank = 1; rank < predictions.ids.length; rank++) {
    const verdict = faults.predictions[rank]!;
    if (verdict === "matched") continue;
    const [id, voxels] = [predictions.ids[rank]!, predictions.voxels[rank]!];
    const number = surveyed.count.predictions.find(id);
    rows.push({
      prediction: id, voxels, volume: voxels * spacing[0] * spacing[1] * spacing[2], start: surveyed.predictions.startOf(number), end: surveyed.predictions.endOf(number), verdict,
      truth: most.truth[rank] === 0 ? null : truths.ids[most.truth[rank]!]!,
    });
  }
  return rows;
}

interface Body {
  readonly start: [number, number, number];
  readonly end: [number, number, number];
  readonly border: boolean;
  readonly elongation: number;
  readonly flatness: number;
}

function bodyOf(moments: ObjectMoments, number: number, size: Triple, spacing: Triple): Body {
  const [start, end] = [moments.startOf(number), moments.endOf(number)];
  const { elongation, flatness } = ellipsoidOf(covarianceOf(moments.sumsOf(number), spacing));
  return { start, end, border: size.some((side, axis) => side > 1 && (start[axis] === 0 || end[axis] === side)), elongation, flatness };
}
