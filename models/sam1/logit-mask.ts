// Between the decoder's 256 x 256 logits and masks in plane pixels.
import { boxHeight, boxWidth, cropped } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import { LOGIT_SIDE, NET_PER_LOGIT, toNetX, toNetY } from "./net-frame.ts";
import type { NetFrame } from "./net-frame.ts";

/** How sure a given mask is made to look: SAM's own logits rarely pass it, and it was the best of those tried. */
const SURE = 6;

/**
 * The logits seen from the centre of every plane pixel, bilinear with half-pixel centres, set where above 0.
 * @param logits `[256, 256]`
 * @returns cropped to the pixels that are set; box [0, 0, 0, 0] when none is
 */
export function maskFromLogits(logits: Float32Array, frame: NetFrame): Raster {
  return maskAndStability(logits, frame, 0).mask;
}

/**
 * The mask, and how little of it hangs on where the threshold lies: its pixels above `offset` over those above -`offset`.
 * @returns stability 0..1, 0 for an empty mask
 */
export function maskAndStability(logits: Float32Array, frame: NetFrame, offset: number): { readonly mask: Raster; readonly stability: number } {
  const width = boxWidth(frame.box);
  const height = boxHeight(frame.box);
  const data = new Uint8Array(width * height);
  let sure = 0;
  let perhaps = 0;
  for (let v = 0, at = 0; v < height; v++) {
    const y = clampToLogits(((v + 0.5) * frame.scaleV) / NET_PER_LOGIT - 0.5);
    const y0 = Math.floor(y);
    const partY = y - y0;
    const upper = y0 * LOGIT_SIDE;
    const lower = Math.min(y0 + 1, LOGIT_SIDE - 1) * LOGIT_SIDE;
    for (let u = 0; u < width; u++, at++) {
      const x = clampToLogits(((u + 0.5) * frame.scaleU) / NET_PER_LOGIT - 0.5);
      const x0 = Math.floor(x);
      const x1 = Math.min(x0 + 1, LOGIT_SIDE - 1);
      const partX = x - x0;
      const above = logits[upper + x0]! * (1 - partX) + logits[upper + x1]! * partX;
      const below = logits[lower + x0]! * (1 - partX) + logits[lower + x1]! * partX;
      const logit = above * (1 - partY) + below * partY;
      if (logit > 0) data[at] = 1;
      if (logit > offset) sure++;
      if (logit > -offset) perhaps++;
    }
  }
  return { mask: cropped({ box: frame.box, data }), stability: perhaps === 0 ? 0 : sure / perhaps };
}

/** A mask as the decoder's mask prompt, `[256, 256]`: sure inside, sure outside, and outside in the padding. */
export function logitsFromMask(mask: Raster, frame: NetFrame): Float32Array {
  const logits = new Float32Array(LOGIT_SIDE * LOGIT_SIDE).fill(-SURE);
  const width = boxWidth(mask.box);
  const height = boxHeight(mask.box);
  const rows = Math.min(LOGIT_SIDE, Math.ceil(frame.netHeight / NET_PER_LOGIT));
  const columns = Math.min(LOGIT_SIDE, Math.ceil(frame.netWidth / NET_PER_LOGIT));
  for (let y = 0; y < rows; y++) {
    const v = Math.floor(frame.box[1] + ((y + 0.5) * NET_PER_LOGIT) / frame.scaleV) - mask.box[1];
    if (v < 0 || v >= height) continue;
    for (let x = 0; x < columns; x++) {
      const u = Math.floor(frame.box[0] + ((x + 0.5) * NET_PER_LOGIT) / frame.scaleU) - mask.box[0];
      if (u >= 0 && u < width && mask.data[v * width + u] !== 0) logits[y * LOGIT_SIDE + x] = SURE;
    }
  }
  // An object thinner than a logit's cell would vanish between the cells' centres: every pixel marks the cell it lies in.
  for (let v = 0, at = 0; v < height; v++) {
    const y = Math.floor(toNetY(frame, mask.box[1] + v + 0.5) / NET_PER_LOGIT);
    for (let u = 0; u < width; u++, at++) {
      const x = Math.floor(toNetX(frame, mask.box[0] + u + 0.5) / NET_PER_LOGIT);
      if (mask.data[at] !== 0 && x >= 0 && y >= 0 && x < columns && y < rows) logits[y * LOGIT_SIDE + x] = SURE;
    }
  }
  return logits;
}

function clampToLogits(at: number): number {
  return Math.min(Math.max(at, 0), LOGIT_SIDE - 1);
}
