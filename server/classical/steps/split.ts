// The step that decides: which voxels of a mask are one particle.
import { countOf, quantile } from "#server/classical/kernels/histogram-statistics.ts";
import { manyBins } from "#server/classical/kernels/histogram.ts";
import { otsuThreshold } from "#server/classical/kernels/otsu.ts";
import type { MergeRule } from "#server/classical/kernels/merge-basins.ts";
import { chunkBox } from "../tiles/chunk-grid.ts";
import type { Field } from "../tiles/field.ts";
import { joinBasins } from "../tiles/join-basins.ts";
import type { BasinsTask } from "../tiles/tile-task.ts";
import { middles, writeDistances } from "./distances.ts";
import { histogramOver } from "./grey-histogram.ts";
import { inVoxels } from "./grey-steps.ts";
import { everyChunk, labelAll } from "./passes.ts";
import { maskOf } from "./step.ts";
import type { Found, Labelled, Parameters, RunState, Step, Tiles } from "./step.ts";

export const split: Step = {
  step: "split", title: "Split the mask into objects", takes: "mask", gives: "labels",
  parameters: [
    { name: "method", type: "choice", value: "auto", choices: ["auto", "ridge", "edt", "base", "none"], about: "ridge: thin plates, by their bright middle; edt: compact grains, by their necks; auto: ridge when bodies are thin, else edt; base: what is left of them above Otsu's threshold on the distance map, grown back; none: components" },
    { name: "thin", type: "number", value: 3.5, min: 0, max: 8, unit: "smallest voxel sides", about: "auto: bodies are thin when three quarters of their middles are nearer to their surface than this" },
    { name: "sigma", type: "number", value: 1.4, min: 0.3, max: 20, unit: "smallest voxel sides", about: "ridge: of the Laplacian of Gaussian, about thickness / 3.5" },
    { name: "percentile", type: "number", value: 60, min: 0, max: 100, unit: "%", about: "ridge: cores are the mask's voxels above this part of its ridge values" },
    { name: "minCore", type: "number", value: 40, min: 1, max: 1e9, whole: true, unit: "voxels", about: "ridge: smaller cores make no object of their own" },
    { name: "h", type: "number", value: 0.75, min: 0, max: 1000, unit: "smallest voxel sides", about: "edt: how much narrower than its parts a neck must be" },
    { name: "smooth", type: "number", value: 1, min: 0, max: 20, unit: "smallest voxel sides", about: "edt: Gaussian on the distances" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const mask = maskOf(state);
    const chosen = parameters.choice("method");
    const found: Record<string, Found[string]> = {};
    let method = chosen;
    if (tiles.seeds !== undefined && chosen === "none") tiles.warn("Seeds were given, but the recipe does not split.");
    if (chosen === "auto") {
      const thickness = await middles(mask, tiles);
      const middle = countOf(thickness) === 0 ? 0 : quantile(thickness, 0.75);
      method = middle < parameters.number("thin") ? "ridge" : "edt";
      Object.assign(found, { method, thickness: middle });
    }
    if (method === "none") Object.assign(found, await components(state, 26, tiles));
    else Object.assign(found, method === "ridge" ? await splitByRidge(state, mask, parameters, tiles) : await splitByDistance(state, mask, method, parameters, tiles));
    return { ...found, objects: state.labels?.objects.length ?? 0 };
  },
};

async function splitByRidge(state: RunState, mask: Field, parameters: Parameters, tiles: Tiles): Promise<Found> {
  const sigma = inVoxels(parameters.number("sigma"), tiles);
  const map: Field = { op: "negated", of: { op: "local", kernel: { kernel: "laplacian", sigma }, of: state.sharp } };
  // The taps of the kernel sum to less than this in size, times the span of the values it meets.
  const bound = Math.max(1e-6, (2 / Math.min(...sigma) ** 2) * (state.greyRange.high - state.greyRange.low));
  const histogram = await histogramOver("ridge-histogram", map, mask, { low: -bound, high: bound, bins: manyBins }, tiles);
  if (countOf(histogram) === 0) return components(state, 26, tiles);
  const level = quantile(histogram, parameters.number("percentile") / 100);
  return splitByBasins(state, map, mask, level, { rule: "cores", level, minHigh: parameters.number("minCore") }, tiles);
}

async function splitByDistance(state: RunState, mask: Field, method: string, parameters: Parameters, tiles: Tiles): Promise<Found> {
  const distances = await writeDistances(mask, tiles);
  if (method === "base") {
    const longest = Math.hypot(...tiles.grid.size.map((side, axis) => side * tiles.spacing[axis]!));
    const histogram = await histogramOver("base-histogram", distances, undefined, { low: 0, high: longest, bins: manyBins }, tiles);
    // Without background nothing is at a distance from it.
    const level = countOf(histogram) === 0 ? 0 : otsuThreshold(histogram).value;
    const base = await splitByBasins(state, distances, mask, level, { rule: "cores", level, minHigh: 1 }, tiles);
    tiles.drop(distances.store);
    return base;
  }
  const smooth = parameters.number("smooth");
  const map: Field = smooth === 0 ? distances : { op: "local", kernel: { kernel: "gaussian", sigma: inVoxels(smooth, tiles) }, of: distances };
  const found = await splitByBasins(state, map, mask, Infinity, { rule: "depth", depth: parameters.number("h") }, tiles);
  tiles.drop(distances.store);
  return found;
}

export async function splitByBasins(state: RunState, map: Field, mask: Field, level: number, rule: MergeRule, tiles: Tiles, seeds = tiles.seeds): Promise<Found> {
  const store = tiles.store("uint32");
  const join = joinBasins(tiles.grid);
  const tasks = everyChunk(tiles).map((chunk): BasinsTask => ({ kind: "basins", box: chunkBox(tiles.grid, chunk), map, inside: mask, seeds, level, store }));
  await tiles.run("basins", tasks, (chunk, piece) => join.add(chunk, piece));
  const { tables, objects, basins } = join.objects(seeds === undefined ? rule : { rule: "seeds" });
  tiles.relabel(store, tables);
  state.labels = { store, tables, objects };
  return { basins, ...(Number.isFinite(level) ? { level } : {}) };
}

/** Components as objects. */
export async function components(state: RunState, connectivity: 6 | 18 | 26, tiles: Tiles): Promise<Found> {
  const store = tiles.store("uint32");
  const { join } = await labelAll("components", maskOf(state), connectivity, tiles, store);
  const numbered = join.pieces.number(() => true);
  tiles.relabel(store, numbered.tables);
  state.labels = { store, ...numbered };
  return { components: numbered.objects.length };
}

/** Labels in a new store take the place of those before. */
export function replaceLabels(state: RunState, labels: Labelled, tiles: Tiles): void {
  if (state.labels !== undefined) tiles.drop(state.labels.store);
  state.labels = labels;
}

