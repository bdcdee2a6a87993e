// Facts of the labels of a block that add up over blocks.
import type { Size3 } from "./size3.ts";

/** For label 1 first. */
export interface LabelFacts {
  readonly voxels: Uint32Array;
  /** Flat index of the first voxel in raster order. */
  readonly first: Uint32Array;
  /** z0, y0, x0, z1, y1, x1, half-open, six numbers a label. */
  readonly box: Uint32Array;
}

/** @param labels `[z, y, x]`, 0..count. Memory: 32 bytes a label */
export function labelFacts(labels: Uint32Array, [depth, height, width]: Size3, count: number): LabelFacts {
  const voxels = new Uint32Array(count);
  const first = new Uint32Array(count);
  const box = new Uint32Array(6 * count);
  for (let z = 0, at = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const label = labels[at]!;
        if (label === 0) continue;
        const own = label - 1;
        const to = 6 * own;
        if (voxels[own]!++ === 0) {
          first[own] = at;
          box[to] = z;
          box[to + 1] = y;
          box[to + 2] = x;
          box[to + 4] = y + 1;
          box[to + 5] = x + 1;
        }
        box[to + 3] = z + 1;
        if (y < box[to + 1]!) box[to + 1] = y;
        else if (y >= box[to + 4]!) box[to + 4] = y + 1;
        if (x < box[to + 2]!) box[to + 2] = x;
        if (x >= box[to + 5]!) box[to + 5] = x + 1;
      }
    }
  }
  return { voxels, first, box };
}
