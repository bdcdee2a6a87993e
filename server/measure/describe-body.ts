// From an object's sums and outlines to what is said of it.
import type { ObjectMeasures } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { convexHullOf } from "./convex-hull.ts";
import type { EachSlice, HullMeasures } from "./convex-hull.ts";
import { croftonWeights, directionClasses } from "./crofton.ts";
import { centroidOf, covarianceOf, ellipsoidOf } from "./ellipsoid.ts";
import { column, intensityColumn } from "./object-sums.ts";
import { packedRow } from "./slice-outlines.ts";

/** An object or a cluster: its sums and box as `ObjectSums` keeps them, and its outlines. */
export interface Body {
  readonly sums: Float64Array;
  readonly box: Int32Array;
  readonly intensity: Float64Array | undefined;
  readonly eachSlice: EachSlice;
}

/** A speck has at most so many voxels. */
const mostSpeckVoxels = 48;
/** Hulls of specks that are kept: some 20 MB of them. */
const mostKnownHulls = 50_000;

/** What of an object its own voxels say; the rest is how it stands to others. */
export type BodyMeasures = Omit<ObjectMeasures, "objectId" | "clusterId" | "t" | "objects" | "contacts" | "confidence">;

/** @param size of the volume, @param middle that positions count from, @param spacing in the unit of the measures */
export function bodyDescriber({ size, middle, spacing }: { readonly size: Triple; readonly middle: Triple; readonly spacing: Triple }): (body: Body) => BodyMeasures {
  const voxelVolume = spacing[0] * spacing[1] * spacing[2];
  const weights = croftonWeights(spacing);
  const known = new Map<string, HullMeasures>();

  /** Specks are many and few kinds of them differ: each kind's hull is made once. */
  function hullOf(voxels: number, box: { readonly start: Triple; readonly end: Triple }, eachSlice: EachSlice): HullMeasures {
    if (voxels > mostSpeckVoxels) return convexHullOf(eachSlice, box, spacing);
    const kind = outlineText(eachSlice, box);
    const hull = known.get(kind) ?? convexHullOf(eachSlice, box, spacing);
    if (known.size < mostKnownHulls) known.set(kind, hull);
    return hull;
  }

  return ({ sums, box: [z0, y0, x0, z1, y1, x1], intensity, eachSlice }) => {
    const start: [number, number, number] = [z0!, y0!, x0!];
    const end: [number, number, number] = [z1!, y1!, x1!];
    const voxels = sums[column.voxels]!;
    const volume = voxels * voxelVolume;
    // Each voxel has two neighbours along a direction; a pair of neighbours in the object is two steps that do not cross its surface.
    const crossings = (nth: number): number => 2 * (directionClasses[nth]!.directions * voxels - sums[column.pairs + nth]!);
    const surface = weights.reduce((sum, weight, nth) => sum + weight * crossings(nth), 0);
    const centroid = centroidOf(sums, middle);
    const hull = hullOf(voxels, { start, end }, eachSlice);
    return {
      voxels, volume, surface,
      equivalentDiameter: Math.cbrt((6 * volume) / Math.PI),
      centroid: [centroid[0] * spacing[0], centroid[1] * spacing[1], centroid[2] * spacing[2]],
      start, end,
      border: size.some((side, axis) => side > 1 && (start[axis] === 0 || end[axis] === side)),
      ...ellipsoidOf(covarianceOf(sums, spacing)),
      sphericity: (Math.cbrt(Math.PI) * (6 * volume) ** (2 / 3)) / surface,
      convexVolume: hull.voxels * voxelVolume, solidity: voxels / hull.voxels,
      feret: hull.feret, minFeret: hull.minFeret,
      contactArea: weights.reduce((sum, weight, nth) => sum + weight * sums[column.foreign + nth]!, 0),
      intensity: intensity === undefined ? null : intensityOf(intensity),
    };
  };
}

/** Equal for bodies of one size and outline, wherever they lie. */
function outlineText(eachSlice: EachSlice, { start, end }: { readonly start: Triple; readonly end: Triple }): string {
  let text = `${end[0] - start[0]} ${end[1] - start[1]} ${end[2] - start[2]}`;
  const corner = start[1] * packedRow + start[2];
  eachSlice((z, corners) => {
    text += `,${z - start[0]}`;
    for (const at of corners) text += ` ${at - corner}`;
  });
  return text;
}

function intensityOf(sums: Float64Array): NonNullable<ObjectMeasures["intensity"]> {
  const [count, offset, sum] = [sums[intensityColumn.count]!, sums[intensityColumn.offset]!, sums[intensityColumn.sum]!];
  if (count === 0) return { mean: null, sd: null, min: null, max: null, sum: 0 };
  const spread = (sums[intensityColumn.squares]! - (sum * sum) / count) / count;
  return {
    mean: offset + sum / count, sd: Math.sqrt(Math.max(0, spread)),
    min: sums[intensityColumn.min]!, max: sums[intensityColumn.max]!, sum: count * offset + sum,
  };
}
