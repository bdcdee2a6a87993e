// --spacing
import { MaskletError } from "#protocol/errors.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Options } from "./options.ts";

/** `Z,Y,X`, micrometres; undefined when not given. @throws usage */
export function readSpacing(options: Options): Triple | undefined {
  const text = options.text("spacing");
  if (text === undefined) return undefined;
  const [z, y, x, ...more] = text.split(",").map((side) => (side.trim() === "" ? NaN : Number(side)));
  if (z === undefined || y === undefined || x === undefined || more.length > 0 || ![z, y, x].every((side) => Number.isFinite(side) && side > 0)) {
    throw MaskletError.of("usage", { why: `--spacing must be Z,Y,X, the sides of a voxel in micrometres, not "${text}".` });
  }
  return [z, y, x];
}
