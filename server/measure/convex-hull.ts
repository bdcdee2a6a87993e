// The convex hull of an object, the voxels in it, and its Feret diameters.
import type { Triple } from "#server/volumes/label-reader.ts";
import { hullFacets } from "./hull-facets.ts";
import type { Facet, Point } from "./hull-facets.ts";
import { voxelsInside } from "./hull-voxels.ts";
import { PlaneHull } from "./plane-hull.ts";
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
 * The hull is that of the middles of all faces of the object's voxels, as scikit-image has it. It has a volume even for one voxel, which that of the
 * centres has not, and is nearer to the body that was digitised than that of the voxels' corners, which lies most of a voxel outside.
 * Computed in halves of a voxel, where all is whole numbers: no rounding decides whether a voxel is in.
 * Memory: some thousand points at a time. @param spacing of the voxels, any unit; @param start, end the object's box
 */
export function convexHullOf(eachSlice: EachSlice, { start, end }: { readonly start: Triple; readonly end: Triple }, spacing: Triple): HullMeasures {
  const size: Triple = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
  const { facets, corners } = hullFacets(faceMiddles(eachSlice, start, size));
  const inUnits = corners.map((place, at) => (place * spacing[at % 3]!) / 2);
  return { voxels: voxelsInside(facets, size), feret: largestDistance(inUnits), minFeret: smallestWidth(facets, corners, spacing) };
}

/** Points `[z, y, x]` in halves of a voxel, from the centre of the box's first one, whose hull is that of all middles of faces. */
function faceMiddles(eachSlice: EachSlice, start: Triple, [depth, height]: Triple): Point[] {
  // By slice of the box, its corners y, x, y, x, ...
  const slices: number[][] = Array.from({ length: depth }, () => []);
  eachSlice((z, packed) => {
    const corners = slices[z - start[0]]!;
    for (const corner of packed) corners.push(2 * (Math.floor(corner / packedRow) - start[1]), 2 * ((corner % packedRow) - start[2]));
  });
  const points: Point[] = [];
  const hull = new PlaneHull(2 * height + 1);
  for (let z = -1; z < 2 * depth; z++) {
    if (z % 2 === 0) {
      eachCorner(slices[z / 2], (y, x) => {
        hull.add(y + 1, x - 1);
        hull.add(y + 1, x + 1);
        hull.add(y, x);
        hull.add(y + 2, x);
      });
    } else for (const slice of [slices[(z - 1) / 2], slices[(z + 1) / 2]]) eachCorner(slice, (y, x) => hull.add(y + 1, x));
    hull.take((y, x) => points.push([z, y - 1, x]));
  }
  return points;
}

function eachCorner(corners: readonly number[] | undefined, use: (y: number, x: number) => void): void {
  if (corners !== undefined) for (let at = 0; at < corners.length; at += 2) use(corners[at]!, corners[at + 1]!);
}

/** @param corners `[z, y, x]` behind each other, in units */
function largestDistance(corners: Float64Array): number {
  const count = corners.length / 3;
  // From the middle outwards: two corners are no further apart than the sum of their distances from there.
  const middle = [0, 1, 2].map((axis) => corners.reduce((sum, place, at) => (at % 3 === axis ? sum + place : sum), 0) / count);
  const reach = Float64Array.from({ length: count }, (_, nth) => Math.hypot(corners[3 * nth]! - middle[0]!, corners[3 * nth + 1]! - middle[1]!, corners[3 * nth + 2]! - middle[2]!));
  const order = Int32Array.from(reach.keys()).sort((a, b) => reach[b]! - reach[a]!);
  let largest = 0;
  for (let one = 0; one < count; one++) {
    const a = order[one]!;
    if (2 * reach[a]! < largest) break;
    for (let other = one + 1; other < count; other++) {
      const b = order[other]!;
      if (reach[a]! + reach[b]! < largest) break;
      const [z, y, x] = [corners[3 * a]! - corners[3 * b]!, corners[3 * a + 1]! - corners[3 * b + 1]!, corners[3 * a + 2]! - corners[3 * b + 2]!];
      largest = Math.max(largest, Math.sqrt(z * z + y * y + x * x));
    }
  }
  return largest;
}

/** @param corners `[z, y, x]` behind each other, in halves of a voxel */
function smallestWidth(facets: readonly Facet[], corners: Float64Array, spacing: Triple): number {
  let smallest = Infinity;
  let farthest = 0;
  for (const { normal: [nz, ny, nx], level } of facets) {
    // A plane n . p = level in halves of a voxel has the normal 2 n / spacing in units.
    const scale = 2 * Math.hypot(nz / spacing[0], ny / spacing[1], nx / spacing[2]);
    const enough = smallest * scale;
    const depth = (at: number): number => level - nz * corners[at]! - ny * corners[at + 1]! - nx * corners[at + 2]!;
    // Neighbours among facets face nearly the same corner: one look tells most of them off.
    let deepest = depth(farthest);
    for (let at = 0; at < corners.length && deepest < enough; at += 3) {
      const below = depth(at);
      if (below > deepest) [deepest, farthest] = [below, at];
    }
    if (deepest < enough) smallest = deepest / scale;
  }
  return smallest;
}
