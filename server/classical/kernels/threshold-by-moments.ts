// Thresholds from the moments of the grey values. Input: 256 counts that are not all 0; output: the last bin of the darker class,
// chosen as ImageJ 1.53t chooses it, odd cases included; undefined where ImageJ finds none.
import { thresholdMean } from "./threshold-by-classes.ts";

/** Of an iteration that does not settle: every bin was met by then. */
const mostRounds = 1000;

/** Tsai, "Moment-Preserving Thresholding" (CVGIP 29(3), 1985), appendix: two grey values with the first three moments of all, and the darker one's share. */
export function thresholdMoments(counts: Float64Array): number | undefined {
  const count = counts.reduce((sum, value) => sum + value, 0);
  let [first, second, third] = [0, 0, 0];
  for (let bin = 0; bin < counts.length; bin++) {
    const share = counts[bin]! / count;
    first += bin * share;
    second += bin * bin * share;
    third += bin * bin * bin * share;
  }
  const spread = second - first * first;
  const c0 = (-second * second + first * third) / spread;
  const c1 = (-third + second * first) / spread;
  const root = Math.sqrt(c1 * c1 - 4 * c0);
  const [darker, brighter] = [0.5 * (-c1 - root), 0.5 * (-c1 + root)];
  const share = (brighter - first) / (brighter - darker);
  let below = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin]! / count;
    if (below > share) return bin;
  }
  return undefined;
}

/**
 * Kittler and Illingworth, "Minimum Error Thresholding" (Pattern Recognition 19(1), 1986): the grey value at which two normal
 * distributions fitted to the classes cross, beginning at the mean, until it stays; where they do not cross, the last one.
 * The logarithm is taken to base 10, as the toolbox from which ImageJ's version comes has it.
 */
export function thresholdMinError(counts: Float64Array): number | undefined {
  const [count, sum, squares] = [0, 1, 2].map((power) => cumulative(counts, power));
  const last = counts.length - 1;
  let threshold = thresholdMean(counts);
  for (let before = -2, round = 0; threshold !== before; round++) {
    if (threshold < 0 || threshold > last || round === mostRounds) return undefined;
    const [below, above] = [count![threshold]!, count![last]! - count![threshold]!];
    const darker = sum![threshold]! / below;
    const brighter = (sum![last]! - sum![threshold]!) / above;
    const darkSpread = squares![threshold]! / below - darker * darker;
    const brightSpread = (squares![last]! - squares![threshold]!) / above - brighter * brighter;
    const [p, q] = [below / count![last]!, above / count![last]!];
    const w0 = 1 / darkSpread - 1 / brightSpread;
    const w1 = darker / darkSpread - brighter / brightSpread;
    const w2 = (darker * darker) / darkSpread - (brighter * brighter) / brightSpread + Math.log10((darkSpread * (q * q)) / (brightSpread * (p * p)));
    const inRoot = w1 * w1 - w0 * w2;
    if (inRoot < 0) return threshold;
    before = threshold;
    const crossing = Math.floor((w1 + Math.sqrt(inRoot)) / w0);
    threshold = Number.isNaN(crossing) ? before : crossing;
  }
  return threshold;
}

function cumulative(counts: Float64Array, power: number): Float64Array {
  const sums = new Float64Array(counts.length);
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sums[bin] = sum += counts[bin]! * bin ** power;
  return sums;
}
