// Where a place beyond the array's edge takes its value from.
import type { Border } from "./size3.ts";

/** @returns the place inside that stands for place `at` of a line, or -1 for the constant */
export function sourceIndex(at: number, length: number, border: Border): number {
  if (at >= 0 && at < length) return at;
  if (border === "constant") return -1;
  if (border === "replicate") return at < 0 ? 0 : length - 1;
  if (border === "wrap") return ((at % length) + length) % length;
  const period = 2 * length;
  const within = ((at % period) + period) % period;
  return within < length ? within : period - 1 - within;
}
