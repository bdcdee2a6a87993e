// Experimental: DBSCAN on the grey values of one slice, as tried on single slices. Voxels of one grey value are one point with a weight.
// Ester, Kriegel, Sander and Xu, "A Density-Based Algorithm for Discovering Clusters" (KDD 1996), definitions 1 to 6, in one dimension.
import { binCentre } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

export interface GreyCluster {
  /** The least and the greatest grey value in it; no other cluster has a value between them. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface GreyClusters {
  /** From dark to bright. */
  readonly clusters: readonly GreyCluster[];
  /** Voxels in no cluster. */
  readonly noise: number;
}

/**
 * A grey value is dense when at least `minPoints` voxels, its own among them, lie within `eps` of it; dense values within `eps` of each
 * other are one cluster, and a value that is not dense joins the cluster of a dense one within `eps`, of two clusters the darker
 * (as when values are visited from dark to bright). Grey values are the bins' centres. Time: linear in bins; memory: 1 byte a bin.
 * @param eps in grey values, the end included
 */
export function dbscanGrey(histogram: Histogram, eps: number, minPoints: number): GreyClusters {
  const { counts, bins } = histogram;
  const width = (histogram.high - histogram.low) / bins;
  // Centres lie whole bins apart; a division that ends just below a whole number is meant to be one.
  const reach = width > 0 ? Math.min(bins, Math.floor(eps / width + 1e-9)) : 0;
  const dense = denseBins(counts, reach, minPoints);
  const clusters: GreyCluster[] = [];
  let taken = 0;
  let total = 0;
  for (const count of counts) total += count;
  let clustered = 0;
  for (let first = dense.indexOf(1); first >= 0;) {
    let last = first;
    for (let bin = first + 1; bin < bins && bin <= last + reach; bin++) if (dense[bin] === 1) last = bin;
    const [from, end] = [Math.max(taken, first - reach), Math.min(bins, last + reach + 1)];
    const next = dense.indexOf(1, last + 1);
    // A cluster's fringe ends where the next one's dense values begin, which lie farther off than eps from this one's.
    taken = next < 0 ? end : Math.min(end, next);
    let [count, least, greatest] = [0, last, first];
    for (let bin = from; bin < taken; bin++) {
      if (counts[bin] === 0) continue;
      count += counts[bin]!;
      least = Math.min(least, bin);
      greatest = Math.max(greatest, bin);
    }
    clusters.push({ from: binCentre(histogram, least), to: binCentre(histogram, greatest), count });
    clustered += count;
    first = next;
  }
  return { clusters, noise: total - clustered };
}

/** 1 for filled bins with at least so many counts in reach. */
function denseBins(counts: Float64Array, reach: number, minPoints: number): Uint8Array {
  const dense = new Uint8Array(counts.length);
  let near = 0;
  for (let bin = 0; bin < reach && bin < counts.length; bin++) near += counts[bin]!;
  for (let bin = 0; bin < counts.length; bin++) {
    if (bin + reach < counts.length) near += counts[bin + reach]!;
    if (bin > reach) near -= counts[bin - reach - 1]!;
    dense[bin] = Number(counts[bin]! > 0 && near >= minPoints);
  }
  return dense;
}
