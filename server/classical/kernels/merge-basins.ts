// Which basins of a map are one object: basins are joined across their saddles, the highest first (Kruskal's minimum spanning forest).
// `depth`: two parts are two only where the lower peak rises by more than h above the saddle, as an h-maxima transform leaves them (Grimaud,
// "A new measure of contrast: the dynamics", 1992). `cores`: parts that hang together above a level and are large enough there are markers,
// and the rest goes to the marker that it meets first; this is marker-controlled flooding. `volume` asks on both sides for voxels above the saddle
// instead of a level for all: the volume counterpart of dynamics (Vachier and Meyer, "Extinction value", 1995), so that a plate that is fainter
// than its neighbours stays one, and a speck is none.
import type { HeightBins } from "./basins.ts";
import { edgeOrder } from "./contract-basins.ts";
import type { BasinEdges } from "./contract-basins.ts";
import { createDisjointSets } from "./disjoint-sets.ts";

export interface BasinGraph {
  /** Of each basin. */
  readonly peak: Float32Array;
  /** Voxels in bins of heights, equally many numbers a basin; more than 2^32 - 1 stand as that. Sums are made in it. */
  readonly heights: Uint32Array;
  /** 0 = no seed. */
  readonly seed: Uint32Array;
  /** A pair may be there several times; its first one in order decides. */
  readonly edges: BasinEdges;
}

export type MergeRule =
  | { readonly rule: "depth"; readonly depth: number }
  /** `heights` has one bin, from `level` on. */
  | { readonly rule: "cores"; readonly level: number; readonly minHigh: number }
  /** Two parts are two only where each has `minVoxels` voxels that lie `rise` above the saddle. */
  | { readonly rule: "volume"; readonly rise: number; readonly minVoxels: number; readonly bins: HeightBins }
  /** Seeds are the markers; basins that no seed reaches stay alone. */
  | { readonly rule: "seeds" };

/** For each basin the first basin of its object. Memory: 20 bytes a basin, 16 an edge. */
export function mergeBasins(graph: BasinGraph, rule: MergeRule): Uint32Array {
  const { peak, seed, heights } = graph;
  const bins = peak.length === 0 ? 1 : heights.length / peak.length;
  const { edges } = graph;
  const order = edgeOrder(edges);
  const sets = createDisjointSets();
  sets.add(peak.length);
  const top = Float32Array.from(peak);
  const marked = new Uint8Array(peak.length);
  const join = (a: number, b: number): void => {
    sets.join(a, b);
    const root = Math.min(a, b);
    const other = Math.max(a, b);
    top[root] = Math.max(top[root]!, top[other]!);
    marked[root] = marked[root]! | marked[other]!;
    addHeights(heights, root * bins, heights, other * bins, bins);
  };
  const apart = (a: number, b: number, saddle: number): boolean => {
    if (rule.rule === "depth") return Math.min(top[a]!, top[b]!) - saddle > rule.depth;
    if (rule.rule !== "volume") return marked[a] === 1 && marked[b] === 1;
    const first = Math.max(0, Math.ceil((saddle + rule.rise - rule.bins.from) / rule.bins.step));
    return [a, b].every((side) => {
      let above = 0;
      for (let bin = first; bin < bins; bin++) above += heights[side * bins + bin]!;
      return above >= rule.minVoxels;
    });
  };
  let nth = 0;
  if (rule.rule === "cores") {
    for (; nth < order.length && edges.saddle[order[nth]!]! >= rule.level; nth++) sets.join(edges.a[order[nth]!]!, edges.b[order[nth]!]!);
    const sums = new Float64Array(peak.length);
    for (let at = 0; at < peak.length; at++) sums[sets.root(at)]! += heights[at]!;
    for (let at = 0; at < peak.length; at++) if (sums[at]! >= rule.minHigh) marked[at] = 1;
  } else if (rule.rule === "seeds") {
    for (let at = 0; at < peak.length; at++) if (seed[at] !== 0) marked[at] = 1;
  }
  for (; nth < order.length; nth++) {
    const edge = order[nth]!;
    const a = sets.root(edges.a[edge]!);
    const b = sets.root(edges.b[edge]!);
    if (a === b) continue;
    if (!apart(a, b, edges.saddle[edge]!)) join(a, b);
  }
  return Uint32Array.from(peak, (_, at) => sets.root(at));
}

/** Adds counts in bins to others; a sum that does not fit is the greatest number that does, and no rule asks for as many. */
export function addHeights(to: Uint32Array, toAt: number, from: Uint32Array, fromAt: number, bins: number): void {
  for (let bin = 0; bin < bins; bin++) to[toAt + bin] = Math.min(0xffff_ffff, to[toAt + bin]! + from[fromAt + bin]!);
}
