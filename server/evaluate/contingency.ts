// Which voxels two label images share: a sparse table, filled block by block, so that images of any size are compared in one pass.
import { MaskletError } from "#protocol/errors.ts";
import { CountTable } from "./count-table.ts";
import { LabelNumbers } from "./label-numbers.ts";

/** Labels by rank: 0 is ground, whether it occurs or not, then every id that occurs, ascending. */
export interface LabelCounts {
  readonly ids: Uint32Array;
  readonly voxels: Float64Array;
}

/** Voxels by true label, by predicted label, and by both. */
export interface Contingency {
  readonly truths: LabelCounts;
  readonly predictions: LabelCounts;
  /** Pairs of labels that share voxels, as ranks, sorted by the true one, then the predicted one. */
  readonly pairs: { readonly truth: Uint32Array; readonly prediction: Uint32Array; readonly voxels: Float64Array };
}

/** The table of blocks that together are the images. Blocks may come in any order. Memory: the labels and the pairs that occur. */
export interface ContingencyCount {
  readonly truths: LabelNumbers;
  readonly predictions: LabelNumbers;
  /** Labels of one block, voxel by voxel in the same order. @throws shape_invalid when the two are not as long */
  add(truth: ArrayLike<number>, prediction: ArrayLike<number>): void;
  /** Voxels that have both labels, which are given by the numbers that `truths` and `predictions` gave them. */
  addPair(truth: number, prediction: number, voxels: number): void;
  table(): Contingency;
}

export function countContingency(): ContingencyCount {
  const [truths, predictions, shared] = [new LabelNumbers(), new LabelNumbers(), new CountTable()];
  return {
    truths, predictions,
    addPair: (truth, prediction, voxels) => shared.add(truth, prediction, voxels),
    add: (truth, prediction) => {
      const { length } = truth;
      if (prediction.length !== length) throw MaskletError.of("shape_invalid", { why: `${length} true labels and ${prediction.length} predicted ones cannot be compared` });
      // Neighbours mostly have the same pair: a run is one look-up.
      for (let at = 0; at < length; ) {
        const [start, t, p] = [at, truth[at]!, prediction[at]!];
        do at++; while (at < length && truth[at] === t && prediction[at] === p);
        shared.add(truths.of(t), predictions.of(p), at - start);
      }
    },
    table: () => {
      const [a, b] = [truths.sorted(), predictions.sorted()];
      const { first, second, counts } = shared.sorted(a.numbers, b.numbers);
      return {
        truths: { ids: a.ids, voxels: summed(first, counts, a.ids.length) }, predictions: { ids: b.ids, voxels: summed(second, counts, b.ids.length) },
        pairs: { truth: first, prediction: second, voxels: counts },
      };
    },
  };
}

function summed(ranks: Uint32Array, counts: Float64Array, length: number): Float64Array {
  const voxels = new Float64Array(length);
  for (let at = 0; at < ranks.length; at++) voxels[ranks[at]!]! += counts[at]!;
  return voxels;
}
