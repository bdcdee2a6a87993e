// How well the product finds objects: recipes by themselves, and masklets from what a person would say of each object. On phantoms, on made
// scenes of which none was trained on, and on the stacks with true labels of the folder that `--data` or MASKLET_REAL_DATA names.
import { builtInRecipes } from "#server/classical/built-in-recipes.ts";
import { judgeScene, type JudgedScene } from "./masklet-judging.ts";
import { writeCurve } from "./masklet-curve.ts";
import { writeGallery } from "./masklet-gallery.ts";
import { openMaskletModels } from "./masklet-models.ts";
import { maskletTable, objectTable, scoresOf, writeScores, type JudgedGroup } from "./masklet-scores.ts";
import { madeScenes } from "./made-scenes.ts";
import { folderScenes } from "./quality-folder.ts";
import { phantomScenes, type SceneGroup } from "./quality-scenes.ts";
import { particleDices, recipeTable, runOn, type RecipeLine, type RecipeRun } from "./recipe-quality.ts";
import type { Bench, BenchOptions } from "./table.ts";

/** Objects of one group, and at least one of each of its scenes. */
const objectsOfGroup = 6;
const objectsOfScene = 12;
const scenesOfKind = 1;
const correctionsOfBox = 5;
/** Stands beside masklets. */
const besides = "fds";

export const quality: Bench = {
  name: "quality",
  run: async (options = {}) => {
    const { groups, notScored } = await groupsOf(options);
    const corrections = options.corrections ?? correctionsOfBox;
    const { models, trackers, close } = await openMaskletModels({ ids: options.models, weights: options.weights, imageSize: options.imageSizes?.[0] });
    const lines: RecipeLine[] = [];
    const judged: JudgedGroup[] = [];
    try {
      for (const group of groups) {
        const most = Math.min(objectsOfScene, Math.ceil((options.objects ?? objectsOfGroup) / group.scenes));
        const names = (options.recipes ?? builtInRecipes.map(({ name }) => name)).filter((name) => group.forRecipes && name !== besides);
        const runs = new Map<string, RecipeRun[]>([besides, ...names].map((name) => [name, []]));
        const scenes: (JudgedScene & { readonly recipe: readonly number[] })[] = [];
        for await (const scene of group.open()) {
          for (const [name, ofRecipe] of runs) ofRecipe.push(await runOn(scene, name));
          // Of equal seeds equal objects, whichever models are asked.
          const found = await judgeScene(scene, trackers, models.map(({ id }) => id), most, scenes.length + 1, corrections);
          scenes.push({ ...found, recipe: particleDices(runs.get(besides)!.at(-1)!.table, found.choice.chosen.map(({ id }) => id)) });
        }
        if (group.forRecipes) for (const [recipe, ofRecipe] of runs) lines.push({ volume: group.name, recipe, runs: ofRecipe });
        judged.push({ name: group.name, scenes });
      }
    } finally {
      await close();
    }
    const scores = scoresOf(judged, models);
    if (options.gallery !== undefined) {
      for (const { id } of models) await writeGallery(options.gallery, id, judged, groups);
      if (corrections > 0) await writeCurve(options.gallery, scores, corrections);
    }
    if (options.write !== undefined) {
      const kept = writeScores(options.write, scores);
      process.stderr.write(`  ${options.write} is written${kept.length > 0 ? `; of an earlier run by the same objects it keeps ${kept.join(", ")}` : ""}\n`);
    }
    return [recipeTable(lines), maskletTable(judged, models.map(({ id }) => id), besides, notScored, corrections), objectTable(judged)];
  },
};

async function groupsOf({ data = process.env["MASKLET_REAL_DATA"], scenes = scenesOfKind }: BenchOptions): Promise<{ readonly groups: readonly SceneGroup[]; readonly notScored: readonly string[] }> {
  const made = scenes === 0 ? [] : (madeScenes(scenes) ?? []);
  const { groups, notScored } = data === undefined ? { groups: [], notScored: [] } : await folderScenes(data);
  return { groups: [...phantomScenes(), ...made, ...groups], notScored };
}
