// Voxels that no neighbour is above.
import type { Size3 } from "./size3.ts";

/**
 * 1 where a value above 0 is as high as all its 26 neighbours; every voxel of a plateau that nothing beside is above. (A peak has one
 * voxel, a summit may have many: this is what a maximum filter finds.)
 */
export function keepSummits(map: Float32Array, [depth, height, width]: Size3): Uint8Array {
  const summits = new Uint8Array(map.length);
  for (let z = 0, at = 0; z < depth; z++) {
    const [zStart, zEnd] = [Math.max(z - 1, 0), Math.min(z + 1, depth - 1)];
    for (let y = 0; y < height; y++) {
      const [yStart, yEnd] = [Math.max(y - 1, 0), Math.min(y + 1, height - 1)];
      for (let x = 0; x < width; x++, at++) {
        const value = map[at]!;
        if (!(value > 0)) continue;
        let highest = true;
        for (let z1 = zStart; z1 <= zEnd && highest; z1++) {
          for (let y1 = yStart; y1 <= yEnd && highest; y1++) {
            const row = (z1 * height + y1) * width;
            for (let near = row + Math.max(x - 1, 0); near <= row + Math.min(x + 1, width - 1); near++) if (map[near]! > value) highest = false;
          }
        }
        if (highest) summits[at] = 1;
      }
    }
  }
  return summits;
}
