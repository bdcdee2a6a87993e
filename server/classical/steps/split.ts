// The step that decides: which voxels of a mask are one particle.
import { countOf, quantile } from "#server/classical/kernels/histogram-statistics.ts";
import { manyBins } from "#server/classical/kernels/histogram.ts";
import type { HeightBins } from "#server/classical/kernels/basins.ts";
import type { MergeRule } from "#server/classical/kernels/merge-basins.ts";
import { chunkBox } from "../tiles/chunk-grid.ts";
import type { Field } from "../tiles/field.ts";
import { joinBasins } from "../tiles/join-basins.ts";
import type { BasinsTask } from "../tiles/tile-task.ts";
import type { Tiles } from "../tiles/tiles.ts";
import { middles, writeDistances } from "./distances.ts";
import { autoLevel, histogramOver, occupied } from "./grey-histogram.ts";
import { inVoxels } from "./grey-steps.ts";
import { everyChunk, labelAll } from "./passes.ts";
import { maskOf } from "./step.ts";
import type { Found, Labelled, Parameters, RunState, Step } from "./step.ts";

export const split: Step = {
  step: "split", passes: 5, title: "Split the mask into objects", takes: "mask", gives: "labels",
  parameters: [
    { name: "method", type: "choice", value: "auto", choices: ["auto", "plates", "ridge", "edt", "base", "none"], about: "plates: thin plates, by their bright middle, looked at across the way they lie; ridge: the same without a direction; edt: compact grains, by their necks; auto: plates when bodies are thin, else edt; base: what is left of them above Otsu's threshold on the distance map, grown back; none: components" },
    { name: "thin", type: "number", value: 4.3, min: 0, max: 8, unit: "smallest voxel sides", about: "auto: bodies are thin when three quarters of their middles are nearer to their surface than this" },
    { name: "across", type: "number", value: 1.1, min: 0.5, max: 3, unit: "voxels", about: "plates: scale across a plate, about thickness / 3.5" },
    { name: "reach", type: "number", value: 5, min: 1, max: 12, unit: "voxels", about: "plates: scale in the plane of a plate" },
    { name: "rho", type: "number", value: 6, min: 2, max: 12, unit: "voxels", about: "plates: scale at which the way they lie is looked for" },
    { name: "sigma", type: "number", value: 1.4, min: 0.3, max: 20, unit: "smallest voxel sides", about: "ridge: of the Laplacian of Gaussian, about thickness / 3.5" },
    { name: "rise", type: "number", value: 0.3, min: 0, max: 5, about: "plates: two plates must each rise so far above where they meet, in parts of the map's 90th percentile in the mask" },
    { name: "percentile", type: "number", value: 60, min: 0, max: 100, unit: "%", about: "ridge: cores are the mask's voxels above this part of its values" },
    { name: "minCore", type: "number", value: 50, min: 1, max: 1e9, whole: true, unit: "voxels", about: "ridge: smaller cores make no object of their own; plates: with so many voxels" },
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
      method = middle < parameters.number("thin") ? "plates" : "edt";
      Object.assign(found, { method, thickness: middle });
    }
    if (method === "none") Object.assign(found, await components(state, 26, tiles));
    else Object.assign(found, method === "ridge" ? await splitByRidge(state, mask, parameters, tiles) : method === "plates" ? await splitByPlates(state, mask, parameters, tiles) : await splitByDistance(state, mask, method, parameters, tiles));
    return { ...found, objects: state.labels?.objects.length ?? 0 };
  },
};

async function splitByRidge(state: RunState, mask: Field, parameters: Parameters, tiles: Tiles): Promise<Found> {
  const sigma = inVoxels(parameters.number("sigma"), tiles);
  const map: Field = { op: "negated", of: { op: "local", kernel: { kernel: "laplacian", sigma }, of: state.sharp } };
  // The taps of the kernel sum to less than this in size, times the span of the values it meets.
  const bound = Math.max(1e-6, (2 / Math.min(...sigma) ** 2) * (state.greyRange.high - state.greyRange.low));
  return splitByCores(state, map, mask, bound, parameters, tiles);
}

/** Enough to count by: fewer blur the rise, more cost memory for every basin. */
const heightBins = 32;

async function splitByPlates(state: RunState, mask: Field, parameters: Parameters, tiles: Tiles): Promise<Found> {
  const store = tiles.store("float32");
  const field: Field = { op: "plates", sigma: parameters.number("across"), reach: parameters.number("reach"), rho: parameters.number("rho"), of: state.sharp, other: mask };
  await tiles.run<"write">("plates", everyChunk(tiles).map((chunk) => ({ kind: "write", box: chunkBox(tiles.grid, chunk), field, store })), () => undefined);
  const map: Field = { op: "store", store };
  // A second derivative with unit lobes is never larger than the span of the values it meets.
  const bound = Math.max(1e-6, 2 * (state.greyRange.high - state.greyRange.low));
  const histogram = await histogramOver("plates-histogram", map, mask, { low: -bound, high: bound, bins: manyBins }, tiles);
  if (countOf(histogram) === 0) return components(state, 26, tiles);
  const strong = quantile(histogram, 0.9);
  const rise = parameters.number("rise") * Math.max(0, strong);
  const bins: HeightBins = { from: 0, step: Math.max(Number.MIN_VALUE, quantile(histogram, 0.995)) / heightBins, count: heightBins };
  await splitByBasins(state, map, mask, { rule: "volume", rise, minVoxels: parameters.number("minCore"), bins }, tiles);
  tiles.drop(store);
  return { strong, rise };
}

/** Markers are what hangs together above a percentile of the map in the mask. @param bound no value of the map is larger */
async function splitByCores(state: RunState, map: Field, mask: Field, bound: number, parameters: Parameters, tiles: Tiles): Promise<Found> {
  const histogram = await histogramOver("core-histogram", map, mask, { low: -bound, high: bound, bins: manyBins }, tiles);
  if (countOf(histogram) === 0) return components(state, 26, tiles);
  const level = quantile(histogram, parameters.number("percentile") / 100);
  await splitByBasins(state, map, mask, { rule: "cores", level, minHigh: parameters.number("minCore") }, tiles);
  return { level };
}

async function splitByDistance(state: RunState, mask: Field, method: string, parameters: Parameters, tiles: Tiles): Promise<Found> {
  const distances = await writeDistances(mask, tiles);
  if (method === "base") {
    const longest = Math.hypot(...tiles.grid.size.map((side, axis) => side * tiles.spacing[axis]!));
    const histogram = await histogramOver("base-histogram", distances, undefined, { low: 0, high: longest, bins: manyBins }, tiles);
    // Without background nothing is at a distance from it.
    const level = countOf(histogram) === 0 || occupied(histogram).low === occupied(histogram).high ? 0 : autoLevel(histogram, "Otsu");
    await splitByBasins(state, distances, mask, { rule: "cores", level, minHigh: 1 }, tiles);
    tiles.drop(distances.store);
    return { level };
  }
  const smooth = parameters.number("smooth");
  const map: Field = smooth === 0 ? distances : { op: "local", kernel: { kernel: "gaussian", sigma: inVoxels(smooth, tiles) }, of: distances };
  await splitByBasins(state, map, mask, { rule: "depth", depth: parameters.number("h") }, tiles);
  tiles.drop(distances.store);
  return {};
}

function basinTasks(map: Field, inside: Field, seeds: Field | undefined, rule: MergeRule, store: string, tiles: Tiles): BasinsTask[] {
  const none: HeightBins = { from: Infinity, step: Infinity, count: 1 };
  const bins = rule.rule === "volume" ? rule.bins : rule.rule === "cores" ? { ...none, from: rule.level } : none;
  const rise = rule.rule === "volume" ? { rise: rule.rise } : rule.rule === "depth" ? { rise: rule.depth } : rule.rule === "cores" ? { level: rule.level } : { rise: Infinity };
  return everyChunk(tiles).map((chunk) => ({ kind: "basins", box: chunkBox(tiles.grid, chunk), map, inside, seeds, bins, rise, store }));
}

/** The mask's objects by the basins of a map, in a new store. @param seeds are what objects grow from, if there are any, whatever the rule */
export async function splitByBasins(state: RunState, map: Field, mask: Field, rule: MergeRule, tiles: Tiles, seeds = tiles.seeds): Promise<void> {
  const store = tiles.store("uint32");
  const join = joinBasins(tiles.grid);
  const chosen: MergeRule = seeds === undefined ? rule : { rule: "seeds" };
  const tasks = basinTasks(map, mask, seeds, chosen, store, tiles);
  await tiles.run("basins", tasks, (chunk, piece) => join.add(chunk, piece));
  const { tables, objects } = join.objects(chosen);
  tiles.relabel(store, tables);
  state.labels = { store, tables, objects };
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

