// A mask without small holes and specks.
import { boxHeight, boxWidth, type Raster } from "#protocol/mask.ts";

/**
 * First holes, background that does not reach the outside by its sides, are filled where they have fewer than `minArea` pixels; then
 * specks, pixels that hang together by sides and corners, go where they have fewer (the order of sam2/utils/amg.py). A mask of specks
 * alone becomes empty.
 * @returns over the mask's own box
 */
export function cleanMask({ box, data: given }: Raster, minArea: number): Raster {
  const data = given.slice();
  if (minArea <= 1) return { box, data };
  const [width, height] = [boxWidth(box), boxHeight(box)];
  forEachPart(data, width, height, 0, false, (part, open) => { if (!open && part.length < minArea) for (const at of part) data[at] = 1; });
  forEachPart(data, width, height, 1, true, (part) => { if (part.length < minArea) for (const at of part) data[at] = 0; });
  return { box, data };
}

/** @param open the part reaches the box's edge */
function forEachPart(data: Uint8Array, width: number, height: number, value: 0 | 1, corners: boolean, on: (part: readonly number[], open: boolean) => void): void {
  const seen = new Uint8Array(data.length);
  for (let start = 0; start < data.length; start++) {
    if (seen[start] === 1 || data[start] !== value) continue;
    const part = [start];
    let open = false;
    seen[start] = 1;
    for (let next = 0; next < part.length; next++) {
      const u = part[next]! % width;
      const v = (part[next]! - u) / width;
      open ||= u === 0 || v === 0 || u === width - 1 || v === height - 1;
      for (let v1 = Math.max(0, v - 1); v1 <= Math.min(height - 1, v + 1); v1++) {
        for (let u1 = Math.max(0, u - 1); u1 <= Math.min(width - 1, u + 1); u1++) {
          const near = v1 * width + u1;
          if (seen[near] === 1 || data[near] !== value || (!corners && u1 !== u && v1 !== v)) continue;
          seen[near] = 1;
          part.push(near);
        }
      }
    }
    on(part, open);
  }
}
