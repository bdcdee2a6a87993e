// Steps that mend a mask.
import type { Shape } from "#server/classical/kernels/morphology.ts";
import type { Connectivity } from "#server/classical/kernels/size3.ts";
import type { Field } from "../tiles/field.ts";
import type { Tiles } from "../tiles/tiles.ts";
import { inVoxels } from "./grey-steps.ts";
import { dropMask, keepComponents, labelAll, writeMask } from "./passes.ts";
import { maskOf } from "./step.ts";
import type { Found, ParameterInfo, Parameters, RunState, Step } from "./step.ts";

const radius: ParameterInfo = { name: "radius", type: "number", value: 1, min: 0, max: 20, whole: true, unit: "voxels", about: "0 = off" };
const shape: ParameterInfo = { name: "shape", type: "choice", value: "cross", choices: ["cross", "box", "ball"], about: "cross: neighbours by faces" };
export const connectivity: ParameterInfo = { name: "connectivity", type: "choice", value: "26", choices: ["6", "18", "26"], about: "neighbours by faces; by edges too; by corners too" };

export function connectivityOf(parameters: Parameters): Connectivity {
  const text = parameters.choice("connectivity");
  return text === "6" ? 6 : text === "18" ? 18 : 26;
}

function shapeOf(parameters: Parameters): Shape {
  const text = parameters.choice("shape");
  return text === "box" || text === "ball" ? text : "cross";
}

function morphology(step: "erode" | "dilate" | "open" | "close", title: string): Step {
  return {
    step, title, passes: 1, takes: "mask", gives: "mask", parameters: [radius, shape],
    run: async (state, parameters, tiles): Promise<Found> => {
      const mask = maskOf(state);
      const size = parameters.number("radius");
      if (size === 0) return {};
      const changed: Field = { op: "local", kernel: { kernel: step, radius: size, shape: shapeOf(parameters) }, of: mask };
      const within: Field = (step === "close" || step === "dilate") && tiles.limits !== undefined ? { op: "limited", of: changed, other: tiles.limits } : changed;
      return replace(state, await writeMask(step, within, tiles), tiles);
    },
  };
}

export const erode = morphology("erode", "Erode the mask");
export const dilate = morphology("dilate", "Dilate the mask");
export const open = morphology("open", "Open the mask");
export const close = morphology("close", "Close gaps of the mask");

export const aboveMean: Step = {
  step: "above-mean", passes: 1, title: "Keep what is brighter than its surroundings", takes: "mask", gives: "mask",
  parameters: [{ name: "sigma", type: "number", value: 0, min: 0, max: 30, unit: "smallest voxel sides", about: "voxels of the mask below the Gaussian mean around them go, which parts bodies that blur into each other; 0 = off" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    const sigma = parameters.number("sigma");
    if (sigma === 0) return {};
    const mean: Field = { op: "local", kernel: { kernel: "gaussian", sigma: inVoxels(sigma, tiles) }, of: state.grey };
    const above: Field = { op: "at-least", low: 0, of: { op: "minus", of: state.grey, other: mean } };
    return replace(state, await writeMask("above-mean", { op: "limited", of: above, other: maskOf(state) }, tiles), tiles);
  },
};

export const fill: Step = {
  step: "fill", passes: 2, title: "Fill holes", takes: "mask", gives: "mask",
  parameters: [{ name: "holes", type: "flag", value: true, about: "background that reaches no face of the volume by its own faces becomes part of the mask" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    if (!parameters.flag("holes")) return {};
    const mask = maskOf(state);
    const labelled = await labelAll("fill", { op: "not", of: mask }, 6, tiles);
    const { bounds } = labelled.join.pieces.sums();
    const { size } = tiles.grid;
    // An axis with one voxel has no faces: a single slice is filled as a plane.
    const inner = (root: number): boolean => [0, 1, 2].every((axis) => size[axis] === 1 || (bounds[6 * root + axis]! > 0 && bounds[6 * root + 3 + axis]! < size[axis]!));
    return replace(state, await keepComponents("fill-keep", labelled, inner, true, tiles), tiles);
  },
};

export const background: Step = {
  step: "background", passes: 2, title: "Everything but the background", takes: "mask", gives: "mask",
  parameters: [],
  run: async (state, _parameters, tiles): Promise<Found> => {
    const labelled = await labelAll("background", { op: "not", of: maskOf(state) }, 6, tiles);
    const { voxels, first } = labelled.join.pieces.sums();
    let most = 0;
    for (let root = 1; root < voxels.length; root++) if (voxels[root]! > voxels[most]! || (voxels[root] === voxels[most] && first[root]! < first[most]!)) most = root;
    return replace(state, await keepComponents("background-keep", labelled, (root) => root !== most, true, tiles), tiles);
  },
};

export const drop: Step = {
  step: "drop", passes: 2, title: "Drop small components", takes: "mask", gives: "mask",
  parameters: [{ name: "minVolume", type: "number", value: 200, min: 0, max: 1e12, whole: true, unit: "voxels", about: "smaller components go" }, connectivity],
  run: async (state, parameters, tiles): Promise<Found> => {
    const least = parameters.number("minVolume");
    if (least <= 1) return {};
    const labelled = await labelAll("drop", maskOf(state), connectivityOf(parameters), tiles);
    const { voxels } = labelled.join.pieces.sums();
    const components = voxels.reduce((count, size, root) => count + (size > 0 && labelled.join.pieces.sets.root(root) === root ? 1 : 0), 0);
    const kept = voxels.reduce((count, size) => count + (size >= least ? 1 : 0), 0);
    const found = replace(state, await keepComponents("drop-keep", labelled, (root) => voxels[root]! >= least, false, tiles), tiles);
    if (kept === 0 && components > 0) tiles.warn(`None of ${components} components has ${least} voxels.`);
    return { ...found, components, kept };
  },
};

function replace(state: RunState, { mask, voxels }: { mask: Field; voxels: number }, tiles: Tiles): { voxels: number } {
  dropMask(state.mask, tiles);
  state.mask = mask;
  return { voxels };
}
