// From grey values to a mask by one threshold, or two with hysteresis, taken from one histogram of the whole volume.
import { thresholdMethods } from "#server/classical/kernels/auto-threshold.ts";
import type { AdaptiveThreshold } from "#server/classical/kernels/adaptive-threshold.ts";
import type { ThresholdMethod } from "#server/classical/kernels/auto-threshold.ts";
import { dbscanGrey } from "#server/classical/kernels/dbscan-grey.ts";
import { median, medianDistance } from "#server/classical/kernels/histogram-statistics.ts";
import { countOf } from "#server/classical/kernels/histogram-statistics.ts";
import type { Histogram } from "#server/classical/kernels/histogram.ts";
import { kmeansGrey } from "#server/classical/kernels/kmeans-grey.ts";
import type { StepValue } from "../contract.ts";
import type { Field } from "../tiles/field.ts";
import { autoLevel, greyHistogram } from "./grey-histogram.ts";
import { keepComponents, labelAll, writeMask } from "./passes.ts";
import type { Found, Parameters, Step } from "./step.ts";

/** A normal distribution's standard deviation is so many times its median absolute deviation. */
const deviationsOfMad = 1.4826;

export const threshold: Step = {
  step: "threshold", passes: 3, title: "Threshold", takes: "grey", gives: "mask",
  parameters: [
    { name: "method", type: "choice", value: "robust", choices: ["robust", "fixed", ...thresholdMethods, "kmeans", "dbscan"], about: "robust: median + low (and high) x standard deviation, from the MAD: for solids below about 10 %; fixed: grey values; kmeans, dbscan: the brightest class of grey values, both experimental; else ImageJ's method of that name" },
    { name: "low", type: "number", value: 3, unit: "standard deviations or grey values", about: "voxels from here on are taken (robust, fixed)" },
    { name: "high", type: "number", value: 5, unit: "standard deviations or grey values", about: "a component is kept when it has a voxel from here on; no more than low = no hysteresis (robust, fixed)" },
    { name: "classes", type: "number", value: 3, min: 2, max: 20, whole: true, about: "kmeans" },
    { name: "eps", type: "number", value: 2, min: 0, max: 1e9, unit: "grey values", about: "dbscan: how near grey values of one cluster are" },
    { name: "minPoints", type: "number", value: 1000, min: 1, max: 1e15, whole: true, unit: "voxels", about: "dbscan: how many voxels within eps make a grey value dense" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const histogram = await greyHistogram("threshold-histogram", state, tiles);
    const found = thresholdsOf(histogram, parameters);
    const { low, high } = found;
    const above: Field = { op: "at-least", low, high: high > low ? high : undefined, of: state.grey };
    const taken: Field = tiles.notFinite > 0 ? { op: "limited", of: above, other: { op: "is-finite", of: { op: "raw" } } } : above;
    const within: Field = tiles.limits === undefined ? taken : { op: "limited", of: taken, other: tiles.limits };
    const first = await writeMask("threshold", within, tiles);
    state.mask = first.mask;
    let voxels = first.voxels;
    if (high > low && voxels > 0) {
      const labelled = await labelAll("hysteresis", first.mask, 26, tiles);
      const strong = labelled.join.strong();
      const kept = await keepComponents("hysteresis-keep", labelled, (root) => strong[root] === 1, false, tiles);
      tiles.drop(first.mask.store);
      state.mask = kept.mask;
      voxels = kept.voxels;
    }
    if (voxels === 0) tiles.warn(parameters.choice("method") === "robust" ? "No voxel is above the threshold. Where solids fill more than about a tenth of the volume, take an automatic method (threshold.method = Otsu or Li)." : "No voxel is above the threshold.");
    return { ...found, voxels };
  },
};

export const localThreshold: Step = {
  step: "local-threshold", title: "Threshold by the surroundings", takes: "grey", gives: "mask", passes: 1,
  parameters: [
    { name: "method", type: "choice", value: "mean", choices: ["mean", "gaussian", "niblack", "sauvola"], about: "what a voxel must be brighter than: a mean of its surroundings, or one less so many standard deviations" },
    { name: "radius", type: "number", value: 15, min: 1, max: 60, whole: true, unit: "voxels", about: "of the box; a Gaussian has half of it as its sigma" },
    { name: "offset", type: "number", value: 0, unit: "grey values", about: "mean, gaussian: taken off the mean" },
    { name: "k", type: "number", value: 0.2, min: -10, max: 10, about: "niblack, sauvola" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const [method, radius, offset, k] = [parameters.choice("method"), parameters.number("radius"), parameters.number("offset"), parameters.number("k")];
    const { low, high } = state.greyRange;
    const around = (low + high) / 2;
    const how: AdaptiveThreshold = method === "mean" ? { method, radius, offset } : method === "gaussian" ? { method, sigma: radius / 2, offset } : method === "niblack" ? { method, radius, k, around } : { method: "sauvola", radius, k, range: (high - low) / 2, around };
    const above: Field = { op: "local", kernel: { kernel: "adaptive", how }, of: state.grey };
    const { mask, voxels } = await writeMask("local-threshold", tiles.limits === undefined ? above : { op: "limited", of: above, other: tiles.limits }, tiles);
    state.mask = mask;
    return { voxels };
  },
};

function thresholdsOf(histogram: Histogram, parameters: Parameters): { low: number; high: number } & Record<string, StepValue> {
  const method = parameters.choice("method");
  const [low, high] = [parameters.number("low"), parameters.number("high")];
  if (method === "fixed" || countOf(histogram) === 0) return { low, high: Math.max(low, high) };
  if (method === "robust") {
    const middle = median(histogram);
    const deviation = deviationsOfMad * medianDistance(histogram);
    return { low: middle + low * deviation, high: middle + Math.max(low, high) * deviation, median: middle, deviation };
  }
  if (method === "kmeans") {
    const level = kmeansGrey(histogram, parameters.number("classes")).thresholds.at(-1) ?? Infinity;
    return { low: level, high: level };
  }
  if (method === "dbscan") {
    const { clusters } = dbscanGrey(histogram, parameters.number("eps"), parameters.number("minPoints"));
    const level = clusters.length < 2 ? Infinity : clusters.at(-1)!.from;
    return { low: level, high: level, clusters: clusters.length };
  }
  const level = autoLevel(histogram, autoMethod(method));
  return { low: level, high: level };
}

function autoMethod(name: string): ThresholdMethod {
  return thresholdMethods.find((method) => method === name) ?? "Otsu";
}

