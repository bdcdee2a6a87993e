// Thresholds that lose least about which class a voxel is in. Input: 256 counts that are not all 0; output: the last bin of the
// darker class, chosen as ImageJ 1.53t chooses it, odd cases included; undefined where ImageJ finds none.

/** Of an iteration that does not settle: every whole threshold was met by then. */
const mostRounds = 1000;

/**
 * Huang and Wang, "Image Thresholding by Minimizing the Measures of Fuzziness" (Pattern Recognition 28(1), 1995), equations 3, 6 and 8: Shannon's
 * measure of how unsure each voxel's membership of its class is, by its distance from the class mean.
 */
export function thresholdHuang(counts: Float64Array): number | undefined {
  const first = counts.findIndex((value) => value > 0);
  const last = counts.findLastIndex((value) => value > 0);
  const perGrey = 1 / (last - first);
  const darker = runningMeans(counts, counts.keys());
  const brighter = runningMeans(counts, Array.from(counts.keys()).reverse());
  let least = Infinity;
  let found: number | undefined;
  for (let split = 0; split < counts.length - 1; split++) {
    let fuzziness = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      const mean = bin <= split ? darker[split]! : brighter[split + 1]!;
      const member = 1 / (1 + perGrey * Math.abs(bin - mean));
      if (member >= 1e-6 && member <= 0.999999) fuzziness += counts[bin]! * (-member * Math.log(member) - (1 - member) * Math.log(1 - member));
    }
    if (fuzziness < least) {
      least = fuzziness;
      found = split;
    }
  }
  return found;
}

/**
 * Li and Tam, "An Iterative Algorithm for Minimum Cross Entropy Thresholding" (Pattern Recognition Letters 19(8), 1998), equation 7, beginning at the mean.
 * Grey values are bins counted from 0, so that a class of bin 0 alone has the mean 0, whose logarithm draws the threshold to 0.
 */
export function thresholdLi(counts: Float64Array): number {
  const classMean = (first: number, last: number): number => {
    let [count, sum] = [0, 0];
    for (let bin = first; bin <= last; bin++) {
      count += counts[bin]!;
      sum += bin * counts[bin]!;
    }
    return count === 0 ? 0 : sum / count;
  };
  let next = classMean(0, counts.length - 1);
  let threshold = 0;
  for (let round = 0; round < mostRounds; round++) {
    const before = next;
    threshold = Math.floor(before + 0.5);
    const darker = classMean(0, threshold);
    const brighter = classMean(threshold + 1, counts.length - 1);
    const crossing = (darker - brighter) / (Math.log(darker) - Math.log(brighter));
    next = Number.isNaN(crossing) ? 0 : Math.trunc(crossing + (crossing < 0 ? -0.5 : 0.5));
    if (Math.abs(next - before) <= 0.5) break;
  }
  return threshold;
}

/** At each bin, the mean of those passed on the way to it and with it. */
function runningMeans(counts: Float64Array, way: Iterable<number>): Float64Array {
  const means = new Float64Array(counts.length);
  let [count, sum] = [0, 0];
  for (const bin of way) {
    count += counts[bin]!;
    sum += bin * counts[bin]!;
    means[bin] = sum / count;
  }
  return means;
}
