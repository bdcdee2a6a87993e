// Iterative thresholding: what one threshold joins another parts, and each branch of the tree of components is taken where it looks best.
// After the 3D ImageJ Suite's iterative thresholding (Ollion et al., Bioinformatics 29(14), 2013), its first level.
import { elongationOf } from "#server/classical/kernels/label-moments.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { manyBins } from "#server/classical/kernels/histogram.ts";
import { countOf } from "#server/classical/kernels/histogram-statistics.ts";
import { bestNodes } from "#server/classical/kernels/threshold-tree.ts";
import type { TreeNode } from "#server/classical/kernels/threshold-tree.ts";
import type { StepValue } from "../contract.ts";
import { chunkBox } from "../tiles/chunk-grid.ts";
import type { Field } from "../tiles/field.ts";
import { joinComponents } from "../tiles/join-components.ts";
import type { ComponentJoin } from "../tiles/join-components.ts";
import type { LevelPiece, LevelTask } from "../tiles/tile-task.ts";
import type { Tiles } from "../tiles/tiles.ts";
import { histogramOver, occupied } from "./grey-histogram.ts";
import { everyChunk } from "./passes.ts";
import { components } from "./split.ts";
import { maskOf } from "./step.ts";
import type { Found, RunState, Step } from "./step.ts";

export const iterate: Step = {
  step: "iterate", passes: 18, title: "Iterative thresholding", takes: "mask", gives: "labels",
  parameters: [
    { name: "criterion", type: "choice", value: "mser", choices: ["volume", "elongation", "compactness", "mser"], about: "which threshold of a branch is best: the largest volume, the least elongation, the greatest compactness, the most stable volume" },
    { name: "steps", type: "number", value: 16, min: 2, max: 64, whole: true, about: "thresholds between the least and the greatest grey value in the mask" },
    { name: "minVolume", type: "number", value: 200, min: 1, max: 1e12, whole: true, unit: "voxels", about: "smaller components do not count" },
    { name: "maxVolume", type: "number", value: 0, min: 0, max: 1e15, whole: true, unit: "voxels", about: "nor do larger ones; 0 = no limit" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const mask = maskOf(state);
    const grey = state.sharp;
    const histogram = await histogramOver("iterate-histogram", grey, mask, { low: state.greyRange.low, high: state.greyRange.high, bins: manyBins }, tiles);
    if (countOf(histogram) === 0) return components(state, 26, tiles);
    const { low, high } = occupied(histogram);
    const count = parameters.number("steps");
    const thresholds = Array.from({ length: count }, (_, nth) => low + (nth * (high - low)) / count);
    // The first takes in the whole mask, also what lies below the middle of the first bin.
    const inside = thresholds.map((level, nth): Field => (nth === 0 ? { op: "present", of: mask } : { op: "limited", of: { op: "at-least", low: level, of: grey }, other: mask }));
    const nodes: TreeNode[] = [];
    const levels: Level[] = [];
    for (const [nth, field] of inside.entries()) levels.push(await readLevel(nth, field, inside[nth - 1], levels[nth - 1], nodes, tiles));
    const most = parameters.number("maxVolume");
    const best = bestNodes(nodes, { criterion: criterionOf(parameters.choice("criterion")), minVolume: parameters.number("minVolume"), maxVolume: most === 0 ? Infinity : most });
    return paint(state, best, nodes, levels, inside, tiles);
  },
};

interface Level {
  readonly join: ComponentJoin;
  /** A set's node, by root; -1 = none. */
  readonly nodeOf: Int32Array;
}

function criterionOf(text: string): "volume" | "elongation" | "compactness" | "mser" {
  return text === "volume" || text === "elongation" || text === "compactness" ? text : "mser";
}

/** Components at one threshold, added to the nodes, each with the component of the threshold before that holds it. */
async function readLevel(nth: number, inside: Field, below: Field | undefined, before: Level | undefined, nodes: TreeNode[], tiles: Tiles): Promise<Level> {
  const join = joinComponents(tiles.grid);
  const kept = new Map<number, Pick<LevelPiece, "moments" | "faces" | "parent">>();
  const tasks = everyChunk(tiles).map((chunk): LevelTask => ({ kind: "level", box: chunkBox(tiles.grid, chunk), inside, below }));
  await tiles.run(`level-${nth}`, tasks, (chunk, piece) => {
    join.add(chunk, piece);
    kept.set(chunk, { moments: piece.moments, faces: piece.faces, parent: piece.parent });
  });
  const { sets } = join.pieces;
  const { voxels, first } = join.pieces.sums();
  const nodeOf = new Int32Array(voxels.length).fill(-1);
  const roots = [...voxels.keys()].filter((at) => voxels[at]! > 0 && sets.root(at) === at).sort((a, b) => first[a]! - first[b]!);
  const moments = new Float64Array(9 * voxels.length);
  const faces = new Float64Array(voxels.length);
  const parents = new Int32Array(voxels.length).fill(-1);
  for (const chunk of [...kept.keys()].sort((a, b) => a - b)) {
    const piece = kept.get(chunk)!;
    const own = join.pieces.spanOf(chunk);
    for (let label = 0; label < own.count; label++) {
      const root = sets.root(own.first + label);
      for (let sum = 0; sum < 9; sum++) moments[9 * root + sum]! += piece.moments[9 * label + sum]!;
      faces[root]! += piece.faces[label]!;
      if (before !== undefined && piece.parent[label] !== 0) parents[root] = before.nodeOf[before.join.pieces.sets.root(before.join.pieces.spanOf(chunk).first + piece.parent[label]! - 1)]!;
    }
  }
  for (const root of roots) {
    nodeOf[root] = nodes.length;
    nodes.push({
      level: nth, parent: parents[root]!, voxels: voxels[root]!, first: first[root]!,
      elongation: elongationOf(voxels[root]!, moments.subarray(9 * root, 9 * root + 9), tiles.spacing),
      compactness: (36 * Math.PI * voxels[root]! ** 2) / Math.max(1, faces[root]!) ** 3,
    });
  }
  return { join, nodeOf };
}

/** The chosen components as labels. */
async function paint(state: RunState, best: readonly number[], nodes: readonly TreeNode[], levels: readonly Level[], inside: readonly Field[], tiles: Tiles): Promise<Record<string, StepValue>> {
  const chosen = [...best].sort((a, b) => nodes[a]!.first - nodes[b]!.first);
  const labelOf = new Map(chosen.map((node, nth) => [node, nth + 1]));
  const store = tiles.store("uint32");
  const ofChunk: Uint32Array[] = new Array(tiles.grid.chunks);
  const bounds = new Map<number, number[]>();
  const tasks = everyChunk(tiles).map((chunk) => ({
    kind: "paint" as const, box: chunkBox(tiles.grid, chunk), store,
    levels: levels.map(({ join, nodeOf }, nth) => {
      const { first, count } = join.pieces.spanOf(chunk);
      return { inside: inside[nth]!, labels: Uint32Array.from({ length: count }, (_, label) => labelOf.get(nodeOf[join.pieces.sets.root(first + label)]!) ?? 0) };
    }).filter(({ labels }) => labels.some((label) => label !== 0)),
  }));
  await tiles.run<"paint">("paint", tasks, (chunk, facts) => {
    const table = new Uint32Array(new SharedArrayBuffer(facts.labels.byteLength));
    table.set(facts.labels);
    ofChunk[chunk] = table;
    for (let nth = 0; nth < facts.count; nth++) {
      const own = [...facts.bounds.subarray(6 * nth, 6 * nth + 6)];
      const sum = bounds.get(facts.labels[nth]!);
      bounds.set(facts.labels[nth]!, sum === undefined ? own : sum.map((value, side) => (side < 3 ? Math.min(value, own[side]!) : Math.max(value, own[side]!))));
    }
  });
  const tables = { grid: tiles.grid, ofChunk };
  tiles.relabel(store, tables);
  state.labels = {
    store, tables,
    objects: chosen.map((node, nth) => {
      const [z0, y0, x0, z1, y1, x1] = bounds.get(nth + 1)!;
      return { id: nth + 1, voxels: nodes[node]!.voxels, box: { start: [z0!, y0!, x0!] satisfies Size3, end: [z1!, y1!, x1!] satisfies Size3 }, seed: 0 };
    }),
  };
  return { components: nodes.length, objects: chosen.length };
}
