// Steps that make grey values from grey values. Nothing is computed by them: later passes read through them.
import { median } from "#server/classical/kernels/histogram-statistics.ts";
import { gaussianSmooth } from "#server/classical/kernels/smooth.ts";
import { polarityOf, tailSkew } from "#server/classical/kernels/tail-skew.ts";
import type { Field } from "../tiles/field.ts";
import { chunkGrid, chunkBox } from "../tiles/chunk-grid.ts";
import type { Tiles } from "../tiles/tiles.ts";
import { greyHistogram, mirrored } from "./grey-histogram.ts";
import type { Found, RunState, Step } from "./step.ts";

/** Columns are looked at on no more slices than this, evenly spread: a median of so many is as good as one of all. */
const mostSamples = 512;
/** With fewer slices a column's median follows the particles in it. */
const fewestSlices = 64;

export const rings: Step = {
  step: "rings", passes: 1, title: "Take off rings and lines along z", takes: "grey", gives: "grey",
  parameters: [
    { name: "correct", type: "choice", value: "auto", choices: ["auto", "on", "off"], about: "what is the same on every slice is taken off; auto: from 64 slices on" },
    { name: "sigma", type: "number", value: 3, min: 0.5, max: 100, unit: "voxels", about: "what is wider than this stays" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const { size } = tiles.grid;
    const choice = parameters.choice("correct");
    if (choice === "off" || (choice === "auto" && size[0] < fewestSlices)) return { corrected: false };
    const every = Math.ceil(size[0] / mostSamples);
    // Columns of voxels: all slices of one tile of a plane.
    const flat = chunkGrid([1, size[1], size[2]], tiles.grid.side);
    const medians = new Float32Array(size[1] * size[2]);
    const tasks = Array.from({ length: flat.chunks }, (_, tile) => {
      const { start, end } = chunkBox(flat, tile);
      return { kind: "column-medians" as const, box: { start, end: [size[0], end[1], end[2]] as const }, field: state.grey, every };
    });
    await tiles.run<"column-medians">("rings", tasks, (nth, tile) => {
      const { start, end } = tasks[nth]!.box;
      const width = end[2] - start[2];
      for (let y = start[1]; y < end[1]; y++) medians.set(tile.subarray((y - start[1]) * width, (y - start[1] + 1) * width), y * size[2] + start[2]);
    });
    const sigma = parameters.number("sigma");
    const smooth = gaussianSmooth(medians, [1, size[1], size[2]], [0, sigma, sigma]);
    const [least, most] = [{ value: Infinity }, { value: -Infinity }];
    for (let at = 0; at < medians.length; at++) {
      medians[at]! -= smooth[at]!;
      least.value = Math.min(least.value, medians[at]!);
      most.value = Math.max(most.value, medians[at]!);
    }
    const plane = `rings-${tiles.nth()}`;
    tiles.plane(plane, medians);
    changeGrey(state, { op: "minus-plane", plane, of: state.grey });
    state.greyRange = { low: state.greyRange.low - most.value, high: state.greyRange.high - least.value, whole: false };
    state.sharp = state.grey;
    return { corrected: true, slices: Math.ceil(size[0] / every), strongest: Math.max(most.value, -least.value) };
  },
};

export const denoise: Step = {
  step: "denoise", title: "Denoise", takes: "grey", gives: "grey",
  parameters: [
    { name: "method", type: "choice", value: "median", choices: ["median", "gaussian", "mean", "none"], about: "the median keeps thin edges" },
    { name: "radius", type: "number", value: 1, min: 0, max: 5, whole: true, unit: "voxels", about: "of median and mean: cubes of 2 radius + 1" },
    { name: "sigma", type: "number", value: 1, min: 0, max: 20, unit: "smallest voxel sides", about: "of the Gaussian" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const method = parameters.choice("method");
    const radius = parameters.number("radius");
    if (method === "gaussian") changeGrey(state, { op: "local", kernel: { kernel: "gaussian", sigma: inVoxels(parameters.number("sigma"), tiles) }, of: state.grey });
    else if (method !== "none" && radius > 0) changeGrey(state, { op: "local", kernel: { kernel: method === "median" ? "median" : "box-mean", radius }, of: state.grey });
    else return {};
    if (method !== "median") state.greyRange = { ...state.greyRange, whole: false };
    return {};
  },
};

export const flatten: Step = {
  step: "flatten", title: "Flatten the background", takes: "grey", gives: "grey",
  parameters: [{ name: "radius", type: "number", value: 0, min: 0, max: 100, whole: true, unit: "voxels", about: "the mean of a cube of 2 radius + 1 is taken off; 0 = off" }],
  run: async (state, parameters): Promise<Found> => {
    const radius = parameters.number("radius");
    if (radius === 0) return {};
    const without = (of: Field): Field => ({ op: "minus", of, other: { op: "local", kernel: { kernel: "box-mean", radius }, of } });
    const { low, high } = state.greyRange;
    state.sharp = without(state.sharp);
    changeGrey(state, without(state.grey));
    state.greyRange = { low: low - high, high: high - low, whole: false };
    return {};
  },
};

export const polarity: Step = {
  step: "polarity", passes: 1, title: "Make particles bright", takes: "grey", gives: "grey",
  parameters: [{ name: "particles", type: "choice", value: "auto", choices: ["auto", "dark", "bright"], about: "dark ones are inverted; auto: the side of the longer tail of the grey values" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    const chosen = parameters.choice("particles");
    const histogram = await greyHistogram("polarity", state, tiles);
    const particles = chosen === "auto" ? polarityOf(histogram) : chosen;
    const skew = Number(tailSkew(histogram).toFixed(4));
    if (particles === "dark") {
      const { low, high } = state.greyRange;
      changeGrey(state, { op: "negated", of: state.grey });
      state.sharp = { op: "negated", of: state.sharp };
      state.greyRange = { low: -high, high: -low, whole: false };
      state.histogram = mirrored(histogram);
    }
    return { particles, skew, median: median(histogram) };
  },
};

export const gradient: Step = {
  step: "gradient", title: "Strength of edges", takes: "grey", gives: "grey",
  parameters: [{ name: "sigma", type: "number", value: 0, min: 0, max: 20, unit: "smallest voxel sides", about: "of the Gaussian derivatives; 0 = central differences" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    const sigma = parameters.number("sigma");
    changeGrey(state, { op: "local", kernel: { kernel: "gradient", sigma: inVoxels(sigma, tiles) }, of: state.grey });
    const { low, high } = state.greyRange;
    // No difference of neighbours, along three axes, is larger.
    state.greyRange = { low: 0, high: Math.sqrt(3) * (high - low), whole: false };
    return {};
  },
};

export const enhance: Step = {
  step: "enhance", title: "Enhance edges, blobs or sheets", takes: "grey", gives: "grey",
  parameters: [
    { name: "method", type: "choice", value: "unsharp", choices: ["unsharp", "difference", "laplacian", "sheetness"], about: "unsharp mask; difference of Gaussians; minus the Laplacian of Gaussian; minus the least curvature" },
    { name: "sigma", type: "number", value: 1, min: 0.3, max: 20, unit: "smallest voxel sides", about: "of the Gaussian; of a difference the finer one" },
    { name: "coarse", type: "number", value: 1.6, min: 1.01, max: 10, about: "difference: the other Gaussian is so many times as wide" },
    { name: "amount", type: "number", value: 1, min: 0, max: 20, about: "unsharp: how much of what the Gaussian took away is added" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const [method, width, amount] = [parameters.choice("method"), parameters.number("sigma"), parameters.number("amount")];
    const sigma = inVoxels(width, tiles);
    const { low, high } = state.greyRange;
    const span = high - low;
    // None of them goes further beyond the values it meets than its taps sum to in size.
    const curved = (2 / Math.min(...sigma) ** 2) * span;
    if (method === "unsharp") {
      changeGrey(state, { op: "local", kernel: { kernel: "unsharp", sigma, amount }, of: state.grey });
      state.greyRange = { low: low - amount * span, high: high + amount * span, whole: false };
    } else if (method === "difference") {
      changeGrey(state, { op: "local", kernel: { kernel: "difference", sigma, coarse: inVoxels(width * parameters.number("coarse"), tiles) }, of: state.grey });
      state.greyRange = { low: -span, high: span, whole: false };
    } else if (method === "laplacian") {
      changeGrey(state, { op: "negated", of: { op: "local", kernel: { kernel: "laplacian", sigma }, of: state.grey } });
      state.greyRange = { low: -curved, high: curved, whole: false };
    } else {
      changeGrey(state, { op: "local", kernel: { kernel: "sheetness", sigma }, of: state.grey });
      state.greyRange = { low: 0, high: curved, whole: false };
    }
    return {};
  },
};

/** What was known of the grey values before does not hold any more. */
function changeGrey(state: RunState, grey: Field): void {
  state.grey = grey;
  state.histogram = undefined;
}

/** A length in the smallest side of a voxel, along each axis in voxels. */
export function inVoxels(length: number, { spacing }: Pick<Tiles, "spacing">): [number, number, number] {
  return [length / spacing[0], length / spacing[1], length / spacing[2]];
}

