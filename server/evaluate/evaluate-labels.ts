// Judges a predicted label image against the true one. The schema `Evaluation` defines every number.
import { throwIfCancelled, MaskletError } from "#protocol/errors.ts";
import type { Schema, Watch } from "#protocol/types.ts";
import { checkSameGrid, type LabelReader, type Triple } from "#server/volumes/label-reader.ts";
import { adaptedRand } from "./adapted-rand.ts";
import { aggregatedJaccard } from "./aggregated-jaccard.ts";
import { matchAtHalf, oneToOne, type Match } from "./agreement.ts";
import type { Contingency, LabelCounts } from "./contingency.ts";
import type { EvaluateRequest } from "./contract.ts";
import { coreGrid, type CoreBox, type CoreGrid } from "./core-boxes.ts";
import { diceByDistance } from "./dice-by-distance.ts";
import { findFaults } from "./faults.ts";
import { foregroundScores } from "./foreground.ts";
import type { LabelNumbers } from "./label-numbers.ts";
import type { ObjectMoments } from "./object-moments.ts";
import { objectRows, unmatchedRows } from "./object-rows.ts";
import { modesOf, perParticle, type Modes } from "./per-particle.ts";
import { shapeErrors } from "./shape-errors.ts";
import { surfaceDistances, surfaceHalo, type SurfaceSide, type SurfacesFound } from "./surface-distances.ts";
import { survey, type Surveyed } from "./survey.ts";
import { variationOfInformation } from "./variation-of-information.ts";

/** A box with its halo, of both images with a flag a voxel: 320 MiB, and as much again while one is read. Half of it costs a fifth more time. */
const boxVoxels = 2 ** 25;

/**
 * The images are read box by box, twice, and once more with prompted slices; they need not fit into memory, which holds the boxes at hand,
 * what is kept of each object and of each pair of labels that share voxels, and surfaces under a budget.
 * Spacings that differ are a mismatch unless `spacing` is given.
 * @param boxVoxelsAtMost smaller boxes give the same
 * @throws labels_mismatch, labels_invalid, labels_too_many, request_invalid, cancelled, and what reading throws
 */
export async function evaluateLabels(request: EvaluateRequest, watch: Watch = {}, boxVoxelsAtMost: number = boxVoxels): Promise<Schema<"Evaluation">> {
  const { truth, prediction } = request;
  throwIfCancelled(watch.signal);
  checkSameGrid(request.spacing === undefined ? truth : { ...sizeOf(truth), spacing: undefined }, prediction);
  const known = request.spacing ?? truth.spacing ?? prediction.spacing;
  if (known !== undefined && !known.every((side) => Number.isFinite(side) && side > 0)) throw MaskletError.of("request_invalid", { what: "spacing", at: "", why: `a voxel of ${known.join(" x ")} micrometres has no volume` });
  const spacing: Triple = known ?? [1, 1, 1];
  const grid = coreGrid(truth.size, surfaceHalo(truth.size, spacing), boxVoxelsAtMost);
  const onBox = progressOf(truth.size, request.promptedSlices === undefined ? 2 : 3, watch);

  const surveyed = await survey(truth, prediction, grid, onBox, watch.signal);
  const table = surveyed.count.table();
  const matches = matchAtHalf(table);
  const modes = modesOf(table);
  const faults = findFaults(table, matches);
  const byDistance = request.promptedSlices === undefined ? null : await alongPrompts(request, request.promptedSlices, { table, modes, grid }, onBox, watch.signal);
  const surfaces = await surfacesOf(request, surveyed, { table, matches, grid, spacing }, onBox, watch.signal);
  const scene = { table, matches, modes, faults, surveyed, size: truth.size, spacing, surfaces: surfaces?.pairs ?? [] };
  const { rows, shapes } = objectRows(scene);
  watch.onProgress?.({ done: 1, total: 1, unit: "voxels" });
  return {
    truth: { name: truth.name, ...amounts(table.truths) }, prediction: { name: prediction.name, ...amounts(table.predictions) },
    size: [...truth.size], unit: known === undefined ? "vx" : "um", spacing: [...spacing],
    foreground: foregroundScores(table), perParticle: perParticle(table, modes), oneToOne: oneToOne(table, matches), aggregatedJaccard: aggregatedJaccard(table),
    faults: faults.counts, adaptedRand: adaptedRand(table),
    variationOfInformation: { all: variationOfInformation(table, 0), objects: variationOfInformation(table, 1) },
    surface: { foreground: surfaces?.foreground ?? (table.truths.ids.length === table.predictions.ids.length ? { hausdorff: 0, hausdorff95: 0, meanDistance: 0 } : null), objects: meansOf(surfaces) },
    shape: shapeErrors(shapes), byDistance, objects: rows, unmatched: unmatchedRows(scene),
  };
}

function sizeOf({ name, size }: EvaluateRequest["truth"]): Pick<EvaluateRequest["truth"], "name" | "size"> {
  return { name, size };
}

function amounts({ ids, voxels }: LabelCounts): { objects: number; voxels: number } {
  return { objects: ids.length - 1, voxels: voxels.reduce((sum, count, rank) => (rank === 0 ? 0 : sum + count), 0) };
}

/** Every pass goes over all voxels. */
function progressOf(size: Triple, passes: number, { onProgress }: Watch): (box: CoreBox) => void {
  const total = passes * size[0] * size[1] * size[2];
  const at = { done: 0 };
  return ({ start, end }) => {
    at.done += (end[0] - start[0]) * (end[1] - start[1]) * (end[2] - start[2]);
    onProgress?.({ done: at.done, total, unit: "voxels" });
  };
}

interface Known {
  readonly table: Contingency;
  readonly grid: CoreGrid;
}

/** Prompts of objects that do not occur say nothing. */
async function alongPrompts({ truth, prediction }: EvaluateRequest, slices: NonNullable<EvaluateRequest["promptedSlices"]>, { table, modes, grid }: Known & { readonly modes: Modes }, onBox: (box: CoreBox) => void, signal?: AbortSignal): Promise<Schema<"DiceAtDistance">[]> {
  const prompted = [];
  for (let rank = 1; rank < table.truths.ids.length; rank++) {
    const id = table.truths.ids[rank]!;
    const slice = slices.get(id);
    if (slice !== undefined) prompted.push({ truth: id, prediction: table.predictions.ids[modes.prediction[rank]!]!, slices: typeof slice === "number" ? [slice] : slice });
  }
  return diceByDistance(truth, prediction, prompted, grid, onBox, signal);
}

/** Undefined when a side is empty. */
async function surfacesOf({ truth, prediction }: EvaluateRequest, { count, truths, predictions, occupied }: Surveyed, { table, matches, grid, spacing }: Known & { readonly matches: readonly Match[]; readonly spacing: Triple }, onBox: (box: CoreBox) => void, signal?: AbortSignal): Promise<SurfacesFound | undefined> {
  if (table.truths.ids.length === 1 || table.predictions.ids.length === 1) return undefined;
  const side = (reader: LabelReader, numbers: LabelNumbers, moments: ObjectMoments, occupiedBoxes: Uint8Array, ids: Uint32Array): SurfaceSide => {
    const pairOf = new Int32Array(numbers.count).fill(-1);
    ids.forEach((id, pair) => { pairOf[numbers.find(id)] = pair; });
    const numberOf = (pair: number): number => numbers.find(ids[pair]!);
    return { reader, numbers, occupied: occupiedBoxes, pairOf, ids, boxOf: (pair) => ({ start: moments.startOf(numberOf(pair)), end: moments.endOf(numberOf(pair)) }) };
  };
  return surfaceDistances([
    side(truth, count.truths, truths, occupied.truth, Uint32Array.from(matches, (match) => table.truths.ids[match.truth]!)),
    side(prediction, count.predictions, predictions, occupied.prediction, Uint32Array.from(matches, (match) => table.predictions.ids[match.prediction]!)),
  ], grid, spacing, onBox, signal);
}

function meansOf(surfaces: SurfacesFound | undefined): Schema<"ObjectSurfaces"> {
  const pairs = surfaces?.pairs ?? [];
  const mean = (distance: "hausdorff" | "hausdorff95" | "meanDistance"): number | null => (pairs.length === 0 ? null : pairs.reduce((sum, pair) => sum + pair[distance], 0) / pairs.length);
  return { pairs: pairs.length, hausdorff: mean("hausdorff"), hausdorff95: mean("hausdorff95"), meanDistance: mean("meanDistance") };
}
