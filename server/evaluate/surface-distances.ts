// Distances between the surfaces of two label images, of all objects as one body and of each matched pair, in one more pass over the images.
// Where a voxel's nearest other surface is a few voxels away it is found in the box at hand; the few others are looked for in `FarSurfaces`.
import type { Schema } from "#protocol/types.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { readHaloed, triple, type CoreBox, type CoreGrid, type HaloedLabels } from "./core-boxes.ts";
import { DistanceCounts, DistanceKinds } from "./distance-counts.ts";
import { FarSurfaces } from "./far-surfaces.ts";
import type { LabelNumbers } from "./label-numbers.ts";
import { flatSteps, nearestForeground, nearestOfObject, nearPlaces, squareOf } from "./near-places.ts";
import { Pace } from "./pace.ts";
import { forEachFlag, isForegroundSurface, surfaceFlags, wordsOf } from "./surface-flags.ts";

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
  /** Of a pair, the box of the object on this side, half-open. */
  boxOf(pair: number): { readonly start: Triple; readonly end: Triple };
}

export interface SurfacesFound {
  readonly foreground: Schema<"SurfaceDistances">;
  readonly pairs: readonly Schema<"SurfaceDistances">[];
}

interface LoadedSide extends HaloedLabels {
  readonly flags: Uint8Array;
}

/** Places in the volume (flat) whose nearest other surface is not near, each with the pair it is of, -1 for the foreground. */
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
  // Far places wait for the next box, whose surfaces they mostly ask for too.
  let waiting: readonly FarPlaces[] = [{ at: [], pair: [] }, { at: [], pair: [] }];
  const countWaiting = async (): Promise<void> => {
    for (const side of [0, 1] as const) await countFar({ grid, spacing, partner: sides[1 - side]!, foreground, pairs, side, pace }, waiting[side]!, far[1 - side]!, kinds);
  };
  for (const box of grid.boxes) {
    if (sides.some(({ occupied }) => occupied[box.nth] === 1)) {
      const loaded: LoadedSide[] = [];
      for (const { reader } of sides) {
        const labels = await readHaloed(reader, box, grid.halo, signal);
        loaded.push({ ...labels, flags: await surfaceFlags(labels.ids, labels.size, pace) });
      }
      const steps = flatSteps(near, loaded[0]!.size);
      const left: FarPlaces[] = [];
      for (const side of [0, 1] as const) {
        left.push(await countNear({ grid, box, kinds: near.kinds, steps, own: loaded[side]!, other: loaded[1 - side]!, of: sides[side], partners: sides[1 - side]!.ids, foreground, pairs, side, pace }));
        if (waiting[side]!.at.length + left[side]!.at.length > 0) far[1 - side]!.offer(box, loaded[1 - side]!, loaded[1 - side]!.flags, grid.halo);
      }
      await countWaiting();
      waiting = left;
    }
    onBox(box);
  }
  await countWaiting();
  return { foreground: foreground.summed()[0]!, pairs: pairs.summed() };
}

interface NearScene {
  readonly grid: CoreGrid;
  readonly box: CoreBox;
  readonly kinds: Uint32Array;
  readonly steps: Int32Array;
  readonly own: LoadedSide;
  readonly other: LoadedSide;
  readonly of: SurfaceSide;
  readonly partners: Uint32Array;
  readonly foreground: DistanceCounts;
  readonly pairs: DistanceCounts;
  readonly side: 0 | 1;
  readonly pace: Pace;
}

async function countNear({ grid, box, kinds, steps, own, other, of, partners, foreground, pairs, side, pace }: NearScene): Promise<FarPlaces> {
  const far: FarPlaces = { at: [], pair: [] };
  const [depth, height, width] = own.size;
  const { halo } = grid;
  const words = wordsOf(own.flags);
  const count = (counts: DistanceCounts, pair: number, nth: number, place: number): void => {
    if (nth >= 0) counts.add(Math.max(0, pair), side, kinds[nth]!);
    else {
      far.at.push(place);
      far.pair.push(pair);
    }
  };
  for (let z = halo[0]; z < depth - halo[0]; z++) {
    for (let y = halo[1]; y < height - halo[1]; y++) {
      const row = (z * height + y) * width;
      // What is added to a place in the array to give that in the volume.
      const shift = ((z - halo[0] + box.start[0]) * grid.size[1] + y - halo[1] + box.start[1]) * grid.size[2] + box.start[2] - halo[2] - row;
      forEachFlag(own.flags, words, row + halo[2], row + width - halo[2], (at, flag) => {
        if ((flag & isForegroundSurface) !== 0) count(foreground, -1, nearestForeground(steps, other.flags, at), at + shift);
        const pair = of.pairOf[of.numbers.find(own.ids[at]!)]!;
        if (pair >= 0) count(pairs, pair, nearestOfObject(steps, other.flags, other.ids, partners[pair]!, at), at + shift);
      });
    }
    await pace.step();
  }
  return far;
}

interface FarScene {
  readonly grid: CoreGrid;
  readonly spacing: Triple;
  readonly partner: SurfaceSide;
  readonly foreground: DistanceCounts;
  readonly pairs: DistanceCounts;
  readonly side: 0 | 1;
  readonly pace: Pace;
}

async function countFar({ grid: { size }, spacing, partner, foreground, pairs, side, pace }: FarScene, { at, pair }: FarPlaces, surfaces: FarSurfaces, kinds: DistanceKinds): Promise<void> {
  const everywhere = { id: 0, start: triple(() => 0), end: size };
  // Neighbours mostly have the same nearest voxel, or one near it: its distance bounds theirs, if they look for the same body.
  const known = new Map<number, Triple>();
  for (let nth = 0; nth < at.length; nth++) {
    const [own, body] = [at[nth]!, pair[nth]!];
    const place: Triple = [Math.floor(own / (size[1] * size[2])), Math.floor(own / size[2]) % size[1], own % size[2]];
    const key = (body + 1) * 2 ** 26 + (((place[0] >> 2) % 64) * 1024 + ((place[1] >> 2) % 1024)) * 1024 + ((place[2] >> 2) % 1024);
    const before = known.get(key);
    const bound = before === undefined ? Infinity : squareOf(place[0] - before[0], place[1] - before[1], place[2] - before[2], spacing);
    const nearest = await surfaces.nearest({ place, ...(body < 0 ? everywhere : { id: partner.ids[body]!, ...partner.boxOf(body) }) }, bound);
    known.set(key, nearest.place);
    (body < 0 ? foreground : pairs).add(Math.max(0, body), side, kinds.of(nearest.square));
    await pace.step();
  }
}
