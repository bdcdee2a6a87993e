// Where each object of a run is largest: one box for each, as `masklet propagate` reads them.
import type { Box, PromptsFile } from "#protocol/types.ts";
import type { Box3, ClassicalRun } from "#server/classical/contract.ts";
import { planesOf } from "#server/operations/label-planes.ts";
import { sizeOf } from "#server/segmentation/region-reader.ts";

/** What is known of one object: its pixels on a plane and the box around them, `[u0, v0, u1, v1]` as whole pixels. */
interface Slice {
  area: number;
  z: number;
  box: [number, number, number, number];
}

/**
 * A box one pixel wider than the object on the slice where it has most pixels, the first of equal ones; in voxels of the volume.
 * Memory: two boxes an object, and what `planesOf` reads.
 */
export async function promptsOfRun(run: ClassicalRun, region: Box3, plane: { readonly width: number; readonly height: number; readonly t: number; readonly c: number }, signal: AbortSignal): Promise<PromptsFile> {
  const largest = new Map<number, Slice>();
  const [, , width] = sizeOf(region);
  let z = 0;
  for await (const ids of planesOf(run, region, signal)) {
    for (const [id, slice] of slicesOn(ids, width, z)) if (slice.area > (largest.get(id)?.area ?? 0)) largest.set(id, slice);
    z++;
  }
  const [z0, y0, x0] = region.start;
  const { t, c } = plane;
  return {
    objects: [...largest].sort(([a], [b]) => a - b).map(([id, slice]) => {
      const [u0, v0, u1, v1] = slice.box;
      const box: Box = [Math.max(0, u0 + x0 - 1), Math.max(0, v0 + y0 - 1), Math.min(plane.width, u1 + x0 + 1), Math.min(plane.height, v1 + y0 + 1)];
      return { id, axis: "z" as const, ...(t === 0 ? {} : { t }), ...(c === 0 ? {} : { c }), prompts: [{ z: slice.z + z0, box }] };
    }),
  };
}

function slicesOn(ids: ArrayLike<number>, width: number, z: number): Map<number, Slice> {
  const found = new Map<number, Slice>();
  for (let row = 0, y = 0; row < ids.length; row += width, y++) {
    for (let x = 0; x < width;) {
      const id = ids[row + x]!;
      let end = x + 1;
      while (end < width && ids[row + end] === id) end++;
      if (id !== 0) {
        const slice = found.get(id);
        if (slice === undefined) found.set(id, { area: end - x, z, box: [x, y, end, y + 1] });
        else {
          slice.area += end - x;
          slice.box = [Math.min(slice.box[0], x), slice.box[1], Math.max(slice.box[2], end), y + 1];
        }
      }
      x = end;
    }
  }
  return found;
}
