// The plots of one or several predictions judged against the same truth.
import type { Schema } from "#protocol/types.ts";
import { barsPlot } from "./bars-plot.ts";
import { maxPoints } from "./bins.ts";
import type { JudgedPrediction, Plot } from "./contract.ts";
import { linePlot } from "./line-plot.ts";
import type { Line } from "./line-plot.ts";
import { scored, shown, unitText } from "./numbers-as-text.ts";
import { scatterPlot } from "./scatter-plot.ts";
import type { ScatterPlot, ScatterPoint } from "./scatter-plot.ts";

type Judged = Pick<JudgedPrediction, "name" | "evaluation">;
type JudgedObject = Schema<"EvaluatedObject">;

const scores = [
  ["f1", "F1", "Pairs of true and predicted objects one to one: 2 tp / (2 tp + fp + fn)."],
  ["ap", "AP", "tp / (tp + fp + fn), the average precision of the Data Science Bowl 2018."],
  ["pq", "PQ", "Panoptic quality: sum of the pairs' IoU / (tp + fp / 2 + fn / 2)."],
] as const;
const unitDomain = [0, 1] as const;

export interface EvaluationPlots {
  readonly scores: readonly Plot[];
  readonly objects: readonly Plot[];
}

/** @param predictions one or more. A plot that would be empty is not there. */
export function evaluationPlots(predictions: readonly Judged[]): EvaluationPlots {
  return { scores: [...curves(predictions), faultBars(predictions)], objects: [...diceByVolume(predictions), ...diceByDistance(predictions), ...shapes(predictions)] };
}

/** One plot a score with a line for each prediction; for a single prediction one plot with all three. */
function curves(predictions: readonly Judged[]): Plot[] {
  const x = { label: "IoU from which a pair counts", domain: [0.48, 0.97] as const };
  const line = ({ name, evaluation }: Judged, key: "f1" | "ap" | "pq", as: string): Line => ({ name: as, points: evaluation.oneToOne.thresholds.map((row) => ({ x: row.threshold, y: row[key], told: `${name}, ${key.toUpperCase()} at ${row.threshold}: ${scored(row[key])}` })) });
  const [only, ...others] = predictions;
  if (only !== undefined && others.length === 0) {
    return [linePlot({ name: "scores-by-iou", title: "F1, AP and PQ against the IoU asked for", caption: scores.map(([, label, what]) => `${label}: ${what}`).join(" "), x, y: { label: "Score", domain: unitDomain }, lines: scores.map(([key, label]) => line(only, key, label)) })];
  }
  return scores.map(([key, label, what]) => linePlot({ name: `${key}-by-iou`, title: `${label} against the IoU asked for`, caption: what, x, y: { label, domain: unitDomain }, lines: predictions.map((prediction) => line(prediction, key, prediction.name)) }));
}

function faultBars(predictions: readonly Judged[]): Plot {
  const kinds = ["paired at IoU 0.5", "over-segmented", "joined", "missed", "under-segmented", "spurious"];
  return barsPlot({
    name: "faults", title: "What was found and what went wrong", label: "objects", kinds,
    caption: "Of the true objects: paired one to one; over-segmented, in two parts or more; joined with another; missed. Of the predicted ones: under-segmented, holding two true objects or more; spurious, where nothing is.",
    series: predictions.map(({ name, evaluation: { oneToOne, faults } }) => ({ name, counts: [oneToOne.thresholds[0]?.tp ?? 0, faults.overSegmented, faults.joined, faults.missed, faults.underSegmented, faults.spurious] })),
  });
}

function diceByVolume(predictions: readonly Judged[]): Plot[] {
  const unit = predictions[0]?.evaluation.unit ?? "vx";
  return scatters(predictions, {
    name: "dice-by-volume", title: "Dice against true volume", caption: "Each true object against the prediction that most of its voxels have; 0 for one without.",
    x: { label: `True volume (${unitText(unit, 3)})` }, y: { label: "Dice", domain: [-0.03, 1.03] },
  }, (object) => ({ x: object.volume, y: object.modeDice, told: `Dice ${scored(object.modeDice)}, ${object.verdict}` }));
}

function diceByDistance(predictions: readonly Judged[]): Plot[] {
  const lines = predictions.flatMap(({ name, evaluation: { byDistance } }): Line[] => (byDistance === null || byDistance.length === 0 ? [] : [{ name, points: byDistance.map(({ distance, dice, slices }) => ({ x: distance, y: dice, told: `${name}, ${distance} slices away: Dice ${scored(dice)} over ${slices} slices` })) }]));
  if (lines.length === 0) return [];
  const farthest = Math.max(1, ...lines.flatMap(({ points }) => points.map(({ x }) => x)));
  return [linePlot({ name: "dice-by-distance", title: "Dice against distance from the prompt", caption: "Mean Dice of the objects' slices so many slices away from the one that was prompted, on either side; far away only the large objects count.", x: { label: "Slices from the prompted one", domain: [0, farthest] }, y: { label: "Dice of a slice", domain: unitDomain }, lines })];
}

function shapes(predictions: readonly Judged[]): Plot[] {
  const pair = (name: string, title: string, what: string, of: (object: JudgedObject) => readonly [number, number | null]): Plot[] =>
    scatters(predictions, { name, title, caption: `${what} of the pairs at IoU 0.5 that are clear of the border. On the dashed line both are equal.`, x: { label: `${what}, true` }, y: { label: `${what}, predicted` }, diagonal: true }, (object) => {
      const [truth, predicted] = of(object);
      return object.border || predicted === null ? undefined : { x: truth, y: predicted, told: `${shown(truth)} true, ${shown(predicted)} predicted` };
    });
  return [
    ...pair("elongation-true-predicted", "Elongation, true and predicted", "Elongation R1 / R2", (object) => [object.elongation, object.predictedElongation]),
    ...pair("flatness-true-predicted", "Flatness, true and predicted", "Flatness R2 / R3", (object) => [object.flatness, object.predictedFlatness]),
  ];
}

/** One plot of all predictions while points can be told apart, else one each. */
function scatters(predictions: readonly Judged[], plot: Omit<ScatterPlot, "points" | "series">, point: (object: JudgedObject) => Omit<ScatterPoint, "series"> | undefined): Plot[] {
  const all = predictions.map(({ name, evaluation }, series) => evaluation.objects.flatMap((object): ScatterPoint[] => {
    const found = point(object);
    return found === undefined ? [] : [{ ...found, series, told: `${predictions.length > 1 ? `${name}, ` : ""}object ${object.truth}: ${found.told}` }];
  }));
  const points = all.flat();
  if (points.length === 0) return [];
  if (predictions.length === 1 || points.length <= maxPoints) return [scatterPlot({ ...plot, points, series: predictions.map(({ name }) => name) })];
  return all.flatMap((own, nth) => (own.length === 0 ? [] : [scatterPlot({ ...plot, name: `${plot.name}-${nth + 1}`, title: `${plot.title}: ${predictions[nth]!.name}`, points: own })]));
}
