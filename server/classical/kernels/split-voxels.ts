// Parts a body of voxels at its necks: distance map, a seed for each part, flood.
import { distanceMap } from "./distance-map.ts";
import type { Size3 } from "./size3.ts";
import { peaksOf } from "./peaks.ts";
import { seededWatershed } from "./seeded-watershed.ts";

export interface SplitJob {
  /** `[z, y, x]`, 0 = outside; what lies beyond is neither inside nor outside. */
  readonly inside: Uint8Array;
  readonly size: Size3;
  /** Of a voxel along z, y, x, in any one unit. */
  readonly spacing: Size3;
  /** `[z, y, x]` of one seed a part; those outside move to the nearest inside voxel. Undefined: the peaks of the distance map. */
  readonly seeds?: readonly Size3[] | undefined;
  /** Without seeds: a peak is a part's when it is deeper than this, in units of the smallest spacing. */
  readonly depth: number;
  /** Without seeds: at most so many parts, the deepest peaks first. */
  readonly parts?: number | undefined;
}

export interface SplitVoxels {
  /** `[z, y, x]`: 1 for the part of the first seed (without seeds: of the highest peak) and so on, 0 outside. */
  readonly labels: Uint32Array<ArrayBuffer>;
  readonly count: number;
  /** Seeds that came to lie on one voxel, counted from 0; nothing is parted then. */
  readonly twins?: readonly [number, number] | undefined;
}

/**
 * Pieces that no seed reaches (26 neighbours) go to the part of the seed nearest to them. Without any inside voxel there is no part.
 * Memory: 25 bytes a voxel at most.
 */
export function splitVoxels({ inside, size, spacing, seeds, depth, parts }: SplitJob): SplitVoxels {
  const smallest = Math.min(...spacing);
  const units: Size3 = [spacing[0] / smallest, spacing[1] / smallest, spacing[2] / smallest];
  const map = distanceMap(inside, size, units);
  const places = seeds === undefined
    ? peaksOf(map, size).filter((peak, nth) => nth === 0 || peak.depth > depth).slice(0, parts).map(({ at }) => at)
    : seeds.map((seed) => nearestInside(inside, size, units, seed)).filter((at) => at !== undefined);
  const markers = new Uint32Array(inside.length);
  for (const [nth, at] of places.entries()) {
    if (markers[at] !== 0) return { labels: new Uint32Array(0), count: 0, twins: [markers[at]! - 1, nth] };
    markers[at] = nth + 1;
  }
  const labels = seededWatershed(map, markers, size, 26);
  if (places.length > 0) giveAwayPieces(inside, labels, size, units, places);
  return { labels, count: places.length };
}

/** The first of the nearest inside voxels; undefined when there is none. */
function nearestInside(inside: Uint8Array, [depth, height, width]: Size3, units: Size3, [z0, y0, x0]: Size3): number | undefined {
  const within = z0 >= 0 && z0 < depth && y0 >= 0 && y0 < height && x0 >= 0 && x0 < width;
  if (within && inside[(z0 * height + y0) * width + x0] !== 0) return (z0 * height + y0) * width + x0;
  let nearest: number | undefined;
  let least = Infinity;
  for (let z = 0, at = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (inside[at] === 0) continue;
        const square = ((z - z0) * units[0]) ** 2 + ((y - y0) * units[1]) ** 2 + ((x - x0) * units[2]) ** 2;
        if (square >= least) continue;
        least = square;
        nearest = at;
      }
    }
  }
  return nearest;
}

/** Label of voxels that belong to a piece but to no part yet; there are never so many parts. */
const unclaimed = 0xffff_ffff;

function giveAwayPieces(inside: Uint8Array, labels: Uint32Array, size: Size3, units: Size3, places: readonly number[]): void {
  const [, height, width] = size;
  const placeOf = (at: number): Size3 => [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width];
  const seeds = places.map(placeOf);
  for (let first = 0; first < inside.length; first++) {
    if (inside[first] === 0 || labels[first] !== 0) continue;
    const piece = pieceAt(inside, labels, size, first);
    let nearest = 0;
    let least = Infinity;
    for (const at of piece) {
      const [z, y, x] = placeOf(at);
      for (const [nth, seed] of seeds.entries()) {
        const square = ((z - seed[0]) * units[0]) ** 2 + ((y - seed[1]) * units[1]) ** 2 + ((x - seed[2]) * units[2]) ** 2;
        if (square >= least) continue;
        least = square;
        nearest = nth + 1;
      }
    }
    for (const at of piece) labels[at] = nearest;
  }
}

/** The unlabelled voxels that hang together with one, 26 neighbours; they become `unclaimed`. */
function pieceAt(inside: Uint8Array, labels: Uint32Array, [depth, height, width]: Size3, first: number): number[] {
  const piece = [first];
  labels[first] = unclaimed;
  for (let nth = 0; nth < piece.length; nth++) {
    const at = piece[nth]!;
    const z = Math.floor(at / (width * height));
    const y = Math.floor(at / width) % height;
    const x = at % width;
    for (let z1 = Math.max(z - 1, 0); z1 <= Math.min(z + 1, depth - 1); z1++) {
      for (let y1 = Math.max(y - 1, 0); y1 <= Math.min(y + 1, height - 1); y1++) {
        for (let x1 = Math.max(x - 1, 0); x1 <= Math.min(x + 1, width - 1); x1++) {
          const near = (z1 * height + y1) * width + x1;
          if (inside[near] === 0 || labels[near] !== 0) continue;
          labels[near] = unclaimed;
          piece.push(near);
        }
      }
    }
  }
  return piece;
}
