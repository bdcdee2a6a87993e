// Fills what is enclosed in a mask: background components that reach no face of the array.
import { componentRuns } from "./components.ts";
import type { Connectivity, Size3 } from "./size3.ts";

/**
 * An axis with one voxel has no faces, so a single plane is filled as a plane. Memory: the answer (1 byte a voxel) and the background's runs.
 * @param inside `[z, y, x]`, 0 = outside
 * @param background which background voxels hang together: by faces, so that a wall that holds by edges alone is closed
 * @returns `[z, y, x]`, 0 or 1
 */
export function fillHoles(inside: Uint8Array, [depth, height, width]: Size3, background: Connectivity = 6): Uint8Array<ArrayBuffer> {
  const { bounds, rows, labels, count } = componentRuns(inside, [depth, height, width], background, 0);
  const open = new Uint8Array(count + 1);
  for (let row = 0; row < depth * height; row++) {
    const z = Math.floor(row / height);
    const y = row % height;
    const outer = (depth > 1 && (z === 0 || z === depth - 1)) || (height > 1 && (y === 0 || y === height - 1));
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      if (outer || (width > 1 && (bounds[2 * run] === 0 || bounds[2 * run + 1] === width))) open[labels[run]!] = 1;
    }
  }
  const filled = new Uint8Array(inside.length).fill(1);
  for (let row = 0; row < depth * height; row++) {
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      if (open[labels[run]!] === 1) filled.fill(0, row * width + bounds[2 * run]!, row * width + bounds[2 * run + 1]!);
    }
  }
  return filled;
}
