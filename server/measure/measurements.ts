// What is measured of every object in every frame, from its masks alone: no volume is built.
import type { Mask, Spacing } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import { bitPlane, forEachPixel, touch } from "./bit-plane.ts";
import type { BitPlane } from "./bit-plane.ts";
import { Clusters } from "./clusters.ts";

/** One object in one frame. All triples are `[z, y, x]`. */
export interface ObjectMeasurements {
  readonly objectId: number;
  /** Objects of one frame that overlap or meet at a face, edge or corner share the smallest object id among them. */
  readonly clusterId: number;
  readonly t: number;
  readonly voxels: number;
  /** Cubic micrometres with a spacing, else voxels. */
  readonly volume: number;
  /** Mean of the voxel centres, micrometres with a spacing, else voxels: voxel i reaches from i to i + 1, its centre is i + 0.5. */
  readonly centroid: readonly [number, number, number];
  /** Voxel indices, half-open. */
  readonly start: readonly [number, number, number];
  readonly end: readonly [number, number, number];
  /** Mean of the masks' scores, weighted by their pixels. */
  readonly score: number;
}

interface Sums {
  readonly objectId: number;
  readonly t: number;
  voxels: number;
  readonly sum: [number, number, number];
  readonly start: [number, number, number];
  readonly end: [number, number, number];
  weight: number;
  weightedScore: number;
}

interface Placed {
  readonly objectId: number;
  readonly bits: BitPlane;
}

/**
 * A row for every object and frame that has a pixel, in the order object, t. Masks may overlap, lie along any axis and repeat:
 * a voxel in several masks of one object counts once.
 * Memory: the masks, and the bits of two neighbouring planes.
 * @throws request_invalid when bits do not fill a box
 */
export function measureObjects(masks: readonly Mask[], spacing: Spacing | undefined): ObjectMeasurements[] {
  const planes = masksAsZPlanes(masks).filter((mask) => mask.area > 0);
  planes.sort((a, b) => a.t - b.t || a.index - b.index || a.objectId - b.objectId);
  const sums = new Map<string, Sums>();
  const clusters = new Clusters();
  let below: readonly Placed[] = [];
  let lastPlane: Mask | undefined;
  for (let from = 0; from < planes.length; ) {
    const first = planes[from]!;
    const plane: Placed[] = [];
    while (from < planes.length && samePlane(planes[from]!, first)) {
      const objectId = planes[from]!.objectId;
      const same: Mask[] = [];
      while (from < planes.length && samePlane(planes[from]!, first) && planes[from]!.objectId === objectId) same.push(planes[from++]!);
      const bits = bitPlane(same);
      plane.push({ objectId, bits });
      addPlane(sums, same, bits);
    }
    joinTouching(clusters, first.t, plane, plane);
    if (lastPlane !== undefined && lastPlane.t === first.t && lastPlane.index === first.index - 1) joinTouching(clusters, first.t, plane, below);
    below = plane;
    lastPlane = first;
  }
  const rows = [...sums.values()].sort((a, b) => a.objectId - b.objectId || a.t - b.t);
  return rows.map((row) => finish(row, clusters, spacing));
}

function samePlane(a: Mask, b: Mask): boolean {
  return a.t === b.t && a.index === b.index;
}

function addPlane(all: Map<string, Sums>, masks: readonly Mask[], bits: BitPlane): void {
  const { objectId, t, index: z } = masks[0]!;
  const key = `${objectId} ${t}`;
  let sums = all.get(key);
  if (sums === undefined) {
    const far = Number.POSITIVE_INFINITY;
    sums = { objectId, t, voxels: 0, sum: [0, 0, 0], start: [far, far, far], end: [0, 0, 0], weight: 0, weightedScore: 0 };
    all.set(key, sums);
  }
  for (const mask of masks) {
    sums.weight += mask.area;
    sums.weightedScore += mask.area * mask.score;
  }
  let count = 0;
  let sumY = 0;
  let sumX = 0;
  const { start, end } = sums;
  forEachPixel(bits, (x, y) => {
    count++;
    sumY += y;
    sumX += x;
    if (y < start[1]) start[1] = y;
    if (x < start[2]) start[2] = x;
    if (y >= end[1]) end[1] = y + 1;
    if (x >= end[2]) end[2] = x + 1;
  });
  start[0] = Math.min(start[0], z);
  end[0] = Math.max(end[0], z + 1);
  sums.voxels += count;
  sums.sum[0] += z * count;
  sums.sum[1] += sumY;
  sums.sum[2] += sumX;
}

/** Pairs of a plane with itself or with the one below; sorted by their first rows, so that only near ones meet. */
function joinTouching(clusters: Clusters, t: number, plane: readonly Placed[], others: readonly Placed[]): void {
  const sorted = [...others].sort((a, b) => a.bits.box[1] - b.bits.box[1]);
  for (const one of plane) {
    for (const other of sorted) {
      if (other.bits.box[1] > one.bits.box[3]) break;
      if (other.bits.box[3] < one.bits.box[1] || other.objectId === one.objectId) continue;
      if (clusters.smallest(t, one.objectId) === clusters.smallest(t, other.objectId)) continue;
      if (touch(one.bits, other.bits)) clusters.join(t, one.objectId, other.objectId);
    }
  }
}

function finish(row: Sums, clusters: Clusters, spacing: Spacing | undefined): ObjectMeasurements {
  const size = spacing === undefined ? [1, 1, 1] as const : [spacing.z, spacing.y, spacing.x] as const;
  const centre = (axis: 0 | 1 | 2): number => (row.sum[axis] / row.voxels + 0.5) * size[axis];
  return {
    objectId: row.objectId,
    clusterId: clusters.smallest(row.t, row.objectId),
    t: row.t,
    voxels: row.voxels,
    volume: row.voxels * size[0] * size[1] * size[2],
    centroid: [centre(0), centre(1), centre(2)],
    start: row.start,
    end: row.end,
    score: row.weightedScore / row.weight,
  };
}
