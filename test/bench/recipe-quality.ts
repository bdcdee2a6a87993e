// What the recipes that come with the product find in one volume, all parameters at their defaults, beside the true labels.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completeRecipe } from "#server/classical/complete-recipe.ts";
import { runRecipe } from "#server/classical/run-recipe.ts";
import { oneToOne } from "#server/evaluate/agreement.ts";
import { countContingency, type Contingency } from "#server/evaluate/contingency.ts";
import { modesOf, perParticle } from "#server/evaluate/per-particle.ts";
import type { Scene } from "./quality-scenes.ts";
import type { Table } from "./table.ts";

/** Of one volume by one recipe. */
export interface RecipeRun {
  readonly table: Contingency;
  readonly seconds: number;
}

export async function runOn({ name, reader, truth }: Scene, recipeName: string): Promise<RecipeRun> {
  process.stderr.write(`  ${name}, ${recipeName}\n`);
  const scratch = mkdtempSync(join(tmpdir(), "masklet-bench-quality-"));
  try {
    const start = performance.now();
    const run = await runRecipe({ reader, recipe: completeRecipe(recipeName), scratch }, {});
    const seconds = (performance.now() - start) / 1000;
    const count = countContingency();
    count.add(truth, await run.read({ start: [0, 0, 0], end: reader.size }));
    await run.close();
    return { table: count.table(), seconds };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Of single objects, by the rule of `perParticle`. @param ids true ones */
export function particleDices(table: Contingency, ids: readonly number[]): number[] {
  const modes = modesOf(table);
  return ids.map((id) => {
    const rank = table.truths.ids.indexOf(id);
    return (2 * modes.shared[rank]!) / (table.truths.voxels[rank]! + table.predictions.voxels[modes.prediction[rank]!]!);
  });
}

export interface RecipeLine {
  readonly volume: string;
  readonly recipe: string;
  readonly runs: readonly RecipeRun[];
}

export function recipeTable(lines: readonly RecipeLine[]): Table {
  return {
    title: "Quality of the recipes, all defaults; means over a line's volumes, objects and seconds summed",
    head: ["volume", "recipe", "F1 at 0.5", "F1 0.5:0.95", "AP at 0.5", "PQ at 0.5", "mean Dice", "objects / true", "s"],
    lines: lines.map(({ volume, recipe, runs }) => [runs.length === 1 ? volume : `${volume} (${runs.length})`, recipe, ...cellsOf(runs)]),
  };
}

function cellsOf(runs: readonly RecipeRun[]): string[] {
  const scores = runs.map(({ table, seconds }) => {
    const { thresholds, mean } = oneToOne(table);
    const { f1, ap, pq } = thresholds[0]!;
    return { f1, meanF1: mean.f1, ap, pq, dice: perParticle(table, modesOf(table)).dice, found: table.predictions.ids.length - 1, truths: table.truths.ids.length - 1, seconds };
  });
  const sum = (of: (score: (typeof scores)[number]) => number): number => scores.reduce((total, score) => total + of(score), 0);
  const mean = (of: (score: (typeof scores)[number]) => number): string => (sum(of) / scores.length).toFixed(2);
  return [
    mean(({ f1 }) => f1), mean(({ meanF1 }) => meanF1), mean(({ ap }) => ap), mean(({ pq }) => pq), mean(({ dice }) => dice),
    `${sum(({ found }) => found)} / ${sum(({ truths }) => truths)}`, sum(({ seconds }) => seconds).toFixed(1),
  ];
}
