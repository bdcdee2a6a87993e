// How well the recipes that come with the product find particles: on phantoms, and on the stacks with true labels of the folder that
// `--data` or MASKLET_REAL_DATA names. All parameters are the defaults.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtInRecipes } from "#server/classical/built-in-recipes.ts";
import { completeRecipe } from "#server/classical/complete-recipe.ts";
import { runRecipe } from "#server/classical/run-recipe.ts";
import { oneToOne } from "#server/evaluate/agreement.ts";
import { countContingency } from "#server/evaluate/contingency.ts";
import { modesOf, perParticle } from "#server/evaluate/per-particle.ts";
import { folderScenes, phantomScenes, type Scene } from "./quality-scenes.ts";
import type { Bench, Table } from "./table.ts";

interface Scores {
  readonly f1: number;
  readonly meanF1: number;
  readonly ap: number;
  readonly pq: number;
  readonly dice: number;
  readonly found: number;
  readonly truths: number;
  readonly seconds: number;
}

export const quality: Bench = {
  name: "quality",
  run: async ({ data = process.env["MASKLET_REAL_DATA"] } = {}) => {
    const recipes = builtInRecipes.map(({ name }) => name);
    const lines: string[][] = [];
    for (const { name, open } of [...phantomScenes(), ...(data === undefined ? [] : await folderScenes(data))]) {
      const scores: Record<string, Scores[]> = {};
      for await (const scene of open()) for (const recipe of recipes) (scores[recipe] ??= []).push(await scoreOf(scene, recipe));
      for (const recipe of recipes) lines.push([name, recipe, ...cellsOf(scores[recipe] ?? [])]);
    }
    return { title: "Quality of the recipes, all defaults; means over a line's volumes, objects and seconds summed", head: ["volume", "recipe", "F1 at 0.5", "F1 0.5:0.95", "AP at 0.5", "PQ at 0.5", "mean Dice", "objects / true", "s"], lines } satisfies Table;
  },
};

async function scoreOf({ name, reader, truth }: Scene, recipeName: string): Promise<Scores> {
  process.stderr.write(`  ${name}, ${recipeName}\n`);
  const scratch = mkdtempSync(join(tmpdir(), "masklet-bench-quality-"));
  try {
    const start = performance.now();
    const run = await runRecipe({ reader, recipe: completeRecipe(recipeName), scratch }, {});
    const seconds = (performance.now() - start) / 1000;
    const count = countContingency();
    count.add(truth, await run.read({ start: [0, 0, 0], end: reader.size }));
    await run.close();
    const table = count.table();
    const { thresholds, mean } = oneToOne(table);
    const { f1, ap, pq } = thresholds[0]!;
    return { f1, meanF1: mean.f1, ap, pq, dice: perParticle(table, modesOf(table)).dice, found: table.predictions.ids.length - 1, truths: table.truths.ids.length - 1, seconds };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function cellsOf(scores: readonly Scores[]): string[] {
  const sum = (of: (score: Scores) => number): number => scores.reduce((total, score) => total + of(score), 0);
  const mean = (of: (score: Scores) => number): string => (sum(of) / scores.length).toFixed(2);
  return [
    mean(({ f1 }) => f1), mean(({ meanF1 }) => meanF1), mean(({ ap }) => ap), mean(({ pq }) => pq), mean(({ dice }) => dice),
    `${sum(({ found }) => found)} / ${sum(({ truths }) => truths)}`, sum(({ seconds }) => seconds).toFixed(1),
  ];
}
