// The shape of labels by sums over their voxels, which add up over blocks.
import type { Size3 } from "./size3.ts";

/**
 * z, y, x, zz, yy, xx, zy, zx, yx for label 1 first: sums of positions and of their products.
 * @param labels `[z, y, x]`, 0..count
 * @param origin added to positions
 */
export function labelMoments(labels: Uint32Array, [depth, height, width]: Size3, count: number, origin: Size3): Float64Array {
  const moments = new Float64Array(9 * count);
  for (let bz = 0, at = 0; bz < depth; bz++) {
    for (let by = 0; by < height; by++) {
      for (let bx = 0; bx < width; bx++, at++) {
        if (labels[at] === 0) continue;
        const [z, y, x] = [bz + origin[0], by + origin[1], bx + origin[2]];
        const to = 9 * (labels[at]! - 1);
        moments[to]! += z;
        moments[to + 1]! += y;
        moments[to + 2]! += x;
        moments[to + 3]! += z * z;
        moments[to + 4]! += y * y;
        moments[to + 5]! += x * x;
        moments[to + 6]! += z * y;
        moments[to + 7]! += z * x;
        moments[to + 8]! += y * x;
      }
    }
  }
  return moments;
}

/**
 * Longest over middle radius of the ellipsoid with the same moments, with the spread within a voxel, so that a single voxel is round.
 * @param moments nine sums as above; @param spacing in any one unit
 */
export function elongationOf(voxels: number, moments: ArrayLike<number>, spacing: Size3): number {
  const mean = [0, 1, 2].map((axis) => moments[axis]! / voxels);
  const spread = (product: number, a: 0 | 1 | 2, b: 0 | 1 | 2): number => (product / voxels - mean[a]! * mean[b]! + (a === b ? 1 / 12 : 0)) * spacing[a] * spacing[b];
  const [l1, l2] = eigenvalues(spread(moments[3]!, 0, 0), spread(moments[4]!, 1, 1), spread(moments[5]!, 2, 2), spread(moments[6]!, 0, 1), spread(moments[7]!, 0, 2), spread(moments[8]!, 1, 2));
  return Math.sqrt(l1 / l2);
}

/** Of a symmetric matrix, the greatest first: the trigonometric solution of its characteristic polynomial (Smith, CACM 4(4), 1961). */
function eigenvalues(a: number, b: number, c: number, d: number, e: number, f: number): [number, number, number] {
  const middle = (a + b + c) / 3;
  const off = d * d + e * e + f * f;
  const p = Math.sqrt(((a - middle) ** 2 + (b - middle) ** 2 + (c - middle) ** 2 + 2 * off) / 6);
  if (p === 0) return [middle, middle, middle];
  const [x, y, z, u, v, w] = [(a - middle) / p, (b - middle) / p, (c - middle) / p, d / p, e / p, f / p];
  const half = (x * (y * z - w * w) - u * (u * z - w * v) + v * (u * w - y * v)) / 2;
  const angle = Math.acos(Math.min(1, Math.max(-1, half))) / 3;
  const first = middle + 2 * p * Math.cos(angle);
  const last = middle + 2 * p * Math.cos(angle + (2 * Math.PI) / 3);
  return [first, 3 * middle - first - last, last];
}
