// Distances between the surfaces of two label images, of all objects as one body and of each matched pair, in one more pass over the images.
// Where a voxel's nearest other surface is a few voxels away it is found in the box at hand; the few others are looked for in `FarSurfaces`.
import type { Schema } from "#protocol/types.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { readHaloed, triple, type CoreBox, type CoreGrid } from "./core-boxes.ts";
import { DistanceCounts, DistanceKinds } from "./distance-counts.ts";
import { FarSurfaces } from "./far-surfaces.ts";
import type { LabelNumbers } from "./label-numbers.ts";
import { flatSteps, nearestForeground, nearestOfObject, nearPlaces, type NearPlaces } from "./near-places.ts";
import { Pace } from "./pace.ts";
import { isForegroundSurface, surfaceFlags } from "./surface-flags.ts";

/** One of the two images. */
export interface SurfaceSide {
  readonly reader: LabelReader;
  readonly numbers: LabelNumbers;
  /** By box of the grid, 0 where there is ground alone. */
  readonly occupied: Uint8Array;
  /** By number, the pair an object is in, -1 for none. */
  readonly pairOf: Int32Array;
  /** By pair, the object's id on this side. */
  readonly ids: Uint32Array;
}

export interface SurfacesFound {
  readonly foreground: Schema<"SurfaceDistances">;
  readonly pairs: readonly Schema<"SurfaceDistances">[];
}

interface LoadedSide {
  readonly ids: Uint32Array;
  readonly flags: Uint8Array;
}

/** Places whose nearest other surface is not near: in the box's own order, each with the object on the other side that is meant, 0 for the foreground. */
interface FarPlaces {
  readonly at: number[];
  readonly pair: number[];
}

/** The halo that `surfaceDistances` needs around the boxes of its grid. */
export function surfaceHalo(size: Triple, spacing: Triple): Triple {
  const { halo } = nearPlaces(size, spacing, new DistanceKinds());
  // One more, because a surface is known by its neighbours.
  return triple((axis) => halo[axis] + 1);
}

/** Both images must have an object. @throws what reading throws, cancelled */
export async function surfaceDistances(sides: readonly [SurfaceSide, SurfaceSide], grid: CoreGrid, spacing: Triple, onBox: (box: CoreBox) => void, signal?: AbortSignal): Promise<SurfacesFound> {
  const pace = new Pace(signal);
  const kinds = new DistanceKinds();
  const near = nearPlaces(grid.size, spacing, kinds);
  const foreground = new DistanceCounts(kinds, 1);
  const pairs = new DistanceCounts(kinds, sides[0].ids.length);
  const far = sides.map(({ reader, occupied }) => new FarSurfaces(reader, grid, spacing, occupied, pace, signal));
  for (const box of grid.boxes) {
    if (sides.some(({ occupied }) => occupied[box.nth] === 1)) {
      const loaded: LoadedSide[] = [];
      let size: Triple = [0, 0, 0];
      for (const { reader } of sides) {
        const labels = await readHaloed(reader, box, grid.halo, signal);
        size = labels.size;
        loaded.push({ ids: labels.ids, flags: await surfaceFlags(labels.ids, labels.size, pace) });
      }
      for (const side of [0, 1] as const) {
        const other = side === 0 ? 1 : 0;
        const scene: Scene = { grid, size, near, steps: flatSteps(near, size), spacing, own: loaded[side]!, other: loaded[other]!, of: sides[side], partners: sides[other].ids, foreground, pairs, side, pace };
        const left = await countNear(scene);
        await countFar(scene, left, box, far[other]!, kinds);
      }
    }
    onBox(box);
  }
  return { foreground: foreground.summed()[0]!, pairs: pairs.summed() };
}

interface Scene {
  readonly grid: CoreGrid;
  readonly size: Triple;
  readonly near: NearPlaces;
  readonly steps: Int32Array;
  readonly spacing: Triple;
  readonly own: LoadedSide;
  readonly other: LoadedSide;
  readonly of: SurfaceSide;
  readonly partners: Uint32Array;
  readonly foreground: DistanceCounts;
  readonly pairs: DistanceCounts;
  readonly side: 0 | 1;
  readonly pace: Pace;
}

async function countNear({ grid: { halo }, size, near, steps, own, other, of, partners, foreground, pairs, side, pace }: Scene): Promise<FarPlaces> {
  const far: FarPlaces = { at: [], pair: [] };
  const [depth, height, width] = size;
  for (let z = halo[0]; z < depth - halo[0]; z++) {
    for (let y = halo[1]; y < height - halo[1]; y++) {
      const row = (z * height + y) * width;
      for (let at = row + halo[2]; at < row + width - halo[2]; at++) {
        const flag = own.flags[at]!;
        if (flag === 0) continue;
        if ((flag & isForegroundSurface) !== 0) {
          const nth = nearestForeground(steps, other.flags, at);
          if (nth >= 0) foreground.add(0, side, near.kinds[nth]!);
          else {
            far.at.push(at);
            far.pair.push(-1);
          }
        }
        const pair = of.pairOf[of.numbers.find(own.ids[at]!)]!;
        if (pair < 0) continue;
        const nth = nearestOfObject(steps, other.flags, other.ids, partners[pair]!, at);
        if (nth >= 0) pairs.add(pair, side, near.kinds[nth]!);
        else {
          far.at.push(at);
          far.pair.push(pair);
        }
      }
    }
    await pace.step();
  }
  return far;
}

async function countFar({ grid: { halo }, size, near, spacing, partners, foreground, pairs, side, pace }: Scene, { at, pair }: FarPlaces, box: CoreBox, surfaces: FarSurfaces, kinds: DistanceKinds): Promise<void> {
  const [, height, width] = size;
  // Neighbours lie at nearly the same distance: from one's answer follows a bound for the next, if it looked for the same body.
  const last = new Map<number, { readonly place: Triple; readonly away: number }>();
  for (let nth = 0; nth < at.length; nth++) {
    const [own, body] = [at[nth]!, pair[nth]!];
    const place: Triple = [
      Math.floor(own / (height * width)) - halo[0] + box.start[0], (Math.floor(own / width) % height) - halo[1] + box.start[1], (own % width) - halo[2] + box.start[2],
    ];
    const before = last.get(body);
    const moved = before === undefined ? Infinity : Math.hypot(...triple((axis) => (place[axis] - before.place[axis]) * spacing[axis]));
    const guess = before !== undefined && moved < before.away ? before.away + moved : 2 * near.reach;
    const square = await surfaces.nearest(place, guess * guess, body < 0 ? 0 : partners[body]!);
    last.set(body, { place, away: Math.sqrt(square) });
    (body < 0 ? foreground : pairs).add(Math.max(0, body), side, kinds.of(square));
    await pace.step();
  }
}
