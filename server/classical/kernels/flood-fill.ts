// Flood fill over grey values: what hangs together with the seeds within a range of values.
import { componentRuns } from "./components.ts";
import type { Connectivity, Size3, Voxels } from "./size3.ts";

export interface FloodRange {
  /** Both ends are filled. */
  readonly low: number;
  readonly high: number;
  readonly connectivity: Connectivity;
}

/**
 * Memory: 2 bytes a voxel, and the range's runs.
 * @param values `[z, y, x]`; NaN is in no range
 * @param seeds flat indices; those whose value is outside the range are passed over
 * @returns `[z, y, x]`, 0 or 1
 */
export function floodFill(values: Voxels, size: Size3, seeds: Iterable<number>, { low, high, connectivity }: FloodRange): Uint8Array<ArrayBuffer> {
  const within = new Uint8Array(values.length);
  for (let at = 0; at < within.length; at++) if (values[at]! >= low && values[at]! <= high) within[at] = 1;
  const { bounds, rows, labels, count } = componentRuns(within, size, connectivity);
  const width = size[2];
  const reached = new Uint8Array(count + 1);
  for (const seed of seeds) {
    if (within[seed] !== 1) continue;
    const row = Math.floor(seed / width);
    let run = rows[row]!;
    while (bounds[2 * run + 1]! <= seed % width) run++;
    reached[labels[run]!] = 1;
  }
  const filled = within.fill(0);
  for (let row = 0; row + 1 < rows.length; row++) {
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      if (reached[labels[run]!] === 1) filled.fill(1, row * width + bounds[2 * run]!, row * width + bounds[2 * run + 1]!);
    }
  }
  return filled;
}
