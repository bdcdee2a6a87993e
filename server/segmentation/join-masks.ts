// Several objects as one.
import { boxWidth, packMask, reframe, unpackMask } from "#protocol/mask.ts";
import type { Mask, PixelBox } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";

/**
 * All masks as masks of object `objectId`, one for each frame and z plane; those of y and x planes as the z planes they cross. Where
 * several meet, the score is their mean weighted by area, the warnings are all of theirs, and a channel is named where it is the same.
 * @throws request_invalid when bits do not fill a box
 */
export function joinMasks(masks: readonly Mask[], objectId: number): Mask[] {
  const planes = new Map<string, Mask[]>();
  for (const mask of masksAsZPlanes(masks)) {
    if (mask.area === 0) continue;
    const key = `${mask.t} ${mask.index}`;
    const there = planes.get(key);
    if (there === undefined) planes.set(key, [mask]);
    else there.push(mask);
  }
  return [...planes.values()].map((own) => joinPlane(own, objectId)).sort((a, b) => a.t - b.t || a.index - b.index);
}

function joinPlane(masks: readonly Mask[], objectId: number): Mask {
  const [first, ...others] = masks;
  // Outlines that a client asked for are of the single masks.
  const { roi: _roi, geojson: _geojson, c, warnings: _warnings, ...plain } = first!;
  const warnings = [...new Set(masks.flatMap((mask) => mask.warnings ?? []))];
  const said = { ...(c !== undefined && others.every((mask) => mask.c === c) ? { c } : {}), ...(warnings.length === 0 ? {} : { warnings }) };
  if (others.length === 0) return { ...plain, ...said, objectId };
  const box = masks.map((mask) => mask.box).reduce((a, b): PixelBox => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  const data = new Uint8Array(boxWidth(box) * (box[3] - box[1]));
  for (const mask of masks) {
    const drawn = reframe(unpackMask(mask), box).data;
    for (let at = 0; at < data.length; at++) data[at]! |= drawn[at]!;
  }
  const area = masks.reduce((sum, mask) => sum + mask.area, 0);
  const score = masks.reduce((sum, mask) => sum + mask.score * mask.area, 0) / area;
  return { ...plain, ...said, objectId, ...packMask({ box, data }), score };
}
