// Outlines of a file as masks of numbered objects, and masks as a label image.
import { packMask, type Raster } from "#protocol/mask.ts";
import type { Mask, Overlap, Shape, Spacing } from "#protocol/types.ts";
import { groupByPlane, labelPlane } from "#server/segmentation/masks-to-labels.ts";
import type { LabelReader } from "#server/volumes/label-reader.ts";

export interface OutlinedObjects {
  readonly masks: readonly Mask[];
  /** How outlines became objects, and what was left out, for people. */
  readonly notes: readonly string[];
}

/** Numbers for objects that say theirs, and for those that are only told apart: these get free numbers in the order they come. */
export function numberObjects(objects: readonly { readonly object: number | undefined; readonly key: string }[]): number[] {
  const used = new Set(objects.flatMap(({ object }) => (object === undefined ? [] : [object])));
  const given = new Map<string, number>();
  let next = 1;
  return objects.map(({ object, key }) => {
    if (object !== undefined) return object;
    const before = given.get(key);
    if (before !== undefined) return before;
    while (used.has(next)) next++;
    used.add(next);
    given.set(key, next);
    return next;
  });
}

/** Undefined when no pixel of it lies on the plane. */
export function planeMask(raster: Raster, objectId: number, index: number, t: number): Mask | undefined {
  const packed = packMask(raster);
  return packed.area === 0 ? undefined : { objectId, axis: "z", index, t, score: 1, ...packed };
}

/** Planes kept as ids: crops are small, and many lie on one plane. */
const keptVoxels = 2 ** 24;

/** One frame of masks as a label image on a volume's grid. Memory: the masks, and some planes of ids. */
export function maskLabels(masks: readonly Mask[], { name, shape, spacing }: { readonly name: string; readonly shape: Shape; readonly spacing: Spacing | undefined }, frame: number, overlap: Overlap): LabelReader {
  const planes = new Map(groupByPlane(masks.filter((mask) => mask.t === frame)).map((plane) => [plane.z, plane.masks]));
  const kept = new Map<number, Uint32Array>();
  const most = Math.max(1, Math.floor(keptVoxels / (shape.x * shape.y)));
  const planeAt = (z: number): Uint32Array | undefined => {
    const found = kept.get(z);
    const own = planes.get(z);
    if (found !== undefined || own === undefined) return found;
    const ids = labelPlane(own, shape.x, shape.y, overlap);
    if (kept.size >= most) kept.delete(kept.keys().next().value!);
    kept.set(z, ids);
    return ids;
  };
  return {
    name, size: [shape.z, shape.y, shape.x], spacing: spacing === undefined ? undefined : [spacing.z, spacing.y, spacing.x],
    read: async (start, end) => {
      const [height, width] = [end[1] - start[1], end[2] - start[2]];
      const ids = new Uint32Array((end[0] - start[0]) * height * width);
      for (let z = start[0]; z < end[0]; z++) {
        const plane = planeAt(z);
        if (plane === undefined) continue;
        for (let y = start[1]; y < end[1]; y++) ids.set(plane.subarray(y * shape.x + start[2], y * shape.x + end[2]), ((z - start[0]) * height + y - start[1]) * width);
      }
      return ids;
    },
  };
}
