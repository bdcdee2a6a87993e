// Round ROIs, as ImageJ fills them.
import type { Raster } from "#protocol/mask.ts";
import type { FloatRing } from "./fill-rings.ts";

/** Pixels whose centres lie in the ellipse that touches the sides of a rectangle. */
export function fillOval(x: number, y: number, w: number, h: number, width: number, height: number): Raster {
  const [u0, v0, u1, v1] = [Math.max(0, x), Math.max(0, y), Math.min(width, x + w), Math.min(height, y + h)];
  if (u1 <= u0 || v1 <= v0) return { box: [0, 0, 0, 0], data: new Uint8Array(0) };
  const data = new Uint8Array((u1 - u0) * (v1 - v0));
  for (let v = v0, at = 0; v < v1; v++) {
    for (let u = u0; u < u1; u++, at++) if (((2 * (u - x) + 1 - w) / w) ** 2 + ((2 * (v - y) + 1 - h) / h) ** 2 < 1) data[at] = 1;
  }
  return { box: [u0, v0, u1, v1], data };
}

const cornerPieces = 24;

/** @param arc the diameter of its corners */
export function roundedRectangle(x: number, y: number, w: number, h: number, arc: number): FloatRing {
  const [rx, ry] = [Math.min(arc, w) / 2, Math.min(arc, h) / 2];
  const centres = [[x + w - rx, y + h - ry], [x + rx, y + h - ry], [x + rx, y + ry], [x + w - rx, y + ry]] as const;
  return Float64Array.from(centres.flatMap(([cx, cy], quarter) => Array.from({ length: cornerPieces + 1 }, (_, piece) => {
    const angle = ((quarter + piece / cornerPieces) * Math.PI) / 2;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  }).flat()));
}
