// Where a view lies in the network's square input: its raster is stretched to the whole square, without padding. All
// coordinates are corner floats (origin at the top-left corner of the first pixel).
import { boxHeight, boxWidth } from "#protocol/mask.ts";
import type { PixelBox } from "#protocol/types.ts";
import type { View } from "../tracker.ts";

export interface Frame {
  /** Whole plane pixels that the input shows. */
  readonly box: PixelBox;
  /** Of the input, in model pixels. */
  readonly side: number;
}

export function frameOf(view: Pick<View, "box">, imageSize: number): Frame {
  return { box: view.box, side: imageSize };
}

/** From a corner coordinate of the plane to one of the input, as `toModelY`. */
export function toModelX(frame: Frame, u: number): number {
  return ((u - frame.box[0]) * frame.side) / boxWidth(frame.box);
}

export function toModelY(frame: Frame, v: number): number {
  return ((v - frame.box[1]) * frame.side) / boxHeight(frame.box);
}
