// Which voxels two label images share: a sparse table, filled block by block, so that images of any size are compared in one pass.
import { MaskletError } from "#protocol/errors.ts";

/** Voxels by true label, by predicted label, and by both. 0 is ground and is counted like a label. */
export interface Contingency {
  readonly truths: ReadonlyMap<number, number>;
  readonly predictions: ReadonlyMap<number, number>;
  /** `shared.get(truth)?.get(prediction)`, only where there are such voxels. */
  readonly shared: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** The table of blocks that together are the images. Blocks may come in any order. Memory: the pairs of labels that occur. */
export interface ContingencyCount {
  /** Labels of one block, voxel by voxel in the same order. @throws shape_invalid when the two are not as long */
  add(truth: ArrayLike<number>, prediction: ArrayLike<number>): void;
  table(): Contingency;
}

export function countContingency(): ContingencyCount {
  const shared = new Map<number, Map<number, number>>();
  const addRun = (truth: number, prediction: number, voxels: number): void => {
    let row = shared.get(truth);
    if (row === undefined) shared.set(truth, (row = new Map()));
    row.set(prediction, (row.get(prediction) ?? 0) + voxels);
  };
  return {
    add: (truth, prediction) => {
      const { length } = truth;
      if (prediction.length !== length) throw MaskletError.of("shape_invalid", { why: `${length} true labels and ${prediction.length} predicted ones cannot be compared` });
      // Neighbours mostly have the same pair: a run is one look-up.
      for (let at = 0; at < length; ) {
        const [start, t, p] = [at, truth[at]!, prediction[at]!];
        do at++; while (at < length && truth[at] === t && prediction[at] === p);
        addRun(t, p, at - start);
      }
    },
    table: () => {
      const truths = new Map<number, number>();
      const predictions = new Map<number, number>();
      for (const [truth, row] of shared) {
        for (const [prediction, voxels] of row) {
          truths.set(truth, (truths.get(truth) ?? 0) + voxels);
          predictions.set(prediction, (predictions.get(prediction) ?? 0) + voxels);
        }
      }
      return { truths, predictions, shared: new Map([...shared].map(([truth, row]) => [truth, new Map(row)])) };
    },
  };
}
