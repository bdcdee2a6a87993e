// Thresholds read off the histogram's outline. Input: 256 counts that are not all 0; output: the last bin of the darker class,
// chosen as ImageJ 1.53t chooses it, odd cases included; undefined where ImageJ finds none.

/** Rounds of smoothing after which a histogram is taken to have no two modes. */
const mostRounds = 10_000;

/**
 * Prewitt and Mendelsohn, "The Analysis of Cell Images" (Ann. N.Y. Acad. Sci. 128, 1966): the histogram, from its first to its last
 * filled bin, is smoothed until two modes are left; midway between these.
 */
export function thresholdIntermodes(counts: Float64Array): number | undefined {
  const first = counts.findIndex((value) => value > 0);
  const smooth = smoothUntilBimodal(counts.slice(first, counts.findLastIndex((value) => value > 0) + 1));
  if (smooth === undefined) return undefined;
  const modes = modesOf(smooth);
  return Math.floor((modes[0]! + modes[1]!) / 2) + first;
}

/** The same source: the first valley of the whole histogram smoothed until two modes are left. */
export function thresholdMinimum(counts: Float64Array): number | undefined {
  const smooth = smoothUntilBimodal(counts);
  if (smooth === undefined) return undefined;
  const last = counts.findLastIndex((value) => value > 0);
  for (let bin = 1; bin < last; bin++) {
    if (smooth[bin - 1]! > smooth[bin]! && smooth[bin + 1]! >= smooth[bin]!) return bin;
  }
  return undefined;
}

/** Doyle, "Operations Useful for Similarity-Invariant Pattern Recognition" (J. ACM 9(2), 1962): half of all voxels are darker. */
export function thresholdPercentile(counts: Float64Array): number {
  const count = counts.reduce((sum, value) => sum + value, 0);
  let below = 0;
  let least = 1;
  let nearest = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin]!;
    const away = Math.abs(below / count - 0.5);
    if (away < least) {
      least = away;
      nearest = bin;
    }
  }
  return nearest;
}

/**
 * Zack, Rogers and Latt, "Automatic Measurement of Sister Chromatid Exchange Frequency" (J. Histochem. Cytochem. 25(7), 1977): the bin that lies
 * farthest below the line from the highest bin to the end of the longer tail, and one towards that end.
 */
export function thresholdTriangle(counts: Float64Array): number | undefined {
  const last = counts.length - 1;
  const start = Math.max(0, counts.findIndex((value) => value > 0) - 1);
  const filled = counts.findLastIndex((value) => value > 0);
  const end = Math.min(last, filled + 1);
  const top = counts.reduce((best, value, bin) => (value > counts[best]! ? bin : best), 0);
  if (top - start < end - top) return last - farthestBelow(counts.slice().reverse(), last - end, last - top);
  const bin = farthestBelow(counts, start, top);
  return bin < 0 ? undefined : bin;
}

/** From the foot up to the top; the line is drawn from (foot, its count) with the slope of (foot, 0) to the top. */
function farthestBelow(counts: Float64Array, foot: number, top: number): number {
  if (foot === top) return foot;
  const length = Math.sqrt(counts[top]! ** 2 + (foot - top) ** 2);
  const [alongX, alongY] = [counts[top]! / length, (foot - top) / length];
  const from = alongX * foot + alongY * counts[foot]!;
  let farthest = foot;
  let most = 0;
  for (let bin = foot + 1; bin <= top; bin++) {
    const away = alongX * bin + alongY * counts[bin]! - from;
    if (away > most) {
      most = away;
      farthest = bin;
    }
  }
  return farthest - 1;
}

/** Means of three neighbours, nothing beyond the ends, again and again. */
function smoothUntilBimodal(counts: Float64Array): Float64Array | undefined {
  const last = counts.length - 1;
  let [smooth, next] = [counts.slice(), counts.slice()];
  for (let round = 0; round <= mostRounds; round++) {
    if (modesOf(smooth).length === 2) return smooth;
    for (let bin = 0, before = 0; bin <= last; bin++) {
      const here = smooth[bin]!;
      next[bin] = (before + here + (bin < last ? smooth[bin + 1]! : 0)) / 3;
      before = here;
    }
    [smooth, next] = [next, smooth];
  }
  return undefined;
}

/** Bins higher than both neighbours; the two at the ends have one and are none. At most three are named: two are all that is looked for. */
function modesOf(counts: Float64Array): number[] {
  const modes: number[] = [];
  for (let bin = 1; bin < counts.length - 1 && modes.length < 3; bin++) {
    if (counts[bin - 1]! < counts[bin]! && counts[bin + 1]! < counts[bin]!) modes.push(bin);
  }
  return modes;
}
