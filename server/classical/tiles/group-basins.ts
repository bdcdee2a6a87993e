// Groups of basins in the place of a chunk's basins, so that the graph of the whole volume stays small.
import type { Basins } from "#server/classical/kernels/basins.ts";
import { contractBasins } from "#server/classical/kernels/contract-basins.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { lowerPlanes, upperPlanes } from "./chunk-planes.ts";
import type { BasinPiece, BasinsTask } from "./tile-task.ts";

export interface Groups extends Pick<BasinPiece, "count" | "peak" | "summit" | "leads" | "heights" | "seed" | "edges"> {
  readonly labels: Uint32Array;
}

/**
 * Those that have neighbours in other chunks, or are seeds, take in others and join none.
 * @param summit places in the volume @param size of the volume
 */
export function groupBasins({ labels, count, peak, heights, seed, edges }: Basins, summit: Float64Array, size: Size3, { box, bins, rise }: BasinsTask): Groups {
  const open = new Uint8Array(count);
  for (let basin = 0; basin < count; basin++) open[basin] = Number(peak[basin] === -Infinity || seed[basin] !== 0);
  const goesOn = (axis: number, upper: boolean): boolean => (upper ? box.end[axis]! < size[axis]! : box.start[axis]! > 0);
  const opened = (plane: Uint32Array): void => {
    for (let at = 0; at < plane.length; at++) if (plane[at] !== 0) open[plane[at]! - 1] = 1;
  };
  for (const [axis, plane] of lowerPlanes(labels, box).entries()) if (goesOn(axis, false)) opened(plane);
  for (const [axis, plane] of upperPlanes(labels, box).entries()) if (goesOn(axis, true)) opened(plane);
  const pairs = { a: edges.a.map((at) => at - 1), b: edges.b.map((at) => at - 1), saddle: edges.saddle };
  const first = contractBasins(peak, open, pairs, rise);
  const number = new Uint32Array(count);
  let groups = 0;
  for (let basin = 0; basin < count; basin++) number[basin] = first[basin] === basin ? ++groups : number[first[basin]!]!;
  const all = { peak: new Float32Array(groups).fill(-Infinity), summit: new Float64Array(groups), leads: new Uint8Array(groups), heights: new Uint32Array(groups * bins.count), seed: new Uint32Array(groups) };
  for (let basin = 0; basin < count; basin++) {
    const group = number[basin]! - 1;
    if (first[basin] === basin) all.summit[group] = summit[basin]!;
    if (peak[basin] === -Infinity) all.leads[group] = 1;
    all.peak[group] = Math.max(all.peak[group]!, peak[basin]!);
    for (let bin = 0; bin < bins.count; bin++) all.heights[group * bins.count + bin]! += heights[basin * bins.count + bin]!;
    if (seed[basin] !== 0) all.seed[group] = seed[basin]!;
  }
  // An open basin speaks for its group: neighbours in other chunks meet it alone, and where its way leads out, all of them lead out.
  for (let basin = 0; basin < count; basin++) if (open[basin] === 1) all.summit[number[basin]! - 1] = summit[basin]!;
  const apart = edges.a.map((_, edge) => edge).filter((edge) => first[pairs.a[edge]!] !== first[pairs.b[edge]!]);
  const kept = highestOfPairs(apart, pairs.saddle, (edge) => {
    const [a, b] = [number[pairs.a[edge]!]!, number[pairs.b[edge]!]!];
    return Math.min(a, b) * (groups + 1) + Math.max(a, b);
  });
  const numbered = new Uint32Array(labels.length);
  for (let at = 0; at < labels.length; at++) if (labels[at] !== 0) numbered[at] = number[labels[at]! - 1]!;
  const name = (basin: number): number => (peak[basin] === -Infinity || seed[basin] !== 0 ? NaN : summit[basin]!);
  const left = { a: new Uint32Array(kept.length), b: new Uint32Array(kept.length), saddle: new Float32Array(kept.length), low: new Float64Array(kept.length), high: new Float64Array(kept.length) };
  for (let nth = 0; nth < kept.length; nth++) {
    const edge = kept[nth]!;
    const [a, b] = [pairs.a[edge]!, pairs.b[edge]!];
    left.a[nth] = number[a]!;
    left.b[nth] = number[b]!;
    left.saddle[nth] = pairs.saddle[edge]!;
    left.low[nth] = name(a);
    left.high[nth] = name(b);
  }
  return { ...all, count: groups, labels: numbered, edges: left };
}

/** Two groups that did not join across their highest saddle never do across a lower one: what either has above it only grows. Equal ones all stay, for their names decide. */
function highestOfPairs(edges: Uint32Array, saddle: Float32Array, pairOf: (edge: number) => number): Uint32Array {
  const highest = new Map<number, number>();
  for (const edge of edges) {
    const pair = pairOf(edge);
    const before = highest.get(pair);
    if (before === undefined || saddle[edge]! > before) highest.set(pair, saddle[edge]!);
  }
  return edges.filter((edge) => saddle[edge] === highest.get(pairOf(edge)));
}
