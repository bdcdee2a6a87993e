// How many voxels have their centres in a convex body.
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Facet, Point } from "./hull-facets.ts";

/**
 * Counts row by row: a facet cuts rows off at one end, on each slice those that it crosses there. Divisions of whole numbers are far from the
 * next whole number where they are not one, so rounding them down or up is exact.
 * @param facets of a body in halves of a voxel, from the centre of the first voxel; @param size of the box around it in voxels
 */
export function voxelsInside(facets: readonly Facet[], [depth, height, width]: Triple): number {
  const first = new Int32Array(depth * height);
  const last = new Int32Array(depth * height).fill(-1);
  // A row is in the body where a facet crosses it; the facets of both its ends do.
  const seen = new Uint8Array(depth * height);
  for (const { normal: [nz, ny, nx], level, corners: [a, b, c], low, high } of facets) {
    if (nx === 0) continue;
    for (let z = Math.max(0, Math.ceil(low / 2)); z <= Math.min(depth - 1, Math.floor(high / 2)); z++) {
      const from = Math.max(0, Math.ceil(Math.min(edgeAt(a, b, 2 * z, Infinity), edgeAt(b, c, 2 * z, Infinity), edgeAt(c, a, 2 * z, Infinity)) / 2));
      const to = Math.min(height - 1, Math.floor(Math.max(edgeAt(a, b, 2 * z, -Infinity), edgeAt(b, c, 2 * z, -Infinity), edgeAt(c, a, 2 * z, -Infinity)) / 2));
      for (let y = from, row = z * height + from; y <= to; y++, row++) {
        if (seen[row] === 0) {
          seen[row] = 1;
          last[row] = width - 1;
        }
        const end = (level - 2 * z * nz - 2 * y * ny) / (2 * nx);
        if (nx > 0) last[row] = Math.min(last[row]!, Math.floor(end));
        else first[row] = Math.max(first[row]!, Math.ceil(end));
      }
    }
  }
  let count = 0;
  for (let row = 0; row < first.length; row++) count += Math.max(0, last[row]! - first[row]! + 1);
  return count;
}

/** y where an edge crosses a plane of z: the lower end of an edge in the plane when `none` is above all, else the higher one; `none` where they do not meet. */
function edgeAt(p: Point, q: Point, z: number, none: number): number {
  if ((p[0] < z && q[0] < z) || (p[0] > z && q[0] > z)) return none;
  if (p[0] === q[0]) return none > 0 ? Math.min(p[1], q[1]) : Math.max(p[1], q[1]);
  return (p[1] * (q[0] - p[0]) + (q[1] - p[1]) * (z - p[0])) / (q[0] - p[0]);
}
