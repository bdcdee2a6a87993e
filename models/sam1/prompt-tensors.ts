// What a person, or the plane before, says about an object, as the decoder's tensors.
import { cropped, isEmptyBox, unpackMask } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Box, Point, PromptParts } from "#protocol/types.ts";
import { logitsFromMask } from "./logit-mask.ts";
import { LOGIT_SIDE, toNetX, toNetY } from "./net-frame.ts";
import type { NetFrame } from "./net-frame.ts";
import { polygonMask } from "../polygon-mask.ts";

/** Labels the decoder knows beside 1 (in the object) and 0 (not). */
const TOP_LEFT = 2;
const BOTTOM_RIGHT = 3;
const NOTHING = -1;

/** In plane pixels, corner floats. What is left out is not said. */
export interface DecoderPrompt {
  readonly box?: Box | undefined;
  readonly points?: readonly Point[] | undefined;
  readonly mask?: Raster | undefined;
  /** `[256, 256]` of this view, in place of a mask. */
  readonly logits?: Float32Array | undefined;
}

export interface PromptTensors {
  /** `[1, count, 2]` x and y in the input's pixels; the graph itself adds the half pixel that is taken off here. */
  readonly coords: Float32Array;
  /** `[1, count]` */
  readonly labels: Float32Array;
  readonly count: number;
  /** `[1, 1, 256, 256]` */
  readonly mask: Float32Array;
  readonly hasMask: boolean;
}

/** Box corners count as two points; without a box one padding point is added, as the decoder was exported to expect. */
export function promptTensors(prompt: DecoderPrompt, frame: NetFrame): PromptTensors {
  const coords: number[] = [];
  const labels: number[] = [];
  const say = (u: number, v: number, label: number): void => {
    coords.push(toNetX(frame, u) - 0.5, toNetY(frame, v) - 0.5);
    labels.push(label);
  };
  for (const [u, v, label] of prompt.points ?? []) say(u, v, label);
  if (prompt.box === undefined) {
    coords.push(0, 0);
    labels.push(NOTHING);
  } else {
    say(prompt.box[0], prompt.box[1], TOP_LEFT);
    say(prompt.box[2], prompt.box[3], BOTTOM_RIGHT);
  }
  const mask = prompt.logits ?? (prompt.mask === undefined ? undefined : logitsFromMask(prompt.mask, frame));
  return { coords: Float32Array.from(coords), labels: Float32Array.from(labels), count: labels.length, mask: mask ?? new Float32Array(LOGIT_SIDE * LOGIT_SIDE), hasMask: mask !== undefined };
}

/**
 * A person's prompt as the decoder's. A mask or a polygon becomes a mask prompt with its box; a box given beside it
 * stands. Points are added as they are; a polygon or mask adds one point inside itself, because SAM hardly listens to a mask alone.
 */
export function decoderPrompt(parts: PromptParts, frame: NetFrame): DecoderPrompt {
  const shape = shapeOf(parts, frame);
  const points: Point[] = [...(parts.points ?? [])];
  if (shape === undefined) return { box: parts.box, points };
  if (!points.some((point) => point[2] === 1)) points.push(innermost(shape));
  return { box: parts.box ?? shape.box, points, mask: shape };
}

function shapeOf(parts: PromptParts, frame: NetFrame): Raster | undefined {
  if (parts.mask !== undefined && !isEmptyBox(parts.mask.box)) return cropped(unpackMask(parts.mask));
  if (parts.polygon === undefined) return undefined;
  const filled = polygonMask(parts.polygon, frame.box);
  return isEmptyBox(filled.box) ? undefined : filled;
}

/** The centre of the set pixel that is farthest from the mask's edge, in steps along rows and columns. */
function innermost(mask: Raster): Point {
  const width = mask.box[2] - mask.box[0];
  const height = mask.box[3] - mask.box[1];
  const depth = Float32Array.from(mask.data);
  const at = (u: number, v: number): number => (u < 0 || v < 0 || u >= width || v >= height ? 0 : depth[v * width + u]!);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) if (depth[v * width + u] !== 0) depth[v * width + u] = 1 + Math.min(at(u - 1, v), at(u, v - 1));
  }
  let best = 0;
  for (let v = height - 1; v >= 0; v--) {
    for (let u = width - 1; u >= 0; u--) {
      const here = v * width + u;
      if (depth[here] !== 0) depth[here] = Math.min(depth[here]!, 1 + Math.min(at(u + 1, v), at(u, v + 1)));
      if (depth[here]! > depth[best]!) best = here;
    }
  }
  return [mask.box[0] + (best % width) + 0.5, mask.box[1] + Math.floor(best / width) + 0.5, 1];
}
