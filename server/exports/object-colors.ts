// One colour an object, the same in ROIs, GeoJSON, pictures and the look-up table of label images.
//
// The idea is Glasbey et al. (2007), "Colour displays for categorical images": each next colour is the one farthest from
// all before it. Whole numbers only, so that any language computes the same table; fixtures/protocol/object-colors.json holds it.

export type Rgb = readonly [number, number, number];

/** 256 colours; entry 0 is black, the background. */
export const objectColorTable: readonly Rgb[] = chooseColors();

/** The colour of an object id (1, 2, ...); ids that differ by 255 share one. */
export function objectColor(objectId: number): Rgb {
  return objectColorTable[1 + ((objectId - 1) % 255)]!;
}

function chooseColors(): Rgb[] {
  const candidates: Rgb[] = [];
  const levels = [0, 32, 64, 96, 128, 160, 192, 224, 255];
  for (const r of levels) for (const g of levels) for (const b of levels) if (standsOut(r, g, b)) candidates.push([r, g, b]);
  // The images below the outlines are grey: greys are taken from the start.
  const nearest = candidates.map((color) => Math.min(...levels.map((grey) => distance(color, [grey, grey, grey]))));
  const chosen: Rgb[] = [[0, 0, 0]];
  while (chosen.length < 256) {
    let farthest = 0;
    for (let at = 1; at < candidates.length; at++) if (nearest[at]! > nearest[farthest]!) farthest = at;
    const color = candidates[farthest]!;
    chosen.push(color);
    for (let at = 0; at < candidates.length; at++) nearest[at] = Math.min(nearest[at]!, distance(candidates[at]!, color));
  }
  return chosen;
}

/** Bright enough and coloured enough to be seen as a thin line on dark grey; pure blue is not. */
function standsOut(r: number, g: number, b: number): boolean {
  const high = Math.max(r, g, b);
  return high >= 192 && high - Math.min(r, g, b) >= 64 && 3 * r + 4 * g + 2 * b >= 720;
}

/** The weighted square distance often called "redmean", in whole numbers: near to how different two colours look. */
function distance(p: Rgb, q: Rgb): number {
  const red = (p[0] + q[0]) >> 1;
  const dr = p[0] - q[0];
  const dg = p[1] - q[1];
  const db = p[2] - q[2];
  return (((512 + red) * dr * dr) >> 8) + 4 * dg * dg + (((767 - red) * db * db) >> 8);
}
