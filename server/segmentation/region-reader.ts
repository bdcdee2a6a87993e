// A part of one frame and channel of a volume, as what a recipe reads. A colour volume is read as its luminance.
import { MaskletError } from "#protocol/errors.ts";
import type { IndexRange, Schema, Shape } from "#protocol/types.ts";
import type { Box3, VoxelReader } from "#server/classical/contract.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Pixels, VolumeSource, VoxelBox } from "#server/volumes/source.ts";

/** Which part: whole planes where an axis is not named. */
export interface AskedRegion {
  readonly region?: Schema<"Region"> | undefined;
  readonly frame?: number | undefined;
  readonly c?: number | undefined;
}

/** @throws range_invalid, plane_off_volume */
export function regionOf(shape: Shape, { region = {}, frame = 0, c = 0 }: AskedRegion): Box3 {
  for (const [axis, index] of [["t", frame], ["c", c]] as const) {
    if (index >= shape[axis]) throw MaskletError.of("plane_off_volume", { axis, index, size: shape[axis] });
  }
  const rangeOf = (axis: "z" | "y" | "x"): IndexRange => {
    const { start, end } = region[axis] ?? { start: 0, end: shape[axis] };
    if (!(start < end && end <= shape[axis])) throw MaskletError.of("range_invalid", { start, end, size: shape[axis], why: `along ${axis} it must hold a plane and end in the volume` });
    return { start, end };
  };
  const [z, y, x] = [rangeOf("z"), rangeOf("y"), rangeOf("x")];
  return { start: [z.start, y.start, x.start], end: [z.end, y.end, x.end] };
}

export function sizeOf({ start, end }: Box3): Size3 {
  return [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
}

/** @param region in the volume; boxes that are read count from its start */
export function regionReader(source: VolumeSource, { frame = 0, c = 0 }: AskedRegion, region: Box3): VoxelReader {
  const { spacing, dtype } = source;
  const [z0, y0, x0] = region.start;
  return {
    size: sizeOf(region), dtype,
    spacing: spacing === undefined ? undefined : [spacing.z, spacing.y, spacing.x],
    read: ({ start, end }, signal) => {
      const box = { t: frame, c, z: [z0 + start[0], z0 + end[0]], y: [y0 + start[1], y0 + end[1]], x: [x0 + start[2], x0 + end[2]] } as const;
      return source.rgb ? luminance(source, box, signal) : source.read(box, signal);
    },
  };
}

/** Red, green and blue weighed as in Rec. 601, which is ImageJ's weighted conversion to grey. */
async function luminance(source: VolumeSource, box: VoxelBox, signal: AbortSignal | undefined): Promise<Pixels> {
  const channel = (c: number): Promise<Pixels> => source.read({ ...box, c }, signal);
  const [red, green, blue] = [await channel(0), await channel(1), await channel(2)];
  return red.map((value, at) => Math.round(0.299 * value + 0.587 * green[at]! + 0.114 * blue[at]!));
}
