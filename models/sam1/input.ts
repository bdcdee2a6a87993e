// A view as the encoder reads it: colour, scaled so that its long side is 1024, normalised, then padded with zeros.
// Bilinear with half-pixel centres, as the SAM authors' resize does when it enlarges.
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { View } from "../tracker.ts";
import { NET_SIDE, netFrame } from "./net-frame.ts";

/** Mean and standard deviation of ImageNet's red, green and blue in 0..255, as the weights were trained with. */
const MEAN = [123.675, 116.28, 103.53] as const;
const DEVIATION = [58.395, 57.12, 57.375] as const;

/** Part of an embedding's key: to be raised whenever this file turns a view into other numbers. */
export const INPUT_VERSION = "sam1-input-1";

interface Taps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Weight of `high`. */
  readonly part: Float32Array;
}

/** @returns `[1, 3, 1024, 1024]` float32. @throws shape_invalid when the view's numbers do not fit together */
export function encoderInput(view: View): Float32Array {
  requireWhole(view);
  const { netWidth, netHeight } = netFrame(view);
  const { width, channels, pixels } = view;
  const across = taps(width, netWidth);
  const down = taps(view.height, netHeight);
  const input = new Float32Array(3 * NET_SIDE * NET_SIDE);
  for (let channel = 0; channel < 3; channel++) {
    const mean = MEAN[channel]!;
    const scale = 1 / DEVIATION[channel]!;
    const source = channels === 3 ? channel : 0;
    const plane = channel * NET_SIDE * NET_SIDE;
    for (let y = 0; y < netHeight; y++) {
      const upper = down.low[y]! * width * channels + source;
      const lower = down.high[y]! * width * channels + source;
      const partY = down.part[y]!;
      const row = plane + y * NET_SIDE;
      for (let x = 0; x < netWidth; x++) {
        const left = across.low[x]! * channels;
        const right = across.high[x]! * channels;
        const partX = across.part[x]!;
        const above = pixels[upper + left]! * (1 - partX) + pixels[upper + right]! * partX;
        const below = pixels[lower + left]! * (1 - partX) + pixels[lower + right]! * partX;
        input[row + x] = (above * (1 - partY) + below * partY - mean) * scale;
      }
    }
  }
  return input;
}

function requireWhole({ box, width, height, channels, pixels }: View): void {
  if (isEmptyBox(box) || !(width >= 1 && height >= 1)) throw MaskletError.of("shape_invalid", { why: `the window holds no pixel of the plane (${box.join(", ")})` });
  if (pixels.length !== width * height * channels) {
    throw MaskletError.of("shape_invalid", { why: `a view of ${width} x ${height} x ${channels} has ${pixels.length} values` });
  }
}

function taps(from: number, to: number): Taps {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const part = new Float32Array(to);
  for (let at = 0; at < to; at++) {
    const centre = Math.min(Math.max(((at + 0.5) * from) / to - 0.5, 0), from - 1);
    low[at] = Math.floor(centre);
    high[at] = Math.min(low[at]! + 1, from - 1);
    part[at] = centre - low[at]!;
  }
  return { low, high, part };
}
