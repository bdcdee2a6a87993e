// Outlines filled: a pixel belongs to the inside when its centre does, by the even-odd rule over all rings, so that holes stay holes.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PixelBox } from "#protocol/types.ts";

/** Corners `x0, y0, x1, y1, ...` in pixel-corner coordinates; closed from the last to the first. */
export type FloatRing = Float64Array;

/**
 * Pixels of a plane of `width` x `height` inside the rings; what lies off the plane is cut away. A centre on an edge is inside when the edge is
 * a right or an upper one, as ImageJ's PolygonFiller has it. Memory: the part of the plane around the rings, and a number for each row an edge crosses.
 * @param file for the error
 * @throws dataset_invalid for coordinates that are no numbers, and outlines with more than maxOutlineCrossings crossings
 */
export function fillRings(rings: readonly FloatRing[], width: number, height: number, file: string): Raster {
  const box = boxAround(rings, width, height, file);
  const [u0, v0, u1, v1] = box;
  if (u1 <= u0 || v1 <= v0) return { box: [0, 0, 0, 0], data: new Uint8Array(0) };
  const rows = crossings(rings, v0, v1, file);
  const data = new Uint8Array((u1 - u0) * (v1 - v0));
  rows.forEach((row, v) => {
    row.sort((a, b) => a - b);
    for (let at = 0; at + 1 < row.length; at += 2) {
      const from = Math.max(u0, afterCentre(row[at]!));
      const to = Math.min(u1, afterCentre(row[at + 1]!));
      if (to > from) data.fill(1, v * (u1 - u0) + from - u0, v * (u1 - u0) + to - u0);
    }
  });
  return { box, data };
}

/** The first pixel whose centre lies right of x. */
function afterCentre(x: number): number {
  return Math.floor(x + 0.5);
}

/** The first row whose centre does not lie above y. */
function firstCentre(y: number): number {
  return Math.ceil(y - 0.5);
}

function boxAround(rings: readonly FloatRing[], width: number, height: number, file: string): PixelBox {
  const box = { u0: Infinity, v0: Infinity, u1: -Infinity, v1: -Infinity };
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const [x, y] = [ring[at]!, ring[at + 1]!];
      if (!Number.isFinite(x) || !Number.isFinite(y)) throw MaskletError.of("dataset_invalid", { file, why: `an outline has the corner (${x}, ${y})` });
      box.u0 = Math.min(box.u0, x);
      box.u1 = Math.max(box.u1, x);
      box.v0 = Math.min(box.v0, y);
      box.v1 = Math.max(box.v1, y);
    }
  }
  const inside = (value: number, size: number): number => Math.max(0, Math.min(size, value));
  return [inside(Math.floor(box.u0), width), inside(Math.floor(box.v0), height), inside(Math.ceil(box.u1), width), inside(Math.ceil(box.v1), height)];
}

/** Where edges cross the middle of each row; an edge holds its upper end and not its lower one, so that corners count once. */
function crossings(rings: readonly FloatRing[], v0: number, v1: number, file: string): number[][] {
  const rows: number[][] = Array.from({ length: v1 - v0 }, () => []);
  let count = 0;
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const next = (at + 2) % ring.length;
      const down = ring[at + 1]! <= ring[next + 1]!;
      const [x0, y0, x1, y1] = down ? [ring[at]!, ring[at + 1]!, ring[next]!, ring[next + 1]!] : [ring[next]!, ring[next + 1]!, ring[at]!, ring[at + 1]!];
      const first = Math.max(v0, firstCentre(y0));
      const last = Math.min(v1, firstCentre(y1));
      count += Math.max(0, last - first);
      if (count > limits.maxOutlineCrossings) throw MaskletError.of("dataset_invalid", { file, why: `an outline crosses more than ${limits.maxOutlineCrossings} rows (maxOutlineCrossings)` });
      for (let v = first; v < last; v++) rows[v - v0]!.push(x0 + ((v + 0.5 - y0) * (x1 - x0)) / (y1 - y0));
    }
  }
  return rows;
}
