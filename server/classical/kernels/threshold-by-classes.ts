// Thresholds that part grey values into two classes by their means. Input: 256 counts that are not all 0; output: the last bin of
// the darker class, chosen as ImageJ 1.53t chooses it, odd cases included; undefined where ImageJ finds none.

/** The mean grey value. Glasbey, "An Analysis of Histogram-Based Thresholding Algorithms" (CVGIP 55(6), 1993). */
export function thresholdMean(counts: Float64Array): number {
  return Math.floor(meanBetween(counts, 0, counts.length - 1));
}

/** Otsu (1979); the first and the last bin are no candidates, and of equal splits the last is taken. */
export function thresholdOtsu(counts: Float64Array): number {
  const count = countBetween(counts, 0, counts.length - 1);
  const sum = sumBetween(counts, 0, counts.length - 1);
  let below = counts[0]!;
  let belowSum = 0;
  let best = 0;
  let bestBin = 0;
  for (let bin = 1; bin < counts.length - 1; bin++) {
    below += counts[bin]!;
    belowSum += bin * counts[bin]!;
    const pairs = below * (count - below);
    const between = pairs === 0 ? 0 : ((below / count) * sum - belowSum) ** 2 / pairs;
    if (between >= best) {
      best = between;
      bestBin = bin;
    }
  }
  return bestBin;
}

/**
 * Ridler and Calvard, "Picture Thresholding Using an Iterative Selection Method" (IEEE Trans. SMC 8(8), 1978): the lowest grey value that is midway
 * between the mean of what is darker and the mean of what is brighter. The means are cut to whole grey values.
 */
export function thresholdIsoData(counts: Float64Array): number | undefined {
  const first = counts.findIndex((value, bin) => bin > 0 && value > 0);
  for (let bin = first < 0 ? 0 : first + 1; bin < counts.length - 1; bin++) {
    if (countBetween(counts, 0, bin - 1) === 0 || countBetween(counts, bin + 1, counts.length - 1) === 0) continue;
    const darker = Math.trunc(meanBetween(counts, 0, bin - 1));
    const brighter = Math.trunc(meanBetween(counts, bin + 1, counts.length - 1));
    if (bin === Math.round((darker + brighter) / 2)) return bin;
  }
  return undefined;
}

/** ImageJ's first method, IsoData without the two end bins, where saturated pixels gather; 128 when nothing is left to part. */
export function thresholdIjIsoData(counts: Float64Array): number {
  const inner = counts.slice();
  inner[0] = 0;
  inner[inner.length - 1] = 0;
  const least = inner.findIndex((value) => value > 0);
  const greatest = inner.findLastIndex((value) => value > 0);
  if (least < 0 || least === greatest) return inner.length / 2;
  let middle = 0;
  let bin = least;
  do {
    middle = (meanBetween(inner, least, bin) + meanBetween(inner, bin + 1, greatest)) / 2;
    bin++;
  } while (bin + 1 <= middle && bin < greatest - 1);
  return Math.round(middle);
}

/** ImageJ's default: the same, after a bin that towers over all others (a constant background) was cut to one and a half of the next. */
export function thresholdDefault(counts: Float64Array): number {
  const mode = counts.reduce((best, value, bin) => (value > counts[best]! ? bin : best), 0);
  const next = counts.reduce((most, value, bin) => (bin !== mode && value > most ? value : most), 0);
  if (next === 0 || counts[mode]! <= 2 * next) return thresholdIjIsoData(counts);
  const cut = counts.slice();
  cut[mode] = Math.trunc(next * 1.5);
  return thresholdIjIsoData(cut);
}

function countBetween(counts: Float64Array, first: number, last: number): number {
  let count = 0;
  for (let bin = first; bin <= last; bin++) count += counts[bin]!;
  return count;
}

function sumBetween(counts: Float64Array, first: number, last: number): number {
  let sum = 0;
  for (let bin = first; bin <= last; bin++) sum += bin * counts[bin]!;
  return sum;
}

function meanBetween(counts: Float64Array, first: number, last: number): number {
  return sumBetween(counts, first, last) / countBetween(counts, first, last);
}
