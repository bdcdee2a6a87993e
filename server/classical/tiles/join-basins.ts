// Basins of chunks joined to basins of the volume, and the graph of their saddles.
import { addHeights, mergeBasins } from "#server/classical/kernels/merge-basins.ts";
import type { BasinEdges } from "#server/classical/kernels/contract-basins.ts";
import type { MergeRule } from "#server/classical/kernels/merge-basins.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { sizeOf } from "./box3.ts";
import { chunkBeside, chunkBox } from "./chunk-grid.ts";
import type { ChunkGrid } from "./chunk-grid.ts";
import { createPieceTable } from "./piece-table.ts";
import type { NumberedLabels } from "./piece-table.ts";
import type { BasinPiece } from "./tile-task.ts";

export interface BasinJoin {
  /** In any order, each chunk once. Planes are kept only until all neighbours have come. */
  add(chunk: number, piece: BasinPiece): void;
  /** Objects by a rule, once all have come. The same whatever the chunks were. */
  objects(rule: MergeRule): NumberedLabels;
}

const steps: readonly Size3[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

export function joinBasins(grid: ChunkGrid): BasinJoin {
  const pieces = createPieceTable(grid);
  const held = new Map<number, BasinPiece>();
  const kept: { first: number; piece: Pick<BasinPiece, "peak" | "summit" | "leads" | "heights" | "seed" | "edges"> }[] = [];
  /** Contacts across chunks: pairs of numbers and their saddles. */
  const seams: { a: Uint32Array; b: Uint32Array; saddle: Float32Array }[] = [];
  const joinedSides = new Set<string>();
  const seedAt = new Map<number, number>();

  const forward = (chunk: number): (number | undefined)[] => steps.map((step) => chunkBeside(grid, chunk, step));
  const backward = (chunk: number): (number | undefined)[] => steps.map(([z, y, x]) => chunkBeside(grid, chunk, [-z, -y, -x]));
  const isDone = (chunk: number): boolean =>
    forward(chunk).every((near, axis) => near === undefined || joinedSides.has(`${chunk} ${axis}`))
    && backward(chunk).every((near, axis) => near === undefined || joinedSides.has(`${near} ${axis}`));

  /** Joins a chunk with the one behind it along an axis. */
  const joinSide = (chunk: number, next: number, axis: number): void => {
    const [one, other] = [held.get(chunk)!, held.get(next)!];
    const [a, b] = [pieces.firstOf(chunk)!, pieces.firstOf(next)!];
    const [upper, lower, saddles] = [one.faces.upper[axis]!, other.faces.lower[axis]!, one.seams[axis]!];
    const pairs = new Map<number, number>();
    for (let at = 0; at < saddles.length; at++) {
      if (saddles[at] === -Infinity) continue;
      const key = (upper[at]! - 1) * other.count + lower[at]! - 1;
      const before = pairs.get(key);
      if (before === undefined || saddles[at]! > before) pairs.set(key, saddles[at]!);
    }
    const keys = Float64Array.from(pairs.keys());
    seams.push({
      a: Uint32Array.from(keys, (key) => a + Math.floor(key / other.count)),
      b: Uint32Array.from(keys, (key) => b + (key % other.count)),
      saddle: Float32Array.from(pairs.values()),
    });
    climb(chunk, next, axis, 1, lower);
    climb(next, chunk, axis, -1, upper);
    joinedSides.add(`${chunk} ${axis}`);
  };

  /** Basins whose voxels climb on into the neighbour along an axis belong to what they come to there. */
  const climb = (chunk: number, next: number, axis: number, way: 1 | -1, plane: Uint32Array): void => {
    const { leads, summit, count } = held.get(chunk)!;
    const box = chunkBox(grid, next);
    const size = sizeOf(box);
    const wanted = way === 1 ? box.start[axis]! : box.end[axis]! - 1;
    for (let basin = 0; basin < count; basin++) {
      if (leads[basin] === 0) continue;
      const at = summit[basin]!;
      const place: Size3 = [Math.floor(at / (grid.size[1] * grid.size[2])), Math.floor(at / grid.size[2]) % grid.size[1], at % grid.size[2]];
      if (place[axis] !== wanted || place.some((value, nth) => value < box.start[nth]! || value >= box.end[nth]!)) continue;
      const [z, y, x] = place.map((value, nth) => value - box.start[nth]!);
      const inPlane = axis === 0 ? y! * size[2] + x! : axis === 1 ? z! * size[2] + x! : z! * size[1] + y!;
      pieces.sets.join(pieces.firstOf(chunk)! + basin, pieces.firstOf(next)! + plane[inPlane]! - 1);
    }
  };

  return {
    add: (chunk, piece) => {
      held.set(chunk, piece);
      const first = pieces.add(chunk, piece);
      kept.push({ first, piece: { peak: piece.peak, summit: piece.summit, leads: piece.leads, heights: piece.heights, seed: piece.seed, edges: piece.edges } });
      for (let basin = 0; basin < piece.count; basin++) {
        const seed = piece.seed[basin]!;
        if (seed === 0) continue;
        if (seedAt.has(seed)) pieces.sets.join(seedAt.get(seed)!, first + basin);
        else seedAt.set(seed, first + basin);
      }
      for (const [axis, next] of forward(chunk).entries()) if (next !== undefined && held.has(next)) joinSide(chunk, next, axis);
      for (const [axis, last] of backward(chunk).entries()) if (last !== undefined && held.has(last)) joinSide(last, chunk, axis);
      for (const old of [chunk, ...forward(chunk), ...backward(chunk)]) if (old !== undefined && held.has(old) && isDone(old)) held.delete(old);
    },
    objects: (rule) => {
      const { sets } = pieces;
      // A name for each set that does not know the chunks: the place of its summit; of seeds, which are first, their number.
      const place = new Float64Array(sets.size()).fill(NaN);
      for (const { first, piece } of kept) {
        for (let basin = 0; basin < piece.peak.length; basin++) {
          if (piece.seed[basin] !== 0) place[sets.root(first + basin)] = -1 / piece.seed[basin]!;
          else if (piece.leads[basin] === 0) place[sets.root(first + basin)] = piece.summit[basin]!;
        }
      }
      const roots = Uint32Array.from([...place.keys()].filter((at) => !Number.isNaN(place[at]))).sort((a, b) => place[a]! - place[b]!);
      const number = new Uint32Array(sets.size());
      for (const [nth, root] of roots.entries()) number[root] = nth;
      const bins = kept.find(({ piece }) => piece.peak.length > 0)?.piece;
      const binCount = bins === undefined ? 1 : bins.heights.length / bins.peak.length;
      const [peak, heights, seed] = [new Float32Array(roots.length).fill(-Infinity), new Uint32Array(roots.length * binCount), new Uint32Array(roots.length)];
      for (const { first, piece } of kept) {
        for (let basin = 0; basin < piece.peak.length; basin++) {
          const own = number[sets.root(first + basin)]!;
          peak[own] = Math.max(peak[own]!, piece.peak[basin]!);
          addHeights(heights, own * binCount, piece.heights, basin * binCount, binCount);
          if (piece.seed[basin] !== 0) seed[own] = piece.seed[basin]!;
        }
      }
      const edges = gather([...kept.map(({ first, piece: { edges: own } }) => ({ ...own, shift: first - 1 })), ...seams.map((seam) => ({ ...seam, shift: 0 }))], (at) => number[sets.root(at)]!, (at) => place[sets.root(at)]!);
      const objectOf = mergeBasins({ peak, heights, seed, edges }, rule);
      for (let basin = 0; basin < objectOf.length; basin++) sets.join(roots[basin]!, roots[objectOf[basin]!]!);
      const seedOf = new Map<number, number>();
      for (let basin = 0; basin < seed.length; basin++) if (seed[basin] !== 0) seedOf.set(sets.root(roots[basin]!), seed[basin]!);
      const numbered = pieces.number((_, root) => rule.rule !== "seeds" || seedOf.has(root), (root) => seedOf.get(root) ?? 0);
      return numbered;
    },
  };
}

interface EdgePart extends Omit<BasinEdges, "low" | "high"> {
  readonly shift: number;
  /** Names that are known already; NaN where they are not. */
  readonly low?: Float64Array;
  readonly high?: Float64Array;
}

/** Edges of all chunks and seams, between other basins than themselves. */
function gather(parts: readonly EdgePart[], numberOf: (at: number) => number, nameOf: (at: number) => number): BasinEdges {
  const total = parts.reduce((sum, part) => sum + part.a.length, 0);
  const edges = { a: new Uint32Array(total), b: new Uint32Array(total), saddle: new Float32Array(total), low: new Float64Array(total), high: new Float64Array(total) };
  let count = 0;
  for (const part of parts) {
    for (let at = 0; at < part.a.length; at++) {
      const [one, other] = [part.a[at]! + part.shift, part.b[at]! + part.shift];
      const names = [named(part.low?.[at], one), named(part.high?.[at], other)];
      if (numberOf(one) === numberOf(other)) continue;
      edges.a[count] = numberOf(one);
      edges.b[count] = numberOf(other);
      edges.saddle[count] = part.saddle[at]!;
      edges.low[count] = Math.min(...names);
      edges.high[count++] = Math.max(...names);
    }
  }
  return { a: edges.a.subarray(0, count), b: edges.b.subarray(0, count), saddle: edges.saddle.subarray(0, count), low: edges.low.subarray(0, count), high: edges.high.subarray(0, count) };

  function named(known: number | undefined, at: number): number {
    return known === undefined || Number.isNaN(known) ? nameOf(at) : known;
  }
}
