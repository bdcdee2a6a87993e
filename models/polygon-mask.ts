// The pixels whose centres lie inside a polygon, by the even-odd rule.
import { cropped } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PixelBox, Vertex } from "#protocol/types.ts";

/** @param within the only pixels looked at, so that a huge polygon costs no memory; whole plane pixels */
export function polygonMask(polygon: readonly Vertex[], within: PixelBox): Raster {
  const width = within[2] - within[0];
  const height = within[3] - within[1];
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const crossings = crossingsAt(polygon, within[1] + row + 0.5);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const start = Math.max(0, Math.ceil(crossings[pair]! - 0.5 - within[0]));
      const end = Math.min(width, Math.ceil(crossings[pair + 1]! - 0.5 - within[0]));
      for (let u = start; u < end; u++) data[row * width + u] = 1;
    }
  }
  return cropped({ box: within, data });
}

function crossingsAt(polygon: readonly Vertex[], v: number): Float64Array {
  const found: number[] = [];
  for (let at = 0; at < polygon.length; at++) {
    const [u0, v0] = polygon[at]!;
    const [u1, v1] = polygon[(at + 1) % polygon.length]!;
    if (v0 <= v !== v1 <= v) found.push(u0 + ((v - v0) / (v1 - v0)) * (u1 - u0));
  }
  return Float64Array.from(found).sort();
}
