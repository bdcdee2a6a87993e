// The convex hull of an object, the voxels in it, and its Feret diameters.
import type { Triple } from "#server/volumes/label-reader.ts";
import { hullFacets } from "./hull-facets.ts";
import type { Facet, Point } from "./hull-facets.ts";
import { planeHull } from "./plane-hull.ts";
import type { PlanePoints } from "./plane-hull.ts";
import { packedRow } from "./slice-outlines.ts";

export interface HullMeasures {
  /** Voxels whose centres lie in the hull or on it. */
  readonly voxels: number;
  /** Largest distance of two points of the hull. */
  readonly feret: number;
  /** Smallest distance of two parallel planes around the hull, one of them on a facet. */
  readonly minFeret: number;
}

/** Calls `use` with the corners of an object's outline on each slice it has voxels on, as `SliceOutlines.forEach`; a slice may come more than once. */
export type EachSlice = (use: (z: number, corners: Uint32Array) => void) => void;

/**
 * The hull is that of the middles of all faces of the object's voxels, as scikit-image has it. It has a volume even for one voxel, and a digitised
 * convex body keeps about its own size in it, where the hull of the voxels' corners swells by most of a voxel and that of their centres shrinks.
 * Computed in halves of a voxel, where all is whole numbers: no rounding decides whether a voxel is in.
 * Memory: some thousand points at a time. @param spacing of the voxels, any unit; @param start, end the object's box
 */
export function convexHullOf(eachSlice: EachSlice, { start, end }: { readonly start: Triple; readonly end: Triple }, spacing: Triple): HullMeasures {
  const facets = hullFacets(faceMiddles(eachSlice, start));
  const corners = [...new Set(facets.flatMap(({ corners: own }) => own))];
  return {
    voxels: voxelsInside(facets, [end[0] - start[0], end[1] - start[1], end[2] - start[2]]),
    feret: largestDistance(corners, spacing), minFeret: smallestWidth(facets, corners, spacing),
  };
}

/** Points `[z, y, x]` in halves of a voxel, from the centre of the box's first one, whose hull is that of all middles of faces. */
function faceMiddles(eachSlice: EachSlice, start: Triple): Point[] {
  const levels = new Map<number, PlanePoints>();
  const put = (z: number, points: PlanePoints): void => {
    const level = levels.get(z);
    if (level === undefined) levels.set(z, points);
    else for (const value of points) level.push(value);
  };
  eachSlice((slice, packed) => {
    const z = 2 * (slice - start[0]);
    const centres: PlanePoints = [];
    const aside: PlanePoints = [];
    for (const corner of packed) {
      const [y, x] = [2 * (Math.floor(corner / packedRow) - start[1]), 2 * ((corner % packedRow) - start[2])];
      centres.push(x, y);
      aside.push(x - 1, y, x + 1, y, x, y - 1, x, y + 1);
    }
    put(z - 1, centres);
    put(z, aside);
    put(z + 1, [...centres]);
  });
  const points: Point[] = [];
  for (const [z, level] of levels) {
    const hull = planeHull(level);
    for (let at = 0; at < hull.length; at += 2) points.push([z, hull[at + 1]!, hull[at]!]);
  }
  return points;
}

/** Counts row by row: every facet cuts off one end of a row, or none. @param size of the box in voxels */
function voxelsInside(facets: readonly Facet[], [depth, height, width]: Triple): number {
  let count = 0;
  for (let z = 0; z < depth; z++) {
    // What lies in a convex body on a plane is said by the facets that the plane goes through.
    const onSlice = facets.filter(({ low, high }) => low <= 2 * z && 2 * z <= high);
    for (let y = 0; y < height; y++) {
      let first = 0;
      let last = width - 1;
      for (let nth = 0; nth < onSlice.length && first <= last; nth++) {
        const { normal, level } = onSlice[nth]!;
        const room = level - 2 * z * normal[0] - 2 * y * normal[1];
        const slope = 2 * normal[2];
        if (slope > 0) last = Math.min(last, Math.floor(room / slope));
        else if (slope < 0) first = Math.max(first, Math.ceil(room / slope));
        else if (room < 0) last = -1;
      }
      count += Math.max(0, last - first + 1);
    }
  }
  return count;
}

function largestDistance(corners: readonly Point[], spacing: Triple): number {
  const flat = Float64Array.from(corners.flatMap((corner) => corner.map((place, axis) => (place * spacing[axis]!) / 2)));
  let largest = 0;
  for (let a = 0; a < flat.length; a += 3) {
    for (let b = a + 3; b < flat.length; b += 3) {
      const [z, y, x] = [flat[a]! - flat[b]!, flat[a + 1]! - flat[b + 1]!, flat[a + 2]! - flat[b + 2]!];
      const square = z * z + y * y + x * x;
      if (square > largest) largest = square;
    }
  }
  return Math.sqrt(largest);
}

function smallestWidth(facets: readonly Facet[], corners: readonly Point[], spacing: Triple): number {
  const flat = Int32Array.from(corners.flat());
  let smallest = Infinity;
  for (const { normal: [nz, ny, nx], level } of facets) {
    let deepest = 0;
    for (let at = 0; at < flat.length; at += 3) {
      const below = level - nz * flat[at]! - ny * flat[at + 1]! - nx * flat[at + 2]!;
      if (below > deepest) deepest = below;
    }
    // A plane n . p = level in halves of a voxel has the normal 2 n / spacing in units.
    const width = deepest / (2 * Math.hypot(nz / spacing[0], ny / spacing[1], nx / spacing[2]));
    if (width < smallest) smallest = width;
  }
  return smallest;
}
