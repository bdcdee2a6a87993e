// What a person says about an object on one plane, as the decoder's tensors.
import { cropped, isEmptyBox, unpackMask } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Box, Point, PromptParts } from "#protocol/types.ts";
import { polygonMask } from "../polygon-mask.ts";
import type { Frame } from "./frame.ts";
import { toModelX, toModelY } from "./frame.ts";

/** Labels the decoder knows beside 1 (in the object) and 0 (not). */
const PADDING = -1;
const TOP_LEFT = 2;
const BOTTOM_RIGHT = 3;

/** Points in model pixels as indices, with their labels and without padding; a box is its two corners, first. */
export interface ModelPoints {
  /** `[points, 2]` */
  readonly coords: Float32Array;
  readonly labels: Float32Array;
}

/** A mask alone is taken as it is; beside anything else, and from a polygon, a shape is where the network starts. */
export type PlanePrompt = { readonly kind: "mask"; readonly mask: Raster } | { readonly kind: "points"; readonly points: ModelPoints; readonly shape: Raster | undefined };

/** One padding point follows the points, as the network was trained; two stand for none. @returns the decoder's tensors for one prompt */
export function paddedPoints({ coords, labels }: ModelPoints): ModelPoints {
  const padding = labels.length === 0 ? 2 : 1;
  const padded = { coords: new Float32Array(coords.length + 2 * padding), labels: new Float32Array(labels.length + padding).fill(PADDING) };
  padded.coords.set(coords);
  padded.labels.set(labels);
  return padded;
}

export const noPoints: ModelPoints = { coords: new Float32Array(0), labels: new Float32Array(0) };

/** A polygon gives its box where none is given: people draw it roughly, and a box is what the network knows best. */
export function planePrompt(parts: PromptParts, frame: Frame): PlanePrompt {
  const mask = parts.mask === undefined || isEmptyBox(parts.mask.box) ? undefined : cropped(unpackMask(parts.mask));
  const points = parts.points ?? [];
  if (mask !== undefined && points.length === 0 && parts.box === undefined) return { kind: "mask", mask };
  const drawn = mask ?? polygonShape(parts, frame);
  const box = parts.box ?? (mask === undefined ? drawn?.box : undefined);
  return { kind: "points", points: modelPoints(box, points, frame), shape: drawn };
}

function polygonShape({ polygon }: PromptParts, frame: Frame): Raster | undefined {
  if (polygon === undefined) return undefined;
  const filled = polygonMask(polygon, frame.box);
  return isEmptyBox(filled.box) ? undefined : filled;
}

/** The graph adds the half pixel that is taken off here. */
export function modelPoints(box: Box | undefined, points: readonly Point[], frame: Frame): ModelPoints {
  const coords: number[] = [];
  const labels: number[] = [];
  const say = (u: number, v: number, label: number): void => {
    coords.push(toModelX(frame, u) - 0.5, toModelY(frame, v) - 0.5);
    labels.push(label);
  };
  if (box !== undefined) {
    say(box[0], box[1], TOP_LEFT);
    say(box[2], box[3], BOTTOM_RIGHT);
  }
  for (const [u, v, label] of points) say(u, v, label);
  return { coords: Float32Array.from(coords), labels: Float32Array.from(labels) };
}
