// Where a prompt is, before any model has run: it decides the first window.
import { unpackMask } from "#protocol/mask.ts";
import type { PixelBox, PromptParts } from "#protocol/types.ts";
import type { PlaneSize } from "./plane.ts";

/** What a click alone is looked at in first, in the plane's finer pixels: it says where the object is but not how large. */
const clickExtent = 64;

export interface Extent {
  readonly box: PixelBox;
  /** False when only clicks were given, so that the true size is seen only after a first look. */
  readonly sized: boolean;
}

/** Whole pixels around all that the prompt says of the object, inside the plane. */
export function promptExtent(parts: PromptParts, plane: PlaneSize): Extent {
  const corners: [number, number][] = [];
  if (parts.box) corners.push([parts.box[0], parts.box[1]], [parts.box[2], parts.box[3]]);
  if (parts.polygon) corners.push(...parts.polygon);
  if (parts.mask) {
    const { box } = unpackMask(parts.mask);
    corners.push([box[0], box[1]], [box[2], box[3]]);
  }
  const sized = corners.length > 0;
  for (const [u, v, label] of parts.points ?? []) {
    if (label === 0) continue;
    const [reachU, reachV] = sized ? [0.5, 0.5] : [clickExtent / 2 / plane.pixelU, clickExtent / 2 / plane.pixelV];
    corners.push([u - reachU, v - reachV], [u + reachU, v + reachV]);
  }
  const us = corners.map(([u]) => u);
  const vs = corners.map(([, v]) => v);
  const low = (values: number[]) => Math.max(0, Math.floor(Math.min(...values)));
  const high = (values: number[], side: number) => Math.min(side, Math.ceil(Math.max(...values)));
  return { box: [low(us), low(vs), high(us, plane.width), high(vs, plane.height)], sized };
}

/** The longer side, in the plane's finer pixels. */
export function boxExtent(box: PixelBox, plane: PlaneSize): number {
  return Math.max((box[2] - box[0]) * plane.pixelU, (box[3] - box[1]) * plane.pixelV);
}
