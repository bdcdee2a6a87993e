// The scores of several predictions beside each other, the best of each row in bold.
import type { Schema } from "#protocol/types.ts";
import type { Cell, JudgedPrediction, Table } from "./contract.ts";
import { counted, scored, shown, unitText } from "./numbers-as-text.ts";

type Evaluation = Schema<"Evaluation">;
/** Which values are better; around: those nearest to 0. */
type Better = "high" | "low" | "around";

interface Row {
  readonly label: string;
  readonly better: Better;
  readonly text: (value: number) => string;
  readonly of: (evaluation: Evaluation) => number | null | undefined;
}

export function scoreTable(predictions: readonly Pick<JudgedPrediction, "name" | "evaluation">[], unit: "um" | "vx"): Table {
  return {
    caption: predictions.length > 1 ? "The best of each row is in bold. Arrows say whether high or low is good." : "Arrows say whether high or low is good.",
    columns: ["", ...predictions.map(({ name }) => name)],
    rows: rowsOf(unit).map(({ label, better, text, of }) => {
      const values = predictions.map(({ evaluation }) => of(evaluation) ?? null);
      const best = bestOf(values, better);
      return [`${label} ${{ high: "\u2191", low: "\u2193", around: "\u2192 0" }[better]}`, ...values.map((value): Cell => ({ text: value === null ? "-" : text(value), best: predictions.length > 1 && value !== null && best !== undefined && goodness(value, better) === best }))];
    }),
  };
}

/** Undefined where all are equal: none of them stands out. */
function bestOf(values: readonly (number | null)[], better: Better): number | undefined {
  const known = values.filter((value) => value !== null).map((value) => goodness(value, better));
  const best = Math.max(...known);
  return known.length === values.length && known.every((value) => value === best) ? undefined : best;
}

function goodness(value: number, better: Better): number {
  return better === "high" ? value : better === "low" ? -value : -Math.abs(value);
}

function rowsOf(unit: "um" | "vx"): Row[] {
  const row = (label: string, better: Better, of: Row["of"], text: Row["text"] = scored): Row => ({ label, better, of, text });
  const at = (score: "f1" | "ap" | "pq", threshold: number): Row["of"] => ({ oneToOne }) => oneToOne.thresholds.find((each) => Math.abs(each.threshold - threshold) < 1e-6)?.[score];
  const length = unitText(unit);
  return [
    row("Foreground Dice", "high", ({ foreground }) => foreground.dice),
    row("Foreground Jaccard", "high", ({ foreground }) => foreground.jaccard),
    row("Volumetric similarity", "high", ({ foreground }) => foreground.volumetricSimilarity),
    row("Relative volume difference", "around", ({ foreground }) => foreground.relativeVolumeDifference),
    row("Dice per particle (mode, 0 skipped)", "high", ({ perParticle }) => perParticle.dice),
    row("Jaccard per particle", "high", ({ perParticle }) => perParticle.jaccard),
    ...(["f1", "ap", "pq"] as const).flatMap((score) => [
      ...[0.5, 0.75, 0.9].map((threshold) => row(`${score.toUpperCase()} at IoU ${threshold}`, "high", at(score, threshold))),
      row(`${score.toUpperCase()}, mean of 0.5 to 0.95`, "high", ({ oneToOne }) => oneToOne.mean[score]),
    ]),
    row("Aggregated Jaccard", "high", ({ aggregatedJaccard }) => aggregatedJaccard),
    row("Over-segmented objects", "low", ({ faults }) => faults.overSegmented, counted),
    row("Joined objects", "low", ({ faults }) => faults.joined, counted),
    row("Missed objects", "low", ({ faults }) => faults.missed, counted),
    row("Spurious predictions", "low", ({ faults }) => faults.spurious, counted),
    row("Adapted Rand error", "low", ({ adaptedRand }) => adaptedRand.error),
    row("Variation of information in objects, split (bits)", "low", ({ variationOfInformation: { objects } }) => objects.split),
    row("Variation of information in objects, merge (bits)", "low", ({ variationOfInformation: { objects } }) => objects.merge),
    row(`Hausdorff 95 of the foreground (${length})`, "low", ({ surface }) => surface.foreground?.hausdorff95, shown),
    row(`Mean surface distance of the foreground (${length})`, "low", ({ surface }) => surface.foreground?.meanDistance, shown),
    row(`Hausdorff 95 of the pairs (${length})`, "low", ({ surface }) => surface.objects.hausdorff95, shown),
    row(`Mean surface distance of the pairs (${length})`, "low", ({ surface }) => surface.objects.meanDistance, shown),
    ...(["elongation", "flatness"] as const).flatMap((ratio) => [
      row(`Error of ${ratio}, mean`, "around", ({ shape }) => shape[ratio].meanSigned, shown),
      row(`Error of ${ratio}, mean size`, "low", ({ shape }) => shape[ratio].meanAbsolute, shown),
    ]),
  ];
}
