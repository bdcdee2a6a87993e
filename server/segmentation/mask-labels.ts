// Masks of one frame as a label image that is painted plane by plane as it is read.
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Mask, Overlap, Shape, Spacing } from "#protocol/types.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { groupByPlane, labelPlane } from "./masks-to-labels.ts";

/** Which of several masks has a pixel: a rule, or an object that goes over all others. */
export type Paint = Overlap | ((objectId: number) => boolean);

/**
 * Reads what `labels.tif` would hold of the frame. Memory: the plane painted last.
 * @param paint a function names the objects that lie above the others, which then must not overlap each other
 * @throws request_invalid when bits do not fill a box or lie off the volume
 */
export function maskLabels(masks: readonly Mask[], { name, shape, spacing }: { readonly name: string; readonly shape: Shape; readonly spacing?: Spacing | undefined }, paint: Paint): LabelReader {
  const planes = new Map(groupByPlane(masks).map((plane) => [plane.z, plane.masks]));
  const last: { z: number; ids: Uint32Array } = { z: -1, ids: new Uint32Array(0) };
  const planeOf = (z: number, on: readonly Mask[]): Uint32Array => {
    if (last.z === z) return last.ids;
    const above = typeof paint === "function" ? [...on.filter(({ objectId }) => !paint(objectId)), ...on.filter(({ objectId }) => paint(objectId))] : on;
    last.ids = labelPlane(above, shape.x, shape.y, typeof paint === "function" ? "last" : paint);
    last.z = z;
    return last.ids;
  };
  return {
    name, size: [shape.z, shape.y, shape.x], spacing: spacing === undefined ? undefined : [spacing.z, spacing.y, spacing.x],
    read: async ([z0, y0, x0]: Triple, [z1, y1, x1]: Triple, signal) => {
      const [height, width] = [y1 - y0, x1 - x0];
      const ids = new Uint32Array((z1 - z0) * height * width);
      for (let z = z0; z < z1; z++) {
        throwIfCancelled(signal);
        const on = planes.get(z);
        if (on === undefined) continue;
        const plane = planeOf(z, on);
        for (let y = 0; y < height; y++) ids.set(plane.subarray((y0 + y) * shape.x + x0, (y0 + y) * shape.x + x1), ((z - z0) * height + y) * width);
      }
      return ids;
    },
  };
}
