// Masks found on y and x planes, seen as masks on the z planes they cross: what ROIs, GeoJSON and label images are made of.
import { packMask, unpackMask } from "./mask.ts";
import type { Mask, PixelBox } from "./types.ts";

/** The line that a mask of a y or x plane leaves on one z plane: a row (axis y) or a column (axis x). */
interface Line {
  readonly mask: Mask;
  readonly z: number;
  /** 0 or 1, from `mask.box[0]` on. */
  readonly values: Uint8Array;
}

/**
 * Masks of z planes come first, unchanged. Those of y and x planes are joined to one mask for each object, frame, channel and
 * z plane; its score is the mean of its lines, weighted by their pixels, its warnings are all of theirs. An object may have
 * both kinds on one plane: together they are the object there.
 * Memory: the pixels of the given y and x masks and of the boxes of the new ones.
 * @throws request_invalid when bits do not fill a box
 */
export function masksAsZPlanes(masks: readonly Mask[]): Mask[] {
  const planes = new Map<string, Line[]>();
  for (const mask of masks) {
    if (mask.axis === "z" || mask.area === 0) continue;
    const { box, data } = unpackMask(mask);
    const length = box[2] - box[0];
    for (let z = box[1]; z < box[3]; z++) {
      const values = data.subarray((z - box[1]) * length, (z - box[1] + 1) * length);
      if (!values.includes(1)) continue;
      const key = `${mask.objectId} ${mask.t} ${mask.c ?? ""} ${z}`;
      const lines = planes.get(key);
      if (lines === undefined) planes.set(key, [{ mask, z, values }]);
      else lines.push({ mask, z, values });
    }
  }
  return [...masks.filter((mask) => mask.axis === "z"), ...[...planes.values()].map(joinLines)];
}

function joinLines(lines: readonly Line[]): Mask {
  const boxes = lines.map(lineBox);
  const box = boxes.reduce((a, b): PixelBox => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  const width = box[2] - box[0];
  const data = new Uint8Array(width * (box[3] - box[1]));
  let weight = 0;
  let weighted = 0;
  lines.forEach((line, nth) => {
    const [x0, y0] = boxes[nth]!;
    const step = line.mask.axis === "y" ? 1 : width;
    let at = (y0 - box[1]) * width + x0 - box[0];
    for (const value of line.values) {
      data[at]! |= value;
      weight += value;
      weighted += value * line.mask.score;
      at += step;
    }
  });
  const { objectId, t, c } = lines[0]!.mask;
  const warnings = [...new Set(lines.flatMap((line) => line.mask.warnings ?? []))];
  return {
    objectId, axis: "z", index: lines[0]!.z, t, ...(c === undefined ? {} : { c }), ...packMask({ box, data }),
    score: weighted / weight, ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** `[x0, y0, x1, y1]`; u is x on y planes and y on x planes, v is z on both. */
function lineBox(line: Line): PixelBox {
  const { axis, index, box } = line.mask;
  return axis === "y" ? [box[0], index, box[2], index + 1] : [index, box[0], index + 1, box[2]];
}
