// Of masks that find the same thing, the best one.
import type { PixelBox } from "#protocol/types.ts";

/** Intersection over union of two half-open boxes. */
export function boxIou(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both);
}

/**
 * Greedy suppression: in the given order each is kept whose box overlaps no kept one by more than the threshold.
 * @param candidates best first
 */
export function suppress<T extends { readonly box: PixelBox }>(candidates: readonly T[], threshold: number): T[] {
  const kept: T[] = [];
  for (const candidate of candidates) if (!kept.some(({ box }) => boxIou(box, candidate.box) > threshold)) kept.push(candidate);
  return kept;
}
