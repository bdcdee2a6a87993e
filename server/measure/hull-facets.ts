// The convex hull of points in space, as planes.
// @ts-expect-error The package's types belong to its door, whose own imports Node cannot follow; this is its bundle.
import bundled from "quickhull3d/dist/quickhull3d.js";

/** `[z, y, x]`, whole numbers. */
export type Point = readonly [number, number, number];

/** A triangle of the hull: inside is where normal . point <= level. All whole numbers. */
export interface Facet {
  readonly normal: Point;
  readonly level: number;
  readonly corners: readonly [Point, Point, Point];
  /** Its first and last z. */
  readonly low: number;
  readonly high: number;
}

/** Triangles by the places of their corners, which turn so that their normals point outside. */
const quickhull: (points: readonly Point[]) => readonly (readonly number[])[] = bundled;

/**
 * C. B. Barber, D. P. Dobkin and H. Huhdanpaa, ACM Trans. Math. Softw. 22(4), 1996. The library says which points are corners; the planes are
 * worked out here from those, exactly.
 * @param points at least four that are not in one plane @returns corners `[z, y, x]` behind each other
 */
export function hullFacets(points: readonly Point[]): { readonly facets: Facet[]; readonly corners: Float64Array } {
  const facets: Facet[] = [];
  const used = new Uint8Array(points.length);
  for (const [i, j, k] of quickhull(points)) {
    const [a, b, c] = [points[i!]!, points[j!]!, points[k!]!];
    const normal = cross(a, b, c);
    // Corners on one edge span no plane; their neighbours do.
    if (normal[0] === 0 && normal[1] === 0 && normal[2] === 0) continue;
    const level = normal[0] * a[0] + normal[1] * a[1] + normal[2] * a[2];
    facets.push({ normal, level, corners: [a, b, c], low: Math.min(a[0], b[0], c[0]), high: Math.max(a[0], b[0], c[0]) });
    used[i!] = used[j!] = used[k!] = 1;
  }
  const corners: number[] = [];
  for (let nth = 0; nth < used.length; nth++) if (used[nth] === 1) corners.push(...points[nth]!);
  return { facets, corners: Float64Array.from(corners) };
}

function cross(a: Point, b: Point, c: Point): Point {
  const [uz, uy, ux] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [vz, vy, vx] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  return [uy * vx - ux * vy, ux * vz - uz * vx, uz * vy - uy * vz];
}
