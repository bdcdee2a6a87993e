// Between low-resolution logits, masks at the size of the network's input, and masks in plane pixels.
import { boxHeight, boxWidth, cropped, reframe } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PixelBox } from "#protocol/types.ts";
import type { Frame } from "./frame.ts";
import type { NetworkConstants } from "./network-description.ts";
import { resized } from "./resample.ts";
import type { Size } from "./resample.ts";

/** Input pixels along the side of a logit, and of the convolution that turns a mask into a mask prompt. */
const PER_LOGIT = 4;
/** A given mask's logits, +10 inside and -10 outside. */
const GIVEN_SCALE = 20;
const GIVEN_BIAS = -10;

export interface SeenMask {
  /** Whole plane pixels, cropped; box [0, 0, 0, 0] when none is set. */
  readonly mask: Raster;
  /** Pixels above `offset` over those above -`offset`; 0 for an empty mask. */
  readonly stability: number;
}

/**
 * The logits seen from the centre of every plane pixel, set where above 0.
 * @param logits `[side, side]` over `box`
 */
export function maskFromLogits(logits: Float32Array, box: PixelBox, offset = 0): SeenMask {
  const side = Math.sqrt(logits.length);
  const size = { width: boxWidth(box), height: boxHeight(box) };
  const part = reachOf(logits, side, size, -offset);
  const seen = resized(logits, { width: side, height: side }, size, { antialias: false, part });
  const data = new Uint8Array(seen.length);
  let sure = 0;
  let perhaps = 0;
  for (let at = 0; at < seen.length; at++) {
    if (seen[at]! > 0) data[at] = 1;
    if (seen[at]! > offset) sure++;
    if (seen[at]! > -offset) perhaps++;
  }
  const mask = cropped({ box: [box[0] + part[0], box[1] + part[1], box[0] + part[2], box[1] + part[3]], data });
  return { mask, stability: perhaps === 0 ? 0 : sure / perhaps };
}

/** The pixels that can be above `least`, since none is between logits that are not: a mask is mostly small in its plane. */
function reachOf(logits: Float32Array, side: number, { width, height }: Size, least: number): PixelBox {
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      if (!(logits[at]! > least)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return [0, 0, 0, 0];
  // A logit is seen from as far as its neighbours' centres.
  const first = (cell: number, size: number) => Math.max(0, Math.floor(((cell - 0.5) * size) / side));
  const end = (cell: number, size: number) => Math.min(size, Math.ceil(((cell + 1.5) * size) / side) + 1);
  return [first(left, width), first(top, height), end(right, width), end(bottom, height)];
}

/** The mask's part inside the view, `[side, side]` of 0 and 1 at the input's size. What is thinner than a pixel is kept where it covers any. */
export function modelMask(mask: Raster, { box, side }: Frame): Float32Array {
  const inside = reframe(mask, box);
  const covered = resized(inside.data, { width: boxWidth(box), height: boxHeight(box) }, { width: side, height: side }, { antialias: true });
  const set = covered.map((share) => (share >= 0.5 ? 1 : 0));
  return set.includes(1) ? set : covered.map((share) => (share > 0 ? 1 : 0));
}

/** @param mask `[side, side]` of 0 and 1. @returns logits at a quarter of its side, each the mean of what it covers */
export function logitsOfGiven(mask: Float32Array): Float32Array {
  const side = Math.sqrt(mask.length);
  const full = mask.map((value) => value * GIVEN_SCALE + GIVEN_BIAS);
  return resized(full, { width: side, height: side }, { width: side / PER_LOGIT, height: side / PER_LOGIT }, { antialias: true });
}

/** A given mask as the decoder's mask prompt: a learned 4 x 4 convolution of stride 4. */
export function maskPromptOfGiven(mask: Float32Array, { weight, bias }: NetworkConstants["maskDownsample"]): Float32Array {
  const side = Math.sqrt(mask.length);
  const low = side / PER_LOGIT;
  const prompt = new Float32Array(low * low);
  for (let y = 0, at = 0; y < low; y++) {
    for (let x = 0; x < low; x++, at++) {
      let sum = bias;
      for (let tap = 0; tap < weight.length; tap++) {
        const row = PER_LOGIT * y + Math.floor(tap / PER_LOGIT);
        sum += weight[tap]! * mask[row * side + PER_LOGIT * x + (tap % PER_LOGIT)]!;
      }
      prompt[at] = sum;
    }
  }
  return prompt;
}
