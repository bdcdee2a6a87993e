// Thresholds from the entropy of the two classes. Input: 256 counts that are not all 0; output: the last bin of the darker class,
// chosen as ImageJ 1.53t chooses it, odd cases included; undefined where ImageJ finds none.

/** A share of voxels below this counts as none. */
const tiny = 2.220446049250313e-16;

/** Kapur, Sahoo and Wong, "A New Method for Gray-Level Picture Thresholding Using the Entropy of the Histogram" (CVGIP 29(3), 1985), equation 11. */
export function thresholdMaxEntropy(counts: Float64Array): number | undefined {
  return entropyThreshold(sharesOf(counts), 1);
}

/**
 * Sahoo, Wilkins and Yeager, "Threshold Selection Using Renyi's Entropy" (Pattern Recognition 30(1), 1997), equations 13 to 16: the
 * thresholds of orders 1/2, 1 and 2, weighted by how near they lie to each other and by what lies between.
 */
export function thresholdRenyiEntropy(counts: Float64Array): number {
  const shares = sharesOf(counts);
  const [low, middle, high] = [0.5, 1, 2].map((order) => entropyThreshold(shares, order) ?? 0).sort((a, b) => a - b);
  const lowNear = middle! - low! <= 5;
  const highNear = high! - middle! <= 5;
  const [b1, b2, b3] = lowNear === highNear ? [1, 2, 1] : lowNear ? [0, 1, 3] : [3, 1, 0];
  const between = shares.below[high!]! - shares.below[low!]!;
  return Math.trunc(low! * (shares.below[low!]! + 0.25 * between * b1!) + 0.25 * middle! * between * b2! + high! * (shares.above[high!]! + 0.25 * between * b3!));
}

/** Shanbhag, "Utilization of Information Measure as a Means of Image Thresholding" (CVGIP 56(5), 1994): where both classes inform alike. */
export function thresholdShanbhag(counts: Float64Array): number | undefined {
  const shares = sharesOf(counts);
  const { part, below, above } = shares;
  let least = Infinity;
  let found: number | undefined;
  for (let split = shares.first; split <= shares.last; split++) {
    let darker = 0;
    const inDark = 0.5 / below[split]!;
    for (let bin = 1; bin <= split; bin++) darker -= part[bin]! * Math.log(1 - inDark * below[bin - 1]!);
    let brighter = 0;
    const inBright = 0.5 / above[split]!;
    for (let bin = split + 1; bin < part.length; bin++) brighter -= part[bin]! * Math.log(1 - inBright * above[bin]!);
    const difference = Math.abs(darker * inDark - brighter * inBright);
    if (difference < least) {
      least = difference;
      found = split;
    }
  }
  return found;
}

/** Yen, Chang and Chang, "A New Criterion for Automatic Multilevel Thresholding" (IEEE Trans. Image Processing 4(3), 1995), equation 4. */
export function thresholdYen(counts: Float64Array): number | undefined {
  const { part, below } = sharesOf(counts);
  const squaresBelow = new Float64Array(part.length);
  const squaresAbove = new Float64Array(part.length);
  for (let bin = 0, sum = 0; bin < part.length; bin++) squaresBelow[bin] = sum += part[bin]! * part[bin]!;
  for (let bin = part.length - 2; bin >= 0; bin--) squaresAbove[bin] = squaresAbove[bin + 1]! + part[bin + 1]! * part[bin + 1]!;
  let most = Number.MIN_VALUE;
  let found: number | undefined;
  for (let bin = 0; bin < part.length; bin++) {
    const criterion = -logOr0(squaresBelow[bin]! * squaresAbove[bin]!) + 2 * logOr0(below[bin]! * (1 - below[bin]!));
    if (criterion > most) {
      most = criterion;
      found = bin;
    }
  }
  return found;
}

interface Shares {
  readonly part: Float64Array;
  /** Up to and with this bin, and all after it. */
  readonly below: Float64Array;
  readonly above: Float64Array;
  /** The first and the last split with voxels on both sides. */
  readonly first: number;
  readonly last: number;
}

function sharesOf(counts: Float64Array): Shares {
  const count = counts.reduce((sum, value) => sum + value, 0);
  const part = counts.map((value) => value / count);
  const below = new Float64Array(part.length);
  for (let bin = 0, sum = 0; bin < part.length; bin++) below[bin] = sum += part[bin]!;
  const above = below.map((value) => 1 - value);
  const first = Math.max(0, below.findIndex((value) => Math.abs(value) >= tiny));
  const last = above.findLastIndex((value) => Math.abs(value) >= tiny);
  return { part, below, above, first, last: last < 0 ? part.length - 1 : last };
}

/** The split of the greatest sum of both classes' Renyi entropies; order 1 is Shannon's. */
function entropyThreshold({ part, below, above, first, last }: Shares, order: number): number | undefined {
  let most = Number.MIN_VALUE;
  let found: number | undefined;
  for (let split = first; split <= last; split++) {
    const darker = disorder(part, 0, split, below[split]!, order);
    const brighter = disorder(part, split + 1, part.length - 1, above[split]!, order);
    const entropy = order === 1 ? darker + brighter : logOr0(darker * brighter) / (1 - order);
    if (entropy > most) {
      most = entropy;
      found = split;
    }
  }
  return found;
}

/** Over the bins of one class: Shannon's entropy for order 1, else the sum of powers whose logarithm Renyi's is made of. */
function disorder(part: Float64Array, first: number, last: number, whole: number, order: number): number {
  let sum = 0;
  for (let bin = first; bin <= last; bin++) {
    if (part[bin] === 0) continue;
    const share = part[bin]! / whole;
    sum += order === 1 ? -share * Math.log(share) : order === 2 ? (part[bin]! * part[bin]!) / (whole * whole) : Math.sqrt(share);
  }
  return sum;
}

function logOr0(value: number): number {
  return value > 0 ? Math.log(value) : 0;
}
