// The labels of all chunks under one numbering, as they arrive, with the facts that add up when labels turn out to be one.
import type { DisjointSets } from "#server/classical/kernels/disjoint-sets.ts";
import { createDisjointSets } from "#server/classical/kernels/disjoint-sets.ts";
import type { ClassicalObject } from "../contract.ts";
import type { ChunkGrid } from "./chunk-grid.ts";
import type { LabelTables } from "./relabel.ts";
import type { LabelPiece } from "./tile-task.ts";

export interface PieceTable {
  readonly sets: DisjointSets;
  /** @returns the number of the chunk's label 1 */
  add(chunk: number, piece: LabelPiece): number;
  /** The number of a chunk's own label 1; undefined before it was added. */
  firstOf(chunk: number): number | undefined;
  /** Where a chunk's labels begin, and how many it has. */
  spanOf(chunk: number): { readonly first: number; readonly count: number };
  /**
   * Labels of the volume, 1..N in raster order of their first voxels, for the sets that `keep` keeps.
   * @param seedOf of a set
   */
  number(keep: (facts: LabelSums, root: number) => boolean, seedOf?: (root: number) => number): NumberedLabels;
  sums(): LabelSums;
}

/** By set, at the set's root. */
export interface LabelSums {
  readonly voxels: Float64Array;
  readonly first: Float64Array;
  /** Six numbers a set. */
  readonly bounds: Float64Array;
}

export interface NumberedLabels {
  readonly tables: LabelTables;
  readonly objects: readonly ClassicalObject[];
}

export function createPieceTable(grid: ChunkGrid): PieceTable {
  const sets = createDisjointSets();
  const pieces = new Map<number, { first: number; piece: LabelPiece }>();

  const sums = (): LabelSums => {
    const count = sets.size();
    const voxels = new Float64Array(count);
    const first = new Float64Array(count).fill(Infinity);
    const bounds = Float64Array.from({ length: 6 * count }, (_, at) => (at % 6 < 3 ? Infinity : 0));
    for (const { first: from, piece } of pieces.values()) {
      for (let label = 0; label < piece.count; label++) {
        const root = sets.root(from + label);
        // A label that only the voxels before the chunk have is another chunk's, and has nothing to add.
        if (piece.voxels[label] === 0) continue;
        voxels[root]! += piece.voxels[label]!;
        first[root] = Math.min(first[root]!, piece.first[label]!);
        for (let side = 0; side < 6; side++) {
          const at = 6 * root + side;
          bounds[at] = side < 3 ? Math.min(bounds[at]!, piece.bounds[6 * label + side]!) : Math.max(bounds[at]!, piece.bounds[6 * label + side]!);
        }
      }
    }
    return { voxels, first, bounds };
  };

  return {
    sets,
    add: (chunk, piece) => {
      const first = sets.add(piece.count);
      pieces.set(chunk, { first, piece: { count: piece.count, voxels: piece.voxels, first: piece.first, bounds: piece.bounds } });
      return first;
    },
    firstOf: (chunk) => pieces.get(chunk)?.first,
    spanOf: (chunk) => ({ first: pieces.get(chunk)?.first ?? 0, count: pieces.get(chunk)?.piece.count ?? 0 }),
    sums,
    number: (keep, seedOf = () => 0) => {
      const facts = sums();
      const roots: number[] = [];
      for (let at = 0; at < facts.voxels.length; at++) if (facts.voxels[at]! > 0 && sets.root(at) === at && keep(facts, at)) roots.push(at);
      roots.sort((a, b) => facts.first[a]! - facts.first[b]!);
      const labelOf = new Uint32Array(sets.size());
      for (const [nth, root] of roots.entries()) labelOf[root] = nth + 1;
      const ofChunk = Array.from({ length: grid.chunks }, (_, chunk) => {
        const held = pieces.get(chunk);
        const table = new Uint32Array(new SharedArrayBuffer(4 * (held?.piece.count ?? 0)));
        for (let label = 0; label < table.length; label++) table[label] = labelOf[sets.root(held!.first + label)]!;
        return table;
      });
      return { tables: { grid, ofChunk }, objects: roots.map((root, nth) => objectOf(nth + 1, root, facts, seedOf(root))) };
    },
  };
}

function objectOf(id: number, root: number, { voxels, bounds }: LabelSums, seed: number): ClassicalObject {
  const side = (nth: number): number => bounds[6 * root + nth]!;
  return { id, voxels: voxels[root]!, box: { start: [side(0), side(1), side(2)], end: [side(3), side(4), side(5)] }, seed };
}
