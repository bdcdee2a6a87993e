// Which square part of a plane the network looks at. Particles of 30 pixels in slices of 2500 vanish if the slice is squeezed
// to the network's input, so each object is seen through a window about four times its size. Sizes and places are
// quantised, so that neighbouring objects share windows and with them embeddings. Square means square in space: a window's
// side counts in the finer pixels of the plane, and where pixels are not square it has fewer of the coarser ones.
import type { Window } from "#models/tracker.ts";
import type { PixelBox } from "#protocol/types.ts";
import type { PlaneSize } from "./plane.ts";

/** Box Dice on noisy platelets was 0.77, 0.84, 0.81 for windows of 2.2, 4 and 8 times the object. */
const windowPerObject = 4;
const smallestWindow = 64;
/** Windows lie on a grid of their size over this. */
const gridPerWindow = 8;

/** The whole plane; its shorter side is padded by the network's input. */
export function planeWindow(plane: PlaneSize): Window {
  const side = planeSide(plane);
  return { u0: 0, v0: 0, width: Math.ceil(side / plane.pixelU), height: Math.ceil(side / plane.pixelV) };
}

function planeSide(plane: PlaneSize): number {
  return Math.max(plane.width * plane.pixelU, plane.height * plane.pixelV);
}

/** The side of the window for an object whose longer side is `extent` finer pixels: 64, 96, 128, 192, 256, 384 ... */
export function windowSize(extent: number): number {
  let size = smallestWindow;
  while (size < extent * windowPerObject) size = size % 3 === 0 ? (size / 3) * 4 : (size / 2) * 3;
  return size;
}

/** The side of a window in finer pixels. */
export function sideOf(window: Window, plane: PlaneSize): number {
  return plane.pixelU === 1 ? window.width : window.height;
}

/** The window of that side, on the grid and inside the plane, whose middle is nearest to the box's. */
export function windowAround(box: PixelBox, side: number, plane: PlaneSize): Window {
  if (side >= planeSide(plane)) return planeWindow(plane);
  const width = Math.max(1, Math.round(side / plane.pixelU));
  const height = Math.max(1, Math.round(side / plane.pixelV));
  return { u0: place((box[0] + box[2]) / 2, width, plane.width), v0: place((box[1] + box[3]) / 2, height, plane.height), width, height };
}

function place(middle: number, size: number, side: number): number {
  if (size >= side) return 0;
  const grid = size / gridPerWindow;
  const start = Math.round(Math.round((middle - size / 2) / grid) * grid);
  return Math.min(side - size, Math.max(0, start));
}

/** The window stays while the object is in its middle half, so that the network sees a steady picture. */
export function follow(window: Window, box: PixelBox, plane: PlaneSize): Window {
  const { u0, v0, width, height } = window;
  const inside = box[0] >= u0 + width / 4 && box[1] >= v0 + height / 4 && box[2] <= u0 + (3 * width) / 4 && box[3] <= v0 + (3 * height) / 4;
  return inside ? window : windowAround(box, sideOf(window, plane), plane);
}

export function sameWindow(a: Window, b: Window): boolean {
  return a.u0 === b.u0 && a.v0 === b.v0 && a.width === b.width && a.height === b.height;
}

/** The part of the plane a window covers. */
export function windowBox(window: Window, plane: PlaneSize): PixelBox {
  return [window.u0, window.v0, Math.min(plane.width, window.u0 + window.width), Math.min(plane.height, window.v0 + window.height)];
}
