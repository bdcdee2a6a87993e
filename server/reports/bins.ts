// Values in bins, for histograms and for plots of more points than can be seen.

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Sum of the weights of the values in it. */
  readonly weight: number;
}

/** Values of one plot beyond which cells are drawn in place of points: more points than that hide each other and make heavy pages. */
export const maxPoints = 2000;

/** Whether an axis of these values is better read in powers: all above 0, and the largest at least ten times the smallest. */
export function spreadsWidely(values: readonly number[]): boolean {
  const [low, high] = rangeOf(values);
  return low > 0 && high >= 10 * low;
}

/** Smallest and largest; `[Infinity, -Infinity]` of none. */
export function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Adjoining bins over all values, 1 to 40 of them, as wide as Freedman and Diaconis (1981) ask: 2 IQR / n^(1/3), or Sturges' number
 * where half of the values are equal. A value on an edge belongs to the bin above it, the largest to the last.
 * @param values finite; above 0 when `log`, whose bins are equally wide in the logarithm
 * @param whole bins are centred on whole numbers
 */
export function binsOf(values: readonly number[], { weights, log = false, whole = false }: { readonly weights?: readonly number[]; readonly log?: boolean; readonly whole?: boolean } = {}): Bin[] {
  if (values.length === 0) return [];
  const edges = whole ? wholeEdges(values) : log ? evenEdges(values.map(Math.log10)).map((edge) => 10 ** edge) : niceEdges(values);
  const count = new Array<number>(edges.length - 1).fill(0);
  const weight = new Array<number>(edges.length - 1).fill(0);
  values.forEach((value, nth) => {
    const at = binAt(edges, value);
    count[at]!++;
    weight[at]! += weights?.[nth] ?? 1;
  });
  return count.map((each, at) => ({ from: edges[at]!, to: edges[at + 1]!, count: each, weight: weight[at]! }));
}

function binAt(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]!) low = middle;
    else high = middle;
  }
  return low;
}

function binCount(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const quartile = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  const width = (2 * (quartile(0.75) - quartile(0.25))) / Math.cbrt(values.length);
  const sturges = Math.ceil(Math.log2(values.length)) + 1;
  return Math.min(40, Math.max(sturges, width > 0 ? Math.ceil((high - low) / width) : 0));
}

/** From the smallest to the largest value. */
function evenEdges(values: readonly number[]): number[] {
  const [low, high] = rangeOf(values);
  if (low === high) return [low - 0.05, high + 0.05];
  const bins = binCount(values);
  // A hair beyond both ends, so that going there and back through the logarithm loses no value.
  const hair = (high - low) * 1e-9;
  return Array.from({ length: bins + 1 }, (_, at) => low - hair + ((high - low + 2 * hair) * at) / bins);
}

/** Multiples of 1, 2, 2.5 or 5 times a power of ten. */
function niceEdges(values: readonly number[]): number[] {
  const [low, high] = rangeOf(values);
  if (low === high) {
    const half = low === 0 ? 0.5 : Math.abs(low) * 0.05;
    return [low - half, low + half];
  }
  const raw = (high - low) / binCount(values);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= raw * (1 - 1e-9)) ?? 10);
  const [first, last] = [Math.floor(low / step), Math.max(Math.floor(low / step) + 1, Math.ceil(high / step))];
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

function wholeEdges(values: readonly number[]): number[] {
  const [low, high] = rangeOf(values);
  const step = Math.max(1, Math.ceil((high - low + 1) / 40));
  const bins = Math.ceil((high - low + 1) / step);
  return Array.from({ length: bins + 1 }, (_, at) => low - 0.5 + at * step);
}

export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

/** Quantiles as in the schema `Quantiles`: the smallest value with at least that part of all values up to it. NaN of none. */
export function summaryOf(values: readonly number[]): Summary {
  const sorted = Float64Array.from(values).sort();
  const quantile = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
  const mean = sorted.length === 0 ? NaN : sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { count: sorted.length, mean, min: quantile(0), p10: quantile(0.1), median: quantile(0.5), p90: quantile(0.9), max: quantile(1) };
}
