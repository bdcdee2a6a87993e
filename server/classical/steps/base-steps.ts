// What FDS-base does with a distance map: cut it by a threshold of its own, and let the pieces grow back.
import { thresholdMethods } from "#server/classical/kernels/auto-threshold.ts";
import { manyBins } from "#server/classical/kernels/histogram.ts";
import { countOf } from "#server/classical/kernels/histogram-statistics.ts";
import type { Field } from "../tiles/field.ts";
import { writeDistances } from "./distances.ts";
import { autoLevel, histogramOver, occupied } from "./grey-histogram.ts";
import { dropMask, writeMask } from "./passes.ts";
import { splitByBasins } from "./split.ts";
import { labelsOf, maskOf } from "./step.ts";
import type { Found, Step } from "./step.ts";

/** Rounds of CLIJ2's map: thicker bodies are as thick as this. */
const clijRounds = 32;

export const distance: Step = {
  step: "distance", passes: 2, title: "Distance map", takes: "mask", gives: "map",
  parameters: [{ name: "metric", type: "choice", value: "euclidean", choices: ["euclidean", "clij2"], about: "euclidean: exact, with the voxel's sides; clij2: that program's whole numbers, up to 32" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    const mask = maskOf(state);
    state.map = parameters.choice("metric") === "euclidean" ? await writeDistances(mask, tiles) : { op: "local", kernel: { kernel: "clij-distance", rounds: clijRounds }, of: mask };
    return {};
  },
};

export const cut: Step = {
  step: "cut", passes: 2, title: "Threshold the distance map", takes: "map", gives: "mask",
  parameters: [
    { name: "method", type: "choice", value: "Otsu", choices: thresholdMethods, about: "on 256 bins" },
    { name: "over", type: "choice", value: "volume", choices: ["volume", "mask"], about: "volume: with the zeros outside, as CLIJ2 does it, which cuts off a voxel or two; mask: without them" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const bodies = maskOf(state);
    const map: Field = state.map ?? bodies;
    const longest = Math.hypot(...tiles.grid.size.map((side, axis) => side * tiles.spacing[axis]!));
    const histogram = await histogramOver("cut-histogram", map, parameters.choice("over") === "mask" ? bodies : undefined, { low: 0, high: longest, bins: manyBins }, tiles);
    const method = thresholdMethods.find((name) => name === parameters.choice("method"))!;
    const level = countOf(histogram) === 0 || occupied(histogram).high === occupied(histogram).low ? 0 : autoLevel(histogram, method);
    const { mask, voxels } = await writeMask("cut", { op: "limited", of: { op: "at-least", low: level, of: map }, other: bodies }, tiles);
    state.bodies = bodies;
    state.mask = mask;
    return { level, voxels };
  },
};

export const grow: Step = {
  step: "grow", passes: 1, title: "Grow objects back", takes: "labels", gives: "labels",
  parameters: [{ name: "back", type: "flag", value: false, about: "into the mask that the distance map was made of, down the map" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    if (!parameters.flag("back") || state.bodies === undefined || state.map === undefined) return {};
    const before = labelsOf(state);
    await splitByBasins(state, state.map, state.bodies, { rule: "seeds" }, tiles, { op: "store", store: before.store });
    tiles.drop(before.store);
    dropMask(state.mask, tiles);
    state.mask = state.bodies;
    // They grew from labels, which no person numbered.
    const grown = labelsOf(state);
    state.labels = { ...grown, objects: grown.objects.map((object) => ({ ...object, seed: before.objects[object.seed - 1]?.seed ?? 0 })) };
    return { objects: labelsOf(state).objects.length };
  },
};
