// The peaks of a map, and how deep the saddle is that parts each from a higher one.
// The depth of a peak is its dynamic (Grimaud, "A new measure of contrast: the dynamics", SPIE 1769, 1992). The peaks whose depth
// is over h are the regional maxima that survive an h-maxima transform (Soille, "Morphological Image Analysis", 6.3.4).
import { descendingOrder } from "./descending-order.ts";
import type { Size3 } from "./size3.ts";

export interface Peak {
  /** Flat index of its highest voxel, of equal ones the first. */
  readonly at: number;
  readonly height: number;
  /** Height above the highest saddle towards a higher peak; above 0 where there is none within reach. The highest peak of all: its height. */
  readonly depth: number;
}

/**
 * All peaks of the voxels above 0, 26-connected, deepest first; of equally deep ones the higher, then the first. Of two equally high
 * peaks that meet, the one that comes first counts as the higher.
 * Voxels join in falling order to sets that grow around the peaks (union-find); where two sets meet is the saddle.
 * Memory: 4 bytes a voxel of the map and 16 bytes a voxel above 0.
 * @param map `[z, y, x]`, no NaN
 */
export function peaksOf(map: Float32Array, size: Size3): Peak[] {
  const [depth, height, width] = size;
  const order = descendingOrder(map);
  // 0: not seen yet; else the parent's position + 1. A root is the highest voxel of its set.
  const parent = new Uint32Array(map.length);
  const root = (from: number): number => {
    let at = from;
    while (parent[at] !== at + 1) {
      parent[at] = parent[parent[at]! - 1]!;
      at = parent[at]! - 1;
    }
    return at;
  };
  const peaks: Peak[] = [];
  for (let nth = 0; nth < order.length; nth++) {
    const at = order[nth]!;
    parent[at] = at + 1;
    let own = at;
    const x = at % width;
    const y = ((at - x) / width) % height;
    const z = Math.floor(at / (width * height));
    const [zEnd, yEnd, xEnd] = [Math.min(z + 1, depth - 1), Math.min(y + 1, height - 1), Math.min(x + 1, width - 1)];
    for (let z1 = Math.max(z - 1, 0); z1 <= zEnd; z1++) {
      for (let y1 = Math.max(y - 1, 0); y1 <= yEnd; y1++) {
        const row = (z1 * height + y1) * width;
        for (let near = row + Math.max(x - 1, 0); near <= row + xEnd; near++) {
          // Most neighbours have not come yet, or belong to the same set with the root itself as parent.
          if (parent[near] === 0 || parent[near] === own + 1) continue;
          const other = root(near);
          if (other === own) continue;
          const low = map[other]! > map[own]! || (map[other] === map[own] && other < own) ? own : other;
          const high = low === own ? other : own;
          // What is no higher than the place where it joins is part of a plateau or a slope, not a peak.
          if (map[low]! > map[at]!) peaks.push({ at: low, height: map[low]!, depth: map[low]! - map[at]! });
          parent[low] = high + 1;
          own = high;
        }
      }
    }
  }
  for (const at of order) if (parent[at] === at + 1) peaks.push({ at, height: map[at]!, depth: map[at]! });
  return peaks.sort((a, b) => b.depth - a.depth || b.height - a.height || a.at - b.at);
}
