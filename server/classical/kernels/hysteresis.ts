// Two thresholds: the lower one says how far an object reaches, the higher one whether it is one.
// Canny, "A Computational Approach to Edge Detection" (IEEE Trans. PAMI 8(6), 1986), section VI, here for grey values in 3D.
import { componentRuns } from "./components.ts";
import type { Connectivity, Size3, Voxels } from "./size3.ts";

export interface HysteresisRange {
  /** Voxels from here on may belong to an object. */
  readonly low: number;
  /** An object has a voxel from here on; nothing below `low` counts. */
  readonly high: number;
  /** Default 26. */
  readonly connectivity?: Connectivity;
}

/**
 * The components of `value >= low` that hold a voxel `>= high`. scikit-image's `apply_hysteresis_threshold` takes `>` and neighbours by faces
 * (connectivity 6); the 3D ImageJ Suite takes `>` and 26.
 * Memory: 2 bytes a voxel, and the tables of `componentRuns`.
 * @param values `[z, y, x]`; NaN is in no object
 * @returns `[z, y, x]`, 0 or 1
 */
export function hysteresisThreshold(values: Voxels, size: Size3, { low, high, connectivity = 26 }: HysteresisRange): Uint8Array<ArrayBuffer> {
  const within = new Uint8Array(values.length);
  for (let at = 0; at < within.length; at++) if (values[at]! >= low) within[at] = 1;
  const runs = componentRuns(within, size, connectivity);
  const kept = new Uint8Array(runs.count + 1);
  const { bounds, rows, labels } = runs;
  for (let row = 0, first = 0; row + 1 < rows.length; row++, first += size[2]) {
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      for (let at = first + bounds[2 * run]!; at < first + bounds[2 * run + 1]! && kept[labels[run]!] === 0; at++) {
        if (values[at]! >= high) kept[labels[run]!] = 1;
      }
    }
  }
  const mask = within.fill(0);
  for (let row = 0, first = 0; row + 1 < rows.length; row++, first += size[2]) {
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      if (kept[labels[run]!] === 1) mask.fill(1, first + bounds[2 * run]!, first + bounds[2 * run + 1]!);
    }
  }
  return mask;
}
