// A handful of values far outside all others, as broken pixels and marks for "no value" leave them, are held to the rest's range: linear
// filters would carry them to the voxels around, and a map of those would hide what is there.
import type { Extremes } from "#server/classical/kernels/extremes.ts";

/** More voxels than this on one side are an object, however bright. */
const handful = 64;
/** So many times the rest's range outside it is far. */
const far = 16;

/** How many of the least and the greatest values must be known. */
export const extremesNeeded = handful + 1;

export interface HeldRange {
  readonly low: number;
  readonly high: number;
  /** What a person should know of it. */
  readonly warning: string;
}

/** The range that values are held to, that of all but a handful widened by itself; undefined where none lies far outside. */
export function heldRange({ least, greatest }: Extremes): HeldRange | undefined {
  if (least.length < extremesNeeded) return undefined;
  const [low, high] = [least[handful]!, greatest[handful]!];
  const range = high - low;
  const [farBelow, farAbove] = [low - least[0]! > far * range, greatest[0]! - high > far * range];
  if (range <= 0 || !(farBelow || farAbove)) return undefined;
  const held = { low: farBelow ? low - range : least[0]!, high: farAbove ? high + range : greatest[0]! };
  const ends = [...(farBelow ? [`${brief(least[0]!)} was taken for ${brief(held.low)}`] : []), ...(farAbove ? [`${brief(greatest[0]!)} was taken for ${brief(held.high)}`] : [])];
  return { ...held, warning: `All but a few values lie between ${brief(low)} and ${brief(high)}; what is as far off as ${ends.join(", and ")}.` };
}

function brief(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}
