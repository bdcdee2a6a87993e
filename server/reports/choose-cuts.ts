// Which planes a report shows.
import type { Triple } from "#server/volumes/label-reader.ts";
import { planeAxes, wholePlane } from "./cut.ts";
import type { Cut } from "./cut.ts";

/** Voxels `[start, end)` along z, y, x. */
export interface VoxelBounds {
  readonly start: readonly number[];
  readonly end: readonly number[];
}

export const axisNames = ["z", "y", "x"] as const;
const spreadSlices = 6;
/** Of a box, beyond each of its sides, and at least so many voxels: an object is judged with what lies around it. */
const margin = 0.3;
const minMargin = 4;

/** Slices spread over what holds objects. */
export function spreadCuts(size: Triple, objects: readonly VoxelBounds[], atMost = spreadSlices): Cut[] {
  const [from, to] = reachOf(size, objects, 0);
  const count = Math.min(atMost, to - from);
  return Array.from({ length: count }, (_, nth) => wholePlane(0, from + Math.floor(((nth + 0.5) * (to - from)) / count), size));
}

/** Along y and x through the middle of what holds objects; none where a volume has one slice. */
export function crossCuts(size: Triple, objects: readonly VoxelBounds[]): Cut[] {
  if (size[0] === 1) return [];
  return ([1, 2] as const).map((axis) => {
    const [from, to] = reachOf(size, objects, axis);
    return wholePlane(axis, Math.floor((from + to) / 2), size);
  });
}

function reachOf(size: Triple, objects: readonly VoxelBounds[], axis: 0 | 1 | 2): [number, number] {
  if (objects.length === 0) return [0, size[axis]];
  return objects.reduce(([low, high], { start, end }) => [Math.min(low, start[axis]!), Math.max(high, end[axis]!)], [Infinity, 0]);
}

/** Through a voxel of an object along z, y and x, with a margin around its box; only along z where a volume has one slice. */
export function cutsThrough({ start, end }: VoxelBounds, voxel: readonly number[], size: Triple): Cut[] {
  const reach = ([0, 1, 2] as const).map((axis): [number, number] => {
    const room = Math.max(minMargin, Math.ceil(margin * (end[axis]! - start[axis]!)));
    return [Math.max(0, start[axis]! - room), Math.min(size[axis], end[axis]! + room)];
  });
  const axes = size[0] === 1 ? ([0] as const) : ([0, 1, 2] as const);
  return axes.map((axis) => {
    const [row, column] = planeAxes[axis];
    return { axis, index: Math.min(size[axis] - 1, Math.max(0, Math.floor(voxel[axis]!))), rows: reach[row]!, columns: reach[column]! };
  });
}
