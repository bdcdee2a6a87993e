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

/** How a body stands to others; the rest its own voxels say. */
export type Standing = Pick<ObjectMeasures, "objectId" | "clusterId" | "t" | "objects" | "contacts" | "confidence">;

/** @param size of the volume, @param middle that positions count from, @param spacing in the unit of the measures */
export function bodyDescriber({ size, middle, spacing }: { readonly size: Triple; readonly middle: Triple; readonly spacing: Triple }): (body: Body, standing: Standing) => ObjectMeasures {
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

  return ({ sums, box: [z0, y0, x0, z1, y1, x1], intensity, eachSlice }, { objectId, clusterId, t, objects, contacts, confidence }) => {
    const start: [number, number, number] = [z0!, y0!, x0!];
    const end: [number, number, number] = [z1!, y1!, x1!];
    const voxels = sums[column.voxels]!;
    const volume = voxels * voxelVolume;
    let surface = 0;
    let contactArea = 0;
    for (const [nth, weight] of weights.entries()) {
      // Each voxel has two neighbours along a direction; a pair of neighbours in the object is two steps that do not cross its surface.
      surface += weight * 2 * (directionClasses[nth]!.directions * voxels - sums[column.pairs + nth]!);
      contactArea += weight * sums[column.foreign + nth]!;
    }
    const [z, y, x] = centroidOf(sums, middle);
    const hull = hullOf(voxels, { start, end }, eachSlice);
    const { radii, elongation, flatness, zingg, axes, axesUncertain, major, normal } = ellipsoidOf(covarianceOf(sums, spacing));
    // Written out: copying members from object to object is most of the time that a million of them take.
    return {
      objectId, clusterId, t, objects, voxels, volume, surface,
      equivalentDiameter: Math.cbrt((6 * volume) / Math.PI),
      centroid: [z * spacing[0], y * spacing[1], x * spacing[2]],
      start, end,
      border: size.some((side, axis) => side > 1 && (start[axis] === 0 || end[axis] === side)),
      radii, elongation, flatness, zingg, axes, axesUncertain, major, normal,
      sphericity: (Math.cbrt(Math.PI) * (6 * volume) ** (2 / 3)) / surface,
      convexVolume: hull.voxels * voxelVolume, solidity: voxels / hull.voxels,
      feret: hull.feret, minFeret: hull.minFeret, contacts, contactArea,
      intensity: intensity === undefined ? null : intensityOf(intensity), confidence,
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
