// Surface areas by Crofton's formula: how often lines along 13 directions cross the surface, each direction weighted by the part of the sphere it stands for.
import type { Triple } from "#server/volumes/label-reader.ts";

/**
 * The 13 directions to the 26 neighbours fall into seven classes of equal length and weight; a class is named by the axes that its directions
 * step along. Counts are kept in this order.
 */
export const directionClasses = [
  { steps: [0, 0, 1], directions: 1 }, { steps: [0, 1, 0], directions: 1 }, { steps: [1, 0, 0], directions: 1 },
  { steps: [0, 1, 1], directions: 2 }, { steps: [1, 0, 1], directions: 2 }, { steps: [1, 1, 0], directions: 2 },
  { steps: [1, 1, 1], directions: 4 },
] as const;

/**
 * Area that each crossing of the surface (a voxel in the object whose neighbour in that direction is not) stands for, by class.
 * S = 4 sum_k c_k (v / d_k) (crossings_k / 2), with v the volume of a voxel, d_k the length of the step and c_k the part of the unit sphere that
 * is nearest to the direction or its opposite: G. Lehmann and D. Legland, Efficient N-dimensional surface estimation using Crofton formula and
 * run-length encoding, Insight Journal 2012.
 * @param spacing of the voxels `[z, y, x]`, any unit; the areas are in its square
 */
export function croftonWeights(spacing: Triple): readonly number[] {
  const volume = spacing[0] * spacing[1] * spacing[2];
  const directions = neighbours().map((steps) => scaled(steps, spacing));
  return directionClasses.map(({ steps }) => {
    const own = scaled(steps, spacing);
    const part = (2 * solidAngleNearest(own, directions)) / (4 * Math.PI);
    return (2 * part * volume) / norm(own);
  });
}

function neighbours(): Triple[] {
  const offsets: Triple[] = [];
  for (let at = 0; at < 27; at++) {
    if (at !== 13) offsets.push([Math.floor(at / 9) - 1, (Math.floor(at / 3) % 3) - 1, (at % 3) - 1]);
  }
  return offsets;
}

/** Of all directions on the unit sphere those nearest to `own`: its cell of the spherical Voronoi diagram, cut in the plane that touches the sphere there. */
function solidAngleNearest(own: Triple, all: readonly Triple[]): number {
  const n = unit(own);
  const u = unit(cross(n, Math.abs(n[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]));
  const v = cross(n, u);
  // No cell reaches further than an axis is away at most, acos(1 / sqrt 3); sqrt 2 in the plane.
  let cell: (readonly [number, number])[] = [[-1.5, -1.5], [1.5, -1.5], [1.5, 1.5], [-1.5, 1.5]];
  for (const other of all.map(unit)) {
    const away: Triple = [n[0] - other[0], n[1] - other[1], n[2] - other[2]];
    if (norm(away) > 1e-9) cell = halfPlane(cell, dot(away, u), dot(away, v), dot(away, n));
  }
  return cell.reduce((sum, at, nth) => sum + solidAngle(at, cell[(nth + 1) % cell.length]!), 0);
}

/** The part of a convex polygon where a x + b y + c >= 0. */
function halfPlane(cell: readonly (readonly [number, number])[], a: number, b: number, c: number): (readonly [number, number])[] {
  const side = cell.map(([x, y]) => a * x + b * y + c);
  return cell.flatMap((at, nth) => {
    const next = (nth + 1) % cell.length;
    const kept = side[nth]! >= 0 ? [at] : [];
    if (side[nth]! >= 0 === side[next]! >= 0) return kept;
    const part = side[nth]! / (side[nth]! - side[next]!);
    const [x, y] = cell[next]!;
    return [...kept, [at[0] + part * (x - at[0]), at[1] + part * (y - at[1])] as const];
  });
}

/** Of the triangle between the origin (0, 0), p and q in the plane at distance 1: A. Van Oosterom and J. Strackee, IEEE Trans. Biomed. Eng. 30(2), 1983. */
function solidAngle([px, py]: readonly [number, number], [qx, qy]: readonly [number, number]): number {
  const [p, q] = [Math.hypot(1, px, py), Math.hypot(1, qx, qy)];
  return 2 * Math.atan2(px * qy - py * qx, p * q + q + p + px * qx + py * qy + 1);
}

function scaled(steps: Triple, spacing: Triple): Triple {
  return [steps[0] * spacing[0], steps[1] * spacing[1], steps[2] * spacing[2]];
}

function unit(vector: Triple): Triple {
  const length = norm(vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

function norm([a, b, c]: Triple): number {
  return Math.hypot(a, b, c);
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
