// Evaluations for a person: a line a number, a column a prediction.
import type { Schema } from "#protocol/types.ts";

type Evaluation = Schema<"Evaluation">;
type Cell = number | null | undefined;

/** Distances from the prompted slice that are worth a line; between them there is little to see. */
const toldDistances = [0, 1, 2, 3, 5, 10, 20, 50, 100];

/** @param evaluations of one truth, at least one */
export function evaluationTable(evaluations: readonly Evaluation[]): string {
  const { truth, size, unit, spacing } = evaluations[0]!;
  const voxel = unit === "vx" ? "not calibrated, lengths in voxels" : `voxels of ${spacing.join(" x ")} um`;
  const head = `truth ${truth.name}: ${truth.objects} objects, ${truth.voxels} voxels, in ${size.join(" x ")} (z x y x x), ${voxel}`;
  const lines = [["", ...evaluations.map(({ prediction }) => prediction.name)], ...linesOf(evaluations, unit)];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const text = lines.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ").trimEnd());
  return [head, "", ...text].join("\n");
}

function linesOf(evaluations: readonly Evaluation[], unit: Evaluation["unit"]): string[][] {
  const lines: string[][] = [];
  const add = (what: string, digits: number, of: (evaluation: Evaluation) => Cell | readonly Cell[]): void => {
    lines.push([what, ...evaluations.map((evaluation) => [of(evaluation)].flat().map((cell) => cell?.toFixed(digits) ?? "-").join(" / "))]);
  };
  const line = (what: string, of: (evaluation: Evaluation) => Cell | readonly Cell[]): void => add(what, 3, of);
  const count = (what: string, of: (evaluation: Evaluation) => Cell | readonly Cell[]): void => add(what, 0, of);
  count("objects predicted", ({ prediction }) => prediction.objects);
  line("foreground: Dice / Jaccard", ({ foreground }) => [foreground.dice, foreground.jaccard]);
  line("  precision / recall", ({ foreground }) => [foreground.precision, foreground.recall]);
  line("  volumetric similarity", ({ foreground }) => foreground.volumetricSimilarity);
  line("per particle (mode): Dice / Jaccard", ({ perParticle }) => [perParticle.dice, perParticle.jaccard]);
  count("  objects that meet no prediction", ({ perParticle }) => perParticle.unmatched);
  for (const score of ["f1", "ap", "pq"] as const) {
    line(`one to one: ${score.toUpperCase()} at IoU 0.5 / 0.75 / 0.9`, ({ oneToOne }) => [0, 5, 8].map((nth) => oneToOne.thresholds[nth]?.[score]));
  }
  line("  mean over 0.5:0.05:0.95: F1 / AP / PQ", ({ oneToOne: { mean } }) => [mean.f1, mean.ap, mean.pq]);
  line("  at 0.5: precision / recall / mean IoU", ({ oneToOne }) => { const at = oneToOne.thresholds[0]; return [at?.precision, at?.recall, at?.meanMatchedIou]; });
  line("aggregated Jaccard", ({ aggregatedJaccard }) => aggregatedJaccard);
  count("objects parted / joined / missed", ({ faults }) => [faults.overSegmented, faults.joined, faults.missed]);
  count("predictions that join / are spurious", ({ faults }) => [faults.underSegmented, faults.spurious]);
  line("adapted Rand error", ({ adaptedRand }) => adaptedRand.error);
  line("VOI split / merge, in objects (bits)", ({ variationOfInformation: { objects } }) => [objects.split, objects.merge]);
  line(`foreground surface: Hausdorff 95 / mean (${unit})`, ({ surface }) => [surface.foreground?.hausdorff95, surface.foreground?.meanDistance]);
  line(`matched objects: Hausdorff 95 / mean (${unit})`, ({ surface }) => [surface.objects.hausdorff95, surface.objects.meanDistance]);
  for (const ratio of ["elongation", "flatness"] as const) line(`${ratio} error: mean / absolute`, ({ shape }) => [shape[ratio].meanSigned, shape[ratio].meanAbsolute]);
  count("  over pairs / left out at the border", ({ shape }) => [shape.pairs, shape.border]);
  const distances = toldDistances.filter((distance) => evaluations.some(({ byDistance }) => byDistance?.some((found) => found.distance === distance)));
  for (const distance of distances) line(`Dice ${distance} slices from the prompt`, ({ byDistance }) => byDistance?.find((found) => found.distance === distance)?.dice);
  return lines;
}

/** What a number alone would not tell. */
export function evaluationNotes(evaluations: readonly Evaluation[]): string[] {
  const notes: string[] = [];
  for (const { truth, prediction, byDistance } of evaluations) {
    if (truth.objects === 0 && prediction.objects === 0) notes.push(`Neither ${truth.name} nor ${prediction.name} has an object: scores are 1 because nothing was there to be found.`);
    else if (truth.objects === 0) notes.push(`${truth.name} has no object: all that ${prediction.name} has is spurious, scores are 0 and distances not defined.`);
    else if (prediction.objects === 0) notes.push(`${prediction.name} has no object: everything is missed, scores are 0 and distances not defined.`);
    if (byDistance?.length === 0) notes.push(`None of the prompted ids is an object of ${truth.name}: prompts go by the truth's ids.`);
  }
  return [...new Set(notes)];
}
