// Where crops are taken: at random, and yet so that together they look like the whole scan.
//
// Places are drawn uniformly over all sources and told apart by stratum: source, third of the mean grey value, third of the part
// that objects fill (thirds of all places of a source), and octant. Each split then takes its places in the order of a systematic sample
// of the strata (every n-th of all places, sorted by stratum, from a random first; Cochran, Sampling Techniques, 1977, ch. 8), which
// gives each stratum its share to within one place.
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Split } from "./description.ts";
import type { Scan } from "./scan-source.ts";
import { shuffled, type Random } from "./seeded-random.ts";
import type { SplitSpace } from "./split-blocks.ts";

export interface Place {
  readonly source: number;
  readonly start: Triple;
  /** Of the cells it touches. */
  readonly mean: number;
  readonly foreground: number;
}

export interface Stratum {
  readonly source: number;
  readonly bright: number;
  readonly full: number;
  readonly octant: number;
}

export interface Places {
  /** Uniform over all sources, borders between splits included: what the crops are to look like. */
  readonly whole: readonly Place[];
  stratumOf(place: Place): Stratum;
  offers(split: Split, count: number): Iterable<Offer>;
}

/** For one crop: the places it may be taken from, best first. One that was taken or dropped is not offered again. */
export interface Offer {
  readonly candidates: Iterable<Place>;
  take(place: Place): void;
  drop(place: Place): void;
}

const wholePlaces = 6000;
const placesPerSplit = 6000;
/** Places looked for, for each crop that is wanted of a split: room for those that hold too few objects. */
const placesPerCrop = 12;
/** Two crops of one split may share half of their voxels, more only where there is no other place. */
const mostShared = 0.5;

/** @param crop no side longer than a source's. Memory: some thousand places a split, or 12 a crop where that is more. */
export function drawPlaces(scans: readonly Scan[], crop: Triple, space: SplitSpace, count: number, random: Random): Places {
  const room = scans.map(({ extent }) => extent.map((size, axis) => size - crop[axis]! + 1));
  const weights = room.map((free) => free.reduce((product, size) => product * size, 1));
  const whole = Array.from({ length: wholePlaces }, () => {
    const source = weighted(weights, random);
    return look(source, [random.below(room[source]![0]!), random.below(room[source]![1]!), random.below(room[source]![2]!)]);
  });
  const thirds = scans.map((_, source) => {
    const own = whole.filter((place) => place.source === source);
    return { mean: cuts(own.map((place) => place.mean)), foreground: cuts(own.map((place) => place.foreground)) };
  });
  const ordered = whole.map((place) => ({ place, stratum: stratumOf(place) })).sort(({ place: p, stratum: a }, { place: q, stratum: b }) =>
    a.source - b.source || a.bright - b.bright || a.full - b.full || a.octant - b.octant || p.mean - q.mean);
  const ranks = scans.map((_, source) => {
    const own = whole.filter((place) => place.source === source);
    return { mean: Float64Array.from(own, (place) => place.mean).sort(), foreground: Float64Array.from(own, (place) => place.foreground).sort() };
  });

  function look(source: number, start: Triple): Place {
    return { source, start, ...scans[source]!.look(start, crop) };
  }

  function stratumOf({ source, start, mean, foreground }: Place): Stratum {
    const { extent } = scans[source]!;
    const octant = start.reduce((bits, at, axis) => bits * 2 + (2 * at + crop[axis]! > extent[axis]! ? 1 : 0), 0);
    return { source, bright: third(mean, thirds[source]!.mean), full: third(foreground, thirds[source]!.foreground), octant };
  }

  /** What places are compared by: each measure as the part of all places that lie below it, each coordinate as the part of its room. */
  function traitsOf({ source, start, mean, foreground }: Place): Traits {
    const { mean: means, foreground: parts } = ranks[source]!;
    const [z, y, x] = start.map((at, axis) => at / room[source]![axis]! / 3);
    return [rankOf(means, mean) / means.length, rankOf(parts, foreground) / parts.length, z!, y!, x!];
  }

  function keyOf(place: Place): string {
    return Object.values(stratumOf(place)).join(" ");
  }

  function pool(split: Split): Place[] {
    // Starts with which a crop's middle falls into the block; the nearest one for a block that no middle reaches.
    const blocks = space.blocks.filter((block) => block.split === split).map(({ source, start, end }) => {
      const low = start.map((at, axis) => Math.max(0, Math.min(room[source]![axis]! - 1, at - (crop[axis]! >> 1))));
      const counts = end.map((at, axis) => Math.max(1, Math.min(room[source]![axis]!, at - (crop[axis]! >> 1)) - low[axis]!));
      return { source, low, counts };
    });
    const sizes = blocks.map(({ counts }) => counts.reduce((product, count) => product * count, 1));
    const wanted = Math.max(placesPerSplit, placesPerCrop * count);
    const found = new Map<string, Place>();
    for (let tries = 20 * wanted; tries > 0 && found.size < wanted && blocks.length > 0; tries--) {
      const { source, low, counts } = blocks[weighted(sizes, random)]!;
      const start: Triple = [low[0]! + random.below(counts[0]!), low[1]! + random.below(counts[1]!), low[2]! + random.below(counts[2]!)];
      if (space.splitOf(source, start) === split) found.set(`${source} ${start.join(" ")}`, look(source, start));
    }
    return [...found.values()];
  }

  function* offers(split: Split, wanted: number): Generator<Offer> {
    const groups = new Map<string, Group>();
    for (const place of shuffled(pool(split), random)) {
      const group = groups.get(keyOf(place)) ?? { stratum: stratumOf(place), places: new Map() };
      groups.set(keyOf(place), group);
      group.places.set(place, traitsOf(place));
    }
    const taken = takenPlaces(crop);
    const first = random.uniform();
    // A random order, so that a split that ends early is not the dark part alone.
    const targets = shuffled(Array.from({ length: wanted }, (_, nth) => ordered[Math.floor(((nth + first) * ordered.length) / wanted)]!), random);
    const drop = (place: Place): void => void groups.get(keyOf(place))!.places.delete(place);
    for (const target of targets) {
      const nearest = [...groups.values()].sort((a, b) => apart(a.stratum, target.stratum) - apart(b.stratum, target.stratum));
      yield { candidates: candidates(nearest, target.place.source, traitsOf(target.place), taken), drop, take: (place) => { taken.add(place); drop(place); } };
    }
  }
  return { whole, stratumOf, offers };
}

type Traits = readonly [number, number, number, number, number];

interface Group {
  readonly stratum: Stratum;
  readonly places: Map<Place, Traits>;
}

/** Groups from the nearest on, in each the most alike first. Places that share much with those taken come at the very end. */
function* candidates(groups: readonly Group[], source: number, traits: Traits, taken: ReturnType<typeof takenPlaces>): Generator<Place> {
  const crowded: Place[] = [];
  for (const { stratum, places } of groups) {
    const unlike = (own: Traits): number => own.reduce((sum, trait, nth) => sum + Math.abs(trait - traits[nth]!), 0);
    const sorted = Array.from(places, ([place, own]) => ({ place, by: stratum.source === source ? unlike(own) : 0 })).sort((a, b) => a.by - b.by);
    for (const { place } of sorted) {
      if (taken.crowds(place)) crowded.push(place);
      else yield place;
    }
  }
  yield* crowded;
}

/** Where crops were taken, found by the cell of a grid as large as a crop: those that share voxels lie in neighbouring cells. */
function takenPlaces(crop: Triple): { add(place: Place): void; crowds(place: Place): boolean } {
  const cells = new Map<string, Place[]>();
  const cellOf = ({ start }: Place): number[] => start.map((at, axis) => Math.floor(at / crop[axis]!));
  return {
    add: (place) => {
      const key = `${place.source} ${cellOf(place).join(" ")}`;
      cells.set(key, [...(cells.get(key) ?? []), place]);
    },
    crowds: (place) => {
      const [z, y, x] = cellOf(place);
      for (let near = 0; near < 27; near++) {
        const key = `${place.source} ${z! + Math.floor(near / 9) - 1} ${y! + (Math.floor(near / 3) % 3) - 1} ${x! + (near % 3) - 1}`;
        if (cells.get(key)?.some((other) => shared(place, other, crop) > mostShared) === true) return true;
      }
      return false;
    },
  };
}

function shared(a: Place, b: Place, crop: Triple): number {
  return crop.reduce((part, size, axis) => part * Math.max(0, 1 - Math.abs(a.start[axis]! - b.start[axis]!) / size), 1);
}

/** Steps from one stratum to another; another source is farther than any step within one. */
function apart(a: Stratum, b: Stratum): number {
  const turned = a.octant ^ b.octant;
  return (a.source === b.source ? 0 : 100) + 2 * Math.abs(a.full - b.full) + 2 * Math.abs(a.bright - b.bright) + (turned & 1) + ((turned >> 1) & 1) + (turned >> 2);
}

/** How many sorted values are smaller. */
function rankOf(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The values that part sorted ones into thirds. */
function cuts(values: readonly number[]): readonly [number, number] {
  const sorted = Float64Array.from(values).sort();
  return [sorted[Math.floor(sorted.length / 3)] ?? 0, sorted[Math.floor((2 * sorted.length) / 3)] ?? 0];
}

function third(value: number, [low, high]: readonly [number, number]): number {
  return value < low ? 0 : value < high ? 1 : 2;
}

function weighted(weights: readonly number[], random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [at, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return at;
  }
  return weights.length - 1;
}
