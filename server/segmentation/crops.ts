// The parts of a region that an automatic segmentation looks at one by one, so that small objects are seen larger.
import type { Window } from "#models/tracker.ts";
import type { PixelBox } from "#protocol/types.ts";
import { boxExtent } from "./extent.ts";
import type { PlaneSize } from "./plane.ts";

export interface Crop {
  readonly box: PixelBox;
  /** 0 is the region itself; layer i has 2^i crops a side. */
  readonly layer: number;
}

/**
 * The region, then the layers; in a layer by rising u, then v. Neighbours overlap by int(ratio * shorter side * 2 / 2^i) pixels
 * (sam2/utils/amg.py: generate_crop_boxes). A crop that lies in an earlier one of its layer, as in tiny regions, is left out.
 */
export function cropsOf(region: PixelBox, layers: number, overlapRatio: number): Crop[] {
  const [u0, v0, u1, v1] = region;
  const [width, height] = [u1 - u0, v1 - v0];
  const crops: Crop[] = [{ box: region, layer: 0 }];
  for (let layer = 1; layer <= layers; layer++) {
    const perSide = 2 ** layer;
    const overlap = Math.floor((overlapRatio * Math.min(width, height) * 2) / perSide);
    const us = spans(width, perSide, overlap);
    const vs = spans(height, perSide, overlap);
    for (const [left, right] of us) for (const [top, bottom] of vs) crops.push({ box: [u0 + left, v0 + top, u0 + right, v0 + bottom], layer });
  }
  return crops;
}

function spans(length: number, count: number, overlap: number): [number, number][] {
  const size = Math.ceil((overlap * (count - 1) + length) / count);
  const found: [number, number][] = [];
  for (let nth = 0; nth < count; nth++) {
    const start = nth * (size - overlap);
    const end = Math.min(length, start + size);
    if (end > (found.at(-1)?.[1] ?? 0)) found.push([start, end]);
  }
  return found;
}

/** The square, in space, around a crop; where the plane has room, inside it. */
export function cropWindow(box: PixelBox, plane: PlaneSize): Window {
  const side = boxExtent(box, plane);
  const width = Math.max(box[2] - box[0], Math.round(side / plane.pixelU));
  const height = Math.max(box[3] - box[1], Math.round(side / plane.pixelV));
  return { u0: place(box[0], box[2], width, plane.width), v0: place(box[1], box[3], height, plane.height), width, height };
}

function place(start: number, end: number, size: number, side: number): number {
  return Math.max(0, Math.min(side - size, Math.floor((start + end - size) / 2)));
}

/** Pixels within which a mask counts as cut off by a crop's edge; in crops under 320 pixels less, or nothing would be left. */
const nearEdge = 20;
const nearEdgePart = 16;

/**
 * A mask that reaches an edge of what was seen is cut off there and better seen in the next crop, unless it is the edge of all that
 * is looked at (sam2/utils/amg.py: is_box_near_crop_edge).
 * @param seen what the crop's window shows of the plane
 * @param whole what the region's window shows
 */
export function isCutOff(box: PixelBox, seen: PixelBox, whole: PixelBox): boolean {
  const reach = Math.min(nearEdge, (seen[2] - seen[0]) / nearEdgePart, (seen[3] - seen[1]) / nearEdgePart);
  return box.some((edge, at) => Math.abs(edge - seen[at]!) <= reach && Math.abs(edge - whole[at]!) > reach);
}
