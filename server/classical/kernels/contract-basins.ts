// Fewer basins for the graph of a whole volume: those that certainly join a neighbour are joined to it in their own block already.
// A basin whose neighbours are all known, and that does not rise above its highest saddle by what a part must rise, joins across that saddle
// whatever else happens (the highest edge of a vertex is in every maximum spanning forest), and counts for nothing at saddles before.
import { createDisjointSets } from "./disjoint-sets.ts";
import { fallingOrder } from "./falling-order.ts";

/** Pairs of basins (from 0), the height of their saddle, and a name for the pair that does not depend on the block: ties go by it. */
export interface BasinEdges {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly saddle: Float32Array;
  /** The lesser and the greater summit of the two, as places in the volume. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** How much a part must rise above a saddle to be one of two: its peak, or nothing at all below a level. */
export type Rise = { readonly rise: number } | { readonly level: number };

/** Positions of edges, the highest saddle first, equal ones in the order of their names. */
export function edgeOrder({ saddle, low, high }: Omit<BasinEdges, "a" | "b">): Uint32Array {
  const order = fallingOrder(saddle);
  for (let first = 0, end = 0; first < order.length; first = end) {
    const height = saddle[order[first]!]!;
    for (end = first + 1; end < order.length && saddle[order[end]!] === height;) end++;
    if (end > first + 1) order.subarray(first, end).sort((one, other) => low[one]! - low[other]! || high[one]! - high[other]!);
  }
  return order;
}

/**
 * @param peak of each basin
 * @param open 1 where a basin has neighbours that are not among the edges
 * @returns for each basin the first basin of its group; a group has at most one open basin
 * Memory: 17 bytes a basin, 4 an edge.
 */
export function contractBasins(peak: Float32Array, open: Uint8Array, { a, b, saddle }: Pick<BasinEdges, "a" | "b" | "saddle">, rise: Rise): Uint32Array {
  const sets = createDisjointSets();
  sets.add(peak.length);
  const top = Float32Array.from(peak);
  // A group with a way that could not be decided here waits for the whole volume.
  const waits = Uint8Array.from(open);
  const leaves = (group: number, height: number): boolean => waits[group] === 0 && ("rise" in rise ? top[group]! < height + rise.rise : height >= rise.level || top[group]! < rise.level);
  const leave = (own: number, other: number): void => {
    sets.join(own, other);
    const group = sets.root(own);
    top[group] = Math.max(top[own]!, top[other]!);
    waits[group] = waits[other]!;
  };
  const order = fallingOrder(saddle);
  for (let first = 0, end = 0; first < order.length; first = end) {
    const height = saddle[order[first]!]!;
    for (end = first + 1; end < order.length && saddle[order[end]!] === height;) end++;
    if (end === first + 1) {
      const [one, other] = [sets.root(a[order[first]!]!), sets.root(b[order[first]!]!)];
      if (one === other) continue;
      if (leaves(one, height)) leave(one, other);
      else if (leaves(other, height)) leave(other, one);
      else waits[one] = waits[other] = 1;
      continue;
    }
    // Of several ways that are equally high the names decide, which are not all known here: who has two waits.
    const ways = new Map<number, number>();
    const addWay = (from: number, to: number): void => void ways.set(from, ways.has(from) && ways.get(from) !== to ? several : to);
    for (let nth = first; nth < end; nth++) {
      const [one, other] = [sets.root(a[order[nth]!]!), sets.root(b[order[nth]!]!)];
      if (one === other) continue;
      addWay(one, other);
      addWay(other, one);
    }
    for (const [from, to] of ways) {
      const other = to === several ? from : sets.root(to);
      if (other === sets.root(from) || !leaves(sets.root(from), height)) continue;
      leave(sets.root(from), other);
    }
    for (const [from, to] of ways) {
      if (to !== several && sets.root(from) === sets.root(to)) continue;
      waits[sets.root(from)] = 1;
      if (to !== several) waits[sets.root(to)] = 1;
    }
  }
  return Uint32Array.from(peak, (_, at) => sets.root(at));
}

const several = -1;
