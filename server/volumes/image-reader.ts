// One frame and channel of an image, read box by box.
import { MaskletError } from "#protocol/errors.ts";
import type { Pixels, VolumeSource } from "./source.ts";

/** `[z, y, x]` */
export type Triple = readonly [number, number, number];

/** Readers are independent; nothing is kept. */
export interface ImageReader {
  readonly name: string;
  readonly size: Triple;
  /** Micrometres; undefined when the image is not calibrated. */
  readonly spacing: Triple | undefined;
  /** Raw values `[z, y, x]` over the box, half-open, in a new array. @throws cancelled, and what reading throws */
  read(start: Triple, end: Triple, signal?: AbortSignal): Promise<Pixels>;
}

/** @throws plane_off_volume when there is no such frame or channel */
export function imageReader(source: VolumeSource, { frame = 0, channel = 0 }: { readonly frame?: number | undefined; readonly channel?: number | undefined } = {}): ImageReader {
  const { name, shape, spacing } = source;
  for (const [axis, index] of [["t", frame], ["c", channel]] as const) {
    if (index >= shape[axis]) throw MaskletError.of("plane_off_volume", { axis, index, size: shape[axis] });
  }
  return {
    name, size: [shape.z, shape.y, shape.x], spacing: spacing === undefined ? undefined : [spacing.z, spacing.y, spacing.x],
    read: (start, end, signal) => source.read({ t: frame, c: channel, z: [start[0], end[0]], y: [start[1], end[1]], x: [start[2], end[2]] }, signal),
  };
}
