// Flood fill from given voxels.
import type { Size3 } from "./size3.ts";

/**
 * What hangs together with the seeds, by faces, edges and corners (26 neighbours).
 * Memory: the answer, and 4 bytes for each voxel on the edge of what is filled, at most 4 a voxel.
 * @param inside `[z, y, x]`, 0 = outside
 * @param seeds flat indices; those outside are passed over
 * @returns `[z, y, x]`, 0 or 1
 */
export function connectedTo(inside: Uint8Array, size: Size3, seeds: Iterable<number>): Uint8Array {
  const [depth, height, width] = size;
  const found = new Uint8Array(inside.length);
  const open: number[] = [];
  const take = (at: number): void => {
    if (inside[at] === 0 || found[at] === 1) return;
    found[at] = 1;
    open.push(at);
  };
  for (const at of seeds) take(at);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const x = at % width;
    const y = ((at - x) / width) % height;
    const z = Math.floor(at / (width * height));
    const [zEnd, yEnd, xEnd] = [Math.min(z + 1, depth - 1), Math.min(y + 1, height - 1), Math.min(x + 1, width - 1)];
    for (let z1 = Math.max(z - 1, 0); z1 <= zEnd; z1++) {
      for (let y1 = Math.max(y - 1, 0); y1 <= yEnd; y1++) {
        const row = (z1 * height + y1) * width;
        for (let near = row + Math.max(x - 1, 0); near <= row + xEnd; near++) take(near);
      }
    }
  }
  return found;
}
