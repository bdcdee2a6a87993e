// A view as the image encoder reads it: colour, stretched to the square, normalised. SAM 2's image predictor resizes
// bilinearly with antialias; its video predictor differs slightly between picture folders and video files.
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { View } from "../tracker.ts";
import { resized } from "./resample.ts";

/** Mean and standard deviation of ImageNet's red, green and blue, for values of 0..1. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** Part of an embedding's key: to be raised whenever this file turns a view into other numbers. */
export const INPUT_VERSION = "sam2-input-1";

/**
 * @param side of the network's input
 * @returns `[1, 3, side, side]`
 * @throws shape_invalid when the view's numbers do not fit together
 */
export function imageInput(view: View, side: number): Float32Array {
  requireWhole(view);
  const { width, height, channels, pixels } = view;
  const plane = side * side;
  const input = new Float32Array(3 * plane);
  const resize = (channel: number) => resized(pixels, { width, height }, { width: side, height: side }, { antialias: true, channels, channel });
  let seen = resize(0);
  for (let channel = 0; channel < 3; channel++) {
    if (channel > 0 && channels === 3) seen = resize(channel);
    const scale = 1 / (255 * DEVIATION[channel]!);
    const shift = MEAN[channel]! / DEVIATION[channel]!;
    for (let at = 0; at < plane; at++) input[channel * plane + at] = seen[at]! * scale - shift;
  }
  return input;
}

function requireWhole({ box, width, height, channels, pixels }: View): void {
  if (isEmptyBox(box) || !(width >= 1 && height >= 1)) throw MaskletError.of("shape_invalid", { why: `the window holds no pixel of the plane (${box.join(", ")})` });
  if (pixels.length !== width * height * channels) {
    throw MaskletError.of("shape_invalid", { why: `a view of ${width} x ${height} x ${channels} has ${pixels.length} values` });
  }
}
