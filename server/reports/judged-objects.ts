// Which objects of an evaluation are shown: the worst, the best, and examples of each fault.
import type { Schema } from "#protocol/types.ts";
import type { VoxelBounds } from "./choose-cuts.ts";
import { firstOf } from "./first-of.ts";
import { counted, scored, shown, unitText } from "./numbers-as-text.ts";

export interface ShownObject {
  readonly name: string;
  readonly title: string;
  readonly box: VoxelBounds;
  /** True object that is meant, or the prediction where there is none. */
  readonly truth: number | undefined;
  readonly prediction: number | undefined;
  readonly numbers: readonly (readonly [string, string])[];
}

type Evaluation = Schema<"Evaluation">;
type JudgedObject = Schema<"EvaluatedObject">;

/** @param each how many of a kind at most */
export function objectsToShow({ objects, unmatched, unit }: Evaluation, each: number): ShownObject[] {
  const worstFirst = (a: JudgedObject, b: JudgedObject): number => a.modeDice - b.modeDice || largestFirst(a, b);
  const largestFirst = (a: JudgedObject, b: JudgedObject): number => b.volume - a.volume || a.truth - b.truth;
  const of = (order: (a: JudgedObject, b: JudgedObject) => number, ...verdicts: string[]): JudgedObject[] => firstOf(objects.filter(({ verdict }) => verdicts.includes(verdict)), each, order);
  const spurious = firstOf(unmatched.filter(({ verdict }) => verdict === "spurious"), each, (a, b) => b.volume - a.volume || a.prediction - b.prediction);
  // Objects that are among the worst already are not the best as well.
  const worst = of(worstFirst, "matched", "poor");
  const best = of((a, b) => worstFirst(b, a), "matched").filter((object) => !worst.includes(object));
  return [
    ...worst.map((object) => shownObject("worst", `worst of those found (${object.verdict})`, object, unit)),
    ...of(largestFirst, "over-segmented").map((object) => shownObject("split", "over-segmented", object, unit)),
    ...of(largestFirst, "joined").map((object) => shownObject("joined", "joined with another", object, unit)),
    ...of(largestFirst, "missed").map((object) => shownObject("missed", "missed", object, unit)),
    ...spurious.map(({ prediction, start, end, volume, voxels }): ShownObject => ({ name: `spurious-${prediction}`, title: `Prediction ${prediction}: spurious`, truth: undefined, prediction, box: { start, end }, numbers: [["volume", `${shown(volume)} ${unitText(unit, 3)}`], ["voxels", counted(voxels)]] })),
    ...best.map((object) => shownObject("best", "best", object, unit)),
  ];
}

function shownObject(group: string, what: string, { truth, start, end, modeDice, iou, hausdorff95, volume, predictedVolume, elongation, predictedElongation }: JudgedObject, unit: "um" | "vx"): ShownObject {
  const paired: (readonly [string, string])[] = iou === null ? [] : [["IoU", scored(iou)], ["Hausdorff 95", `${shown(hausdorff95)} ${unitText(unit)}`], ["predicted volume", `${shown(predictedVolume)} ${unitText(unit, 3)}`], ["elongation, true / predicted", `${shown(elongation)} / ${shown(predictedElongation)}`]];
  return {
    name: `${group}-${truth}`, title: `True object ${truth}: ${what}`, truth, prediction: undefined, box: { start, end },
    numbers: [["Dice", scored(modeDice)], ["true volume", `${shown(volume)} ${unitText(unit, 3)}`], ...paired],
  };
}
