// A small stack for trackers: one dark disc on a bright noisy ground, that drifts and then is gone.
import type { Raster } from "#protocol/mask.ts";
import type { Box, PixelBox } from "#protocol/types.ts";
import type { View, Window } from "#models/tracker.ts";

export const planes = 7;
const HEIGHT = 96;
const WIDTH = 112;
/** The disc is on planes 0 to 4. */
export const lastPlane = 4;
export const window: Window = { u0: 16, v0: 8, width: 72, height: 72 };
/** Moved by an eighth of its side, as windows move. */
export const pannedWindow: Window = { u0: 25, v0: 17, width: 72, height: 72 };

function centreOf(index: number): [number, number] {
  return [52 + index, 42 + index / 2];
}

const RADIUS = 11;

export function discBox(index: number): Box {
  const [u, v] = centreOf(index);
  return [u - RADIUS, v - RADIUS, u + RADIUS, v + RADIUS];
}

export function discCentre(index: number): [number, number] {
  return centreOf(index);
}

export function disc(index: number): Raster {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let v = 0, at = 0; v < HEIGHT; v++) for (let u = 0; u < WIDTH; u++, at++) data[at] = inDisc(index, u, v) ? 1 : 0;
  return { box: [0, 0, WIDTH, HEIGHT], data };
}

/** The pixels of plane `index` seen through `through`. */
export function viewOf(index: number, through: Window = window): View {
  return seen(through, `scene-1/${index}`, (u, v) => (inDisc(index, u, v) ? 60 : 190) + noise(index, u, v));
}

/** A plane where every pixel is the same. */
export function constantView(through: Window = window): View {
  return seen(through, "scene-1/constant", () => 128);
}

function seen(through: Window, name: string, greyOf: (u: number, v: number) => number): View {
  const { u0, v0 } = through;
  const box: PixelBox = [Math.max(0, u0), Math.max(0, v0), Math.min(WIDTH, u0 + through.width), Math.min(HEIGHT, v0 + through.height)];
  const width = box[2] - box[0];
  const height = box[3] - box[1];
  const pixels = new Float32Array(width * height);
  for (let v = box[1], at = 0; v < box[3]; v++) for (let u = box[0]; u < box[2]; u++, at++) pixels[at] = greyOf(u, v);
  return { window: through, box, width, height, channels: 1, pixels, key: `${name}/${u0},${v0},${through.width}` };
}

function inDisc(index: number, u: number, v: number): boolean {
  const [centreU, centreV] = centreOf(index);
  return index <= lastPlane && (u + 0.5 - centreU) ** 2 + (v + 0.5 - centreV) ** 2 < RADIUS ** 2;
}

/** -8 to 8, by a hash of the place: the same on every machine and in every window. */
function noise(index: number, u: number, v: number): number {
  const mixed = Math.imul(u * 374_761 + v * 668_265 + index * 982_451 + 12_345, 2_654_435_761) >>> 0;
  return (mixed / 2 ** 32) * 16 - 8;
}
