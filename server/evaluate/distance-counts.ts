// How often each distance between surfaces was found. Few distances differ on a grid, so their counts are exact and small where a list would not be.
import { CountTable } from "./count-table.ts";
import type { Schema } from "#protocol/types.ts";

type Distances = Schema<"SurfaceDistances">;

/** Distances as they are told apart: squares of lengths between voxel centres, numbered in the order they are met in. */
export class DistanceKinds {
  readonly #numbers = new Map<number, number>();
  readonly squares: number[] = [];

  constructor() {
    this.of(0);
  }

  /** 0 for a distance of 0. */
  of(square: number): number {
    const known = this.#numbers.get(square);
    if (known !== undefined) return known;
    this.#numbers.set(square, this.squares.length);
    this.squares.push(square);
    return this.squares.length - 1;
  }
}

/** Counts for many bodies, each with two sides: body 2 n and 2 n + 1. Memory: 8 bytes a side, and 16 for each distance other than 0 that it has. */
export class DistanceCounts {
  readonly #kinds: DistanceKinds;
  readonly #zeros: Float64Array;
  readonly #others = new CountTable();

  constructor(kinds: DistanceKinds, bodies: number) {
    this.#kinds = kinds;
    this.#zeros = new Float64Array(2 * bodies);
  }

  /** @param kind as `DistanceKinds` numbers it */
  add(body: number, side: 0 | 1, kind: number): void {
    if (kind === 0) this.#zeros[2 * body + side]!++;
    else this.#others.add(2 * body + side, kind, 1);
  }

  /** Of each body. A side without a surface voxel is not asked about. */
  summed(): Distances[] {
    const order = Uint32Array.from(this.#kinds.squares, (_, kind) => kind).sort((a, b) => this.#kinds.squares[a]! - this.#kinds.squares[b]!);
    const { first, second, counts } = this.#others.sorted(undefined, order);
    const found: Distances[] = [];
    for (let body = 0, at = 0; 2 * body < this.#zeros.length; body++) {
      const sides = ([0, 1] as const).map((side) => {
        const values = [0];
        const times = [this.#zeros[2 * body + side]!];
        for (; first[at] === 2 * body + side && at < first.length; at++) {
          values.push(Math.sqrt(this.#kinds.squares[order[second[at]!]!]!));
          times.push(counts[at]!);
        }
        return summary(values, times);
      });
      const [a, b] = [sides[0]!, sides[1]!];
      found.push({ hausdorff: Math.max(a.most, b.most), hausdorff95: Math.max(a.high, b.high), meanDistance: (a.sum + b.sum) / (a.count + b.count) });
    }
    return found;
  }
}

/** @param values ascending; @param times how often each was found */
function summary(values: readonly number[], times: readonly number[]): { readonly count: number; readonly sum: number; readonly high: number; readonly most: number } {
  let [count, sum] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    count += times[at]!;
    sum += times[at]! * values[at]!;
  }
  // numpy's percentile: the place 0.95 (n - 1) among the sorted values, between the two nearest.
  const place = 0.95 * (count - 1);
  const [low, next] = [valueAt(values, times, Math.floor(place)), valueAt(values, times, Math.ceil(place))];
  return { count, sum, high: low + (next - low) * (place - Math.floor(place)), most: values.at(-1)! };
}

function valueAt(values: readonly number[], times: readonly number[], place: number): number {
  let at = 0;
  for (let passed = times[0]!; passed <= place && at < values.length - 1; passed += times[at]!) at++;
  return values[at]!;
}
