// CLIJ2's whole-number distance map: the mask is eroded by turns with the 6-neighbour diamond and the 26-neighbour box, diamond first,
// and a voxel's value is the number of rounds it survives, plus 1. Exact along the axes, up to 18 % short elsewhere; the voxels' sides do
// not count. Beyond the array its edge voxels go on, so an object cut by it is not thinner there.
// Instead of eroding the whole volume again and again, the front of what was removed last moves on: in a box round too, since what a voxel
// removed two rounds ago has beside it by an edge or corner is also beside one of its face neighbours, removed by the round between.
import type { Size3 } from "./size3.ts";

/** Rounds by default: a tile needs as many voxels around it, and no mask of ours that this map is good for is thicker than twice that. */
export const clijRoundsMost = 64;

/**
 * Memory: the answer (4 bytes a voxel) and 4 bytes a voxel for the front.
 * @param inside `[z, y, x]`, 0 = outside
 * @param roundsMost what survives so many rounds gets `roundsMost + 1`; blocks with that many voxels around them give what the whole gives
 * @returns `[z, y, x]`, whole numbers, 0 outside
 */
export function clijDistanceMap(inside: Uint8Array, size: Size3, roundsMost: number = clijRoundsMost): Float32Array<ArrayBuffer> {
  const [depth, height, width] = size;
  const plane = height * width;
  const waiting = roundsMost + 1;
  const map = new Float32Array(inside.length);
  for (let at = 0; at < map.length; at++) if (inside[at] !== 0) map[at] = waiting;
  const front = new Uint32Array(inside.length);
  let end = 0;
  const remove = (at: number, round: number): void => {
    if (map[at] !== waiting) return;
    map[at] = round;
    front[end++] = at;
  };
  for (let z = 0, at = 0; z < depth && roundsMost > 0; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (inside[at] === 0) continue;
        const border = (x > 0 && inside[at - 1] === 0) || (x + 1 < width && inside[at + 1] === 0) || (y > 0 && inside[at - width] === 0)
          || (y + 1 < height && inside[at + width] === 0) || (z > 0 && inside[at - plane] === 0) || (z + 1 < depth && inside[at + plane] === 0);
        if (border) remove(at, 1);
      }
    }
  }
  for (let round = 2, from = 0; round <= roundsMost && from < end; round++) {
    for (const stop = end; from < stop; from++) {
      const at = front[from]!;
      const x = at % width;
      const y = ((at - x) / width) % height;
      const z = Math.floor(at / plane);
      if (round % 2 === 1) {
        if (x > 0) remove(at - 1, round);
        if (x + 1 < width) remove(at + 1, round);
        if (y > 0) remove(at - width, round);
        if (y + 1 < height) remove(at + width, round);
        if (z > 0) remove(at - plane, round);
        if (z + 1 < depth) remove(at + plane, round);
        continue;
      }
      const [zEnd, yEnd, xEnd] = [Math.min(z + 1, depth - 1), Math.min(y + 1, height - 1), Math.min(x + 1, width - 1)];
      for (let z1 = Math.max(z - 1, 0); z1 <= zEnd; z1++) {
        for (let y1 = Math.max(y - 1, 0); y1 <= yEnd; y1++) {
          const row = (z1 * height + y1) * width;
          for (let near = row + Math.max(x - 1, 0); near <= row + xEnd; near++) remove(near, round);
        }
      }
    }
  }
  return map;
}
