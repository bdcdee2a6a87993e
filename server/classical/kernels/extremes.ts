// The least and the greatest values of a volume, a handful of each, gathered part by part.
import type { Voxels } from "./size3.ts";

export interface Extremes {
  /** Rising. */
  readonly least: Float32Array;
  /** Falling. */
  readonly greatest: Float32Array;
  /** NaN and infinite values, which are in neither. */
  readonly notFinite: number;
}

/** Candidates that are put in order at once. */
const atOnce = 4096;

/** As many of the least and of the greatest finite values as asked for, equal ones counted one by one; fewer where there are fewer. */
export function extremesOf(values: Voxels, count: number): Extremes {
  const [low, high] = [new Float32Array(count + atOnce), new Float32Array(count + atOnce)];
  let [lows, highs, notFinite] = [0, 0, 0];
  // From here on a value is none of them.
  let [lowest, highest] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value - value !== 0) {
      notFinite++;
      continue;
    }
    if (value < lowest) {
      low[lows++] = value;
      if (lows === low.length) {
        low.sort();
        lowest = low[(lows = count) - 1]!;
      }
    }
    if (value > highest) {
      high[highs++] = -value;
      if (highs === high.length) {
        high.sort();
        highest = -high[(highs = count) - 1]!;
      }
    }
  }
  return { least: low.slice(0, lows).sort().slice(0, count), greatest: high.slice(0, highs).sort().slice(0, count).map((value) => -value), notFinite };
}

/** Of two parts together. */
export function bothExtremes(one: Extremes, other: Extremes, count: number): Extremes {
  const together = extremesOf(Float32Array.of(...one.least, ...other.least), count);
  return { least: together.least, greatest: extremesOf(Float32Array.of(...one.greatest, ...other.greatest), count).greatest, notFinite: one.notFinite + other.notFinite };
}
