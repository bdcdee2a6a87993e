// How much a mask stands out: the mean level inside it against the mean of a ring around its box, in the view's grey levels.
import { boxHeight, boxWidth, isEmptyBox } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { View } from "../tracker.ts";

/** The ring's thickness, as a part of the box's longer side and at least this many plane pixels. */
const RING_PART = 0.2;
const RING_LEAST = 3;

export interface Levels {
  readonly inside: number;
  readonly around: number;
}

/** @returns undefined for an empty mask or where no ring pixel lies in the view */
export function levelsOf(mask: Raster, view: View): Levels | undefined {
  if (isEmptyBox(mask.box)) return undefined;
  const [u0, v0, u1, v1] = mask.box;
  const maskWidth = boxWidth(mask.box);
  const ring = Math.max(RING_LEAST, Math.round(RING_PART * Math.max(maskWidth, boxHeight(mask.box))));
  let inside = 0;
  let insideCount = 0;
  let around = 0;
  let aroundCount = 0;
  forEachPixel(view, (u, v, grey) => {
    if (v < v0 - ring || v >= v1 + ring || u < u0 - ring || u >= u1 + ring) return;
    if (u < u0 || u >= u1 || v < v0 || v >= v1) {
      around += grey;
      aroundCount++;
    } else if (mask.data[(v - v0) * maskWidth + u - u0] !== 0) {
      inside += grey;
      insideCount++;
    }
  });
  return insideCount === 0 || aroundCount === 0 ? undefined : { inside: inside / insideCount, around: around / aroundCount };
}

/** @returns signed; 0 where it cannot be told */
export function contrastOf(mask: Raster, view: View): number {
  const levels = levelsOf(mask, view);
  return levels === undefined ? 0 : levels.inside - levels.around;
}

/** Every raster pixel with the plane pixel it lies on. */
function forEachPixel(view: View, seen: (u: number, v: number, grey: number) => void): void {
  const perU = boxWidth(view.box) / view.width;
  const perV = boxHeight(view.box) / view.height;
  for (let y = 0; y < view.height; y++) {
    const v = Math.floor(view.box[1] + (y + 0.5) * perV);
    for (let x = 0; x < view.width; x++) seen(Math.floor(view.box[0] + (x + 0.5) * perU), v, greyAt(view, x, y));
  }
}

/** @param x,y of the raster; colours count alike */
export function greyAt(view: View, x: number, y: number): number {
  const at = (y * view.width + x) * view.channels;
  if (view.channels === 1) return view.pixels[at]!;
  return (view.pixels[at]! + view.pixels[at + 1]! + view.pixels[at + 2]!) / 3;
}
