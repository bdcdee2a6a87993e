// Which square part of a plane the network looks at. Particles of 30 pixels in slices of 2500 vanish if the slice is squeezed
// to the network's input, so each object is seen through a window about four times its size. Sizes and places are
// quantised, so that neighbouring objects share windows and with them embeddings.
import type { Window } from "#models/tracker.ts";
import type { PixelBox } from "#protocol/types.ts";

export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** Box Dice on noisy platelets was 0.77, 0.84, 0.81 for windows of 2.2, 4 and 8 times the object. */
const windowPerObject = 4;
const smallestWindow = 64;
/** Windows lie on a grid of their size over this. */
const gridPerWindow = 8;

/** The whole plane; its shorter side is padded by the network's input. */
export function planeWindow(plane: PlaneSize): Window {
  return { u0: 0, v0: 0, size: Math.max(plane.width, plane.height) };
}

/** The side of the window for an object whose longer side is `extent` pixels: 64, 96, 128, 192, 256, 384 ... */
export function windowSize(extent: number): number {
  let size = smallestWindow;
  while (size < extent * windowPerObject) size = size % 3 === 0 ? (size / 3) * 4 : (size / 2) * 3;
  return size;
}

/** The window of that size, on the grid and inside the plane, whose middle is nearest to the box's. */
export function windowAround(box: PixelBox, size: number, plane: PlaneSize): Window {
  if (size >= Math.max(plane.width, plane.height)) return planeWindow(plane);
  return { u0: place((box[0] + box[2]) / 2, size, plane.width), v0: place((box[1] + box[3]) / 2, size, plane.height), size };
}

function place(middle: number, size: number, side: number): number {
  if (size >= side) return 0;
  const grid = size / gridPerWindow;
  const start = Math.round((middle - size / 2) / grid) * grid;
  return Math.min(side - size, Math.max(0, start));
}

/** The window stays while the object is in its middle half, so that the network sees a steady picture. */
export function follow(window: Window, box: PixelBox, plane: PlaneSize): Window {
  const quarter = window.size / 4;
  const inside = box[0] >= window.u0 + quarter && box[1] >= window.v0 + quarter && box[2] <= window.u0 + 3 * quarter && box[3] <= window.v0 + 3 * quarter;
  return inside ? window : windowAround(box, window.size, plane);
}

/** The part of the plane a window covers. */
export function windowBox(window: Window, plane: PlaneSize): PixelBox {
  return [window.u0, window.v0, Math.min(plane.width, window.u0 + window.size), Math.min(plane.height, window.v0 + window.size)];
}
