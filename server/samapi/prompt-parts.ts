// Points and boxes of whole pixels as prompts in pixel corners, inside the picture.
import type { Box, Point, PromptParts } from "#protocol/types.ts";
import type { PointsAndBox } from "./requests.ts";

export interface Side {
  readonly width: number;
  readonly height: number;
}

/**
 * A point means the middle of its pixel. A box comes from a rectangle's corners rounded to whole numbers, so they are corners already.
 * What reaches past the picture is cut off.
 * @returns undefined when nothing in the picture says where the object is
 */
export function promptParts({ box, points }: PointsAndBox, { width, height }: Side): PromptParts | undefined {
  const inside = points.filter(([x, y]) => x >= 0 && y >= 0 && x < width && y < height).map(([x, y, label]): Point => [x + 0.5, y + 0.5, label]);
  const area = box === undefined ? undefined : areaIn(box, { width, height });
  if (area === undefined && !inside.some(([, , label]) => label === 1)) return undefined;
  return { ...(area === undefined ? {} : { box: area }), ...(inside.length === 0 ? {} : { points: inside }) };
}

/** At least a pixel: a click without a drag is a rectangle, too. */
function areaIn([xa, ya, xb, yb]: readonly [number, number, number, number], { width, height }: Side): Box | undefined {
  const [x0, y0] = [Math.min(xa, xb), Math.min(ya, yb)];
  const [x1, y1] = [Math.max(xa, xb, x0 + 1), Math.max(ya, yb, y0 + 1)];
  if (x0 >= width || y0 >= height || x1 <= 0 || y1 <= 0) return undefined;
  return [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)];
}
