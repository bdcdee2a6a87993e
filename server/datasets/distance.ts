// How alike two sets of numbers are.

/** Largest distance of the two empirical distribution functions (Kolmogorov and Smirnov's statistic): 0 for equal ones, 1 for ones that do not meet. NaN without numbers. */
export function ksDistance(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return NaN;
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, most] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! === value) i++;
    while (j < y.length && y[j]! === value) j++;
    most = Math.max(most, Math.abs(i / x.length - j / y.length));
  }
  return most;
}

/** The values below which these parts lie, by nearest rank. */
export function quantiles(values: readonly number[], parts: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return parts.map((part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN);
}
