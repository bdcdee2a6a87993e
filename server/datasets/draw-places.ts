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
/** Two crops of one split may share half of their voxels, more only where there is no other place. */
const mostShared = 0.5;

/** @param crop no side longer than a source's. Memory: some thousand places a split, or 40 a crop where that is more. */
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
  const strata = whole.map(stratumOf).sort((a, b) => a.source - b.source || a.bright - b.bright || a.full - b.full || a.octant - b.octant);

  function look(source: number, start: Triple): Place {
    return { source, start, ...scans[source]!.look(start, crop) };
  }

  function stratumOf({ source, start, mean, foreground }: Place): Stratum {
    const { extent } = scans[source]!;
    const octant = start.reduce((bits, at, axis) => bits * 2 + (2 * at + crop[axis]! > extent[axis]! ? 1 : 0), 0);
    return { source, bright: third(mean, thirds[source]!.mean), full: third(foreground, thirds[source]!.foreground), octant };
  }

  function keyOf(place: Place): string {
    return Object.values(stratumOf(place)).join(" ");
  }

  function pool(split: Split): Place[] {
    const blocks = space.blocks.filter((block) => block.split === split);
    const sizes = blocks.map(({ start, end }) => start.reduce((product, at, axis) => product * (end[axis]! - at), 1));
    const found = new Map<string, Place>();
    for (let tries = 20 * Math.max(placesPerSplit, 40 * count); tries > 0 && found.size < Math.max(placesPerSplit, 40 * count) && blocks.length > 0; tries--) {
      const { source, start, end } = blocks[weighted(sizes, random)]!;
      // The crop's middle falls anywhere into the block.
      const [z, y, x] = start.map((low, axis) => {
        const at = low + random.below(end[axis]! - low) - (crop[axis]! >> 1);
        return Math.max(0, Math.min(room[source]![axis]! - 1, at));
      });
      const place: Triple = [z!, y!, x!];
      if (space.splitOf(source, place) === split) found.set(`${source} ${place.join(" ")}`, look(source, place));
    }
    return [...found.values()];
  }

  function* offers(split: Split, wanted: number): Generator<Offer> {
    const groups = new Map<string, { stratum: Stratum; places: Place[] }>();
    for (const place of shuffled(pool(split), random)) {
      const group = groups.get(keyOf(place));
      if (group === undefined) groups.set(keyOf(place), { stratum: stratumOf(place), places: [place] });
      else group.places.push(place);
    }
    const taken: Place[] = [];
    const first = random.uniform();
    // A random order, so that a split that ends early is not the dark part alone.
    const targets = shuffled(Array.from({ length: wanted }, (_, nth) => strata[Math.floor(((nth + first) * strata.length) / wanted)]!), random);
    const drop = (place: Place): void => {
      const places = groups.get(keyOf(place))!.places;
      places.splice(places.indexOf(place), 1);
    };
    for (const target of targets) {
      const nearest = [...groups.values()].sort((a, b) => apart(a.stratum, target) - apart(b.stratum, target));
      yield { candidates: candidates(nearest, taken, crop), drop, take: (place) => { taken.push(place); drop(place); } };
    }
  }
  return { whole, stratumOf, offers };
}

/** Groups from the nearest on; in each, places that share little with those taken. Those that share much come at the very end. */
function* candidates(groups: readonly { readonly places: readonly Place[] }[], taken: readonly Place[], crop: Triple): Generator<Place> {
  const crowded: Place[] = [];
  for (const { places } of groups) {
    for (const place of [...places]) {
      if (taken.some((other) => shared(place, other, crop) > mostShared)) crowded.push(place);
      else yield place;
    }
  }
  yield* crowded;
}

function shared(a: Place, b: Place, crop: Triple): number {
  if (a.source !== b.source) return 0;
  return crop.reduce((part, size, axis) => part * Math.max(0, 1 - Math.abs(a.start[axis]! - b.start[axis]!) / size), 1);
}

/** Steps from one stratum to another; another source is farther than any step within one. */
function apart(a: Stratum, b: Stratum): number {
  const turned = a.octant ^ b.octant;
  return (a.source === b.source ? 0 : 100) + 2 * Math.abs(a.full - b.full) + 2 * Math.abs(a.bright - b.bright) + (turned & 1) + ((turned >> 1) & 1) + (turned >> 2);
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
