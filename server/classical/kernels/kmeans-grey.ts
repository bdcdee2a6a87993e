// Experimental: k-means on grey values alone, as tried on single slices. Voxels are not looked at again: their histogram says all.
// Lloyd, "Least Squares Quantization in PCM" (IEEE Trans. Information Theory 28(2), 1982), in one dimension.
import { MaskletError } from "#protocol/errors.ts";
import { binCentre, binEnd } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

export interface GreyClasses {
  /** Mean grey values, ascending; fewer than asked for when there are fewer filled bins. */
  readonly centres: readonly number[];
  /** A value is in class i from thresholds[i - 1] on and below thresholds[i]; ends of bins. */
  readonly thresholds: readonly number[];
  readonly counts: readonly number[];
  /** The sum of squared distances from the centres, in grey values squared. */
  readonly scatter: number;
}

/**
 * Begins at quantiles (of the filled bins where most voxels share a bin) and moves centres and borders until no bin changes its
 * class, so the same histogram always gives the same classes. A bin midway between two centres goes to the darker one. It ends at
 * an optimum that no single move betters, which need not be the best of all.
 * @throws internal when nothing was counted or no class is asked for
 */
export function kmeansGrey(histogram: Histogram, classes: number): GreyClasses {
  const bins: number[] = [];
  for (let bin = 0; bin < histogram.bins; bin++) if (histogram.counts[bin]! > 0) bins.push(bin);
  if (bins.length === 0 || classes < 1) throw MaskletError.of("internal", { why: `${bins.length} grey values have no ${classes} classes` });
  const weights = bins.map((bin) => histogram.counts[bin]!);
  let centres = firstCentres(bins, weights, Math.min(classes, bins.length));
  let ends = classEnds(bins, centres);
  for (;;) {
    centres = centres.map((centre, nth) => meanOf(bins, weights, ends[nth - 1] ?? 0, ends[nth]!) ?? centre);
    const next = classEnds(bins, centres);
    if (next.every((end, nth) => end === ends[nth])) break;
    ends = next;
  }
  const width = (histogram.high - histogram.low) / histogram.bins;
  let scatter = 0;
  const counts = centres.map((centre, nth) => {
    let count = 0;
    for (let at = ends[nth - 1] ?? 0; at < ends[nth]!; at++) {
      count += weights[at]!;
      scatter += weights[at]! * ((bins[at]! - centre) * width) ** 2;
    }
    return count;
  });
  return { centres: centres.map((centre) => binCentre(histogram, centre)), thresholds: ends.slice(0, -1).map((end) => binEnd(histogram, bins[end - 1]!)), counts, scatter };
}

/** The middles of equally many voxels; if two fall together, of equally many filled bins. */
function firstCentres(bins: readonly number[], weights: readonly number[], classes: number): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const centres: number[] = [];
  for (let nth = 0, at = 0, passed = weights[0]!; nth < classes; nth++) {
    while (passed < ((nth + 0.5) / classes) * all) passed += weights[++at]!;
    centres.push(bins[at]!);
  }
  if (new Set(centres).size === classes) return centres;
  return centres.map((_, nth) => bins[Math.floor(((nth + 0.5) / classes) * bins.length)]!);
}

/** For each class, how many filled bins lie in it and those before. */
function classEnds(bins: readonly number[], centres: readonly number[]): number[] {
  let end = 0;
  return centres.map((centre, nth) => {
    const next = centres[nth + 1];
    while (end < bins.length && (next === undefined || 2 * bins[end]! <= centre + next)) end++;
    return end;
  });
}

/** Undefined without a bin. */
function meanOf(bins: readonly number[], weights: readonly number[], from: number, to: number): number | undefined {
  let [count, sum] = [0, 0];
  for (let at = from; at < to; at++) {
    count += weights[at]!;
    sum += weights[at]! * bins[at]!;
  }
  return count === 0 ? undefined : sum / count;
}
