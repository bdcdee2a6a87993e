// Where a view lies in the network's square input: the raster's long side becomes 1024, the rest is padding at the
// right and at the bottom. All coordinates are corner floats (origin at the top-left corner of the first pixel).
import { boxHeight, boxWidth } from "#protocol/mask.ts";
import type { PixelBox } from "#protocol/types.ts";
import type { View } from "../tracker.ts";

/** Side of the network's input. */
export const NET_SIDE = 1024;
/** Side of the masks that the decoder reads and writes; they cover the whole input, padding included. */
export const LOGIT_SIDE = 256;
/** Input pixels a logit covers along each side. */
export const NET_PER_LOGIT = NET_SIDE / LOGIT_SIDE;

export interface NetFrame {
  /** Whole plane pixels. */
  readonly box: PixelBox;
  /** Input pixels that hold the view. */
  readonly netWidth: number;
  readonly netHeight: number;
  /** Input pixels a plane pixel. */
  readonly scaleU: number;
  readonly scaleV: number;
}

/** Each side is rounded to whole input pixels, so the two scales may differ a little. */
export function netFrame(view: Pick<View, "box" | "width" | "height">): NetFrame {
  const scale = NET_SIDE / Math.max(view.width, view.height);
  const netWidth = Math.max(1, Math.round(view.width * scale));
  const netHeight = Math.max(1, Math.round(view.height * scale));
  return { box: view.box, netWidth, netHeight, scaleU: netWidth / boxWidth(view.box), scaleV: netHeight / boxHeight(view.box) };
}

/** From a corner coordinate of the plane to one of the input, as `toNetY`. */
export function toNetX(frame: NetFrame, u: number): number {
  return (u - frame.box[0]) * frame.scaleU;
}

export function toNetY(frame: NetFrame, v: number): number {
  return (v - frame.box[1]) * frame.scaleV;
}
