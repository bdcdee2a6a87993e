// The places around a voxel, nearest first: where most surfaces have their nearest other surface.
import type { Triple } from "#server/volumes/label-reader.ts";
import type { DistanceKinds } from "./distance-counts.ts";
import { isForegroundSurface } from "./surface-flags.ts";
import { triple } from "./core-boxes.ts";

/** Steps [z, y, x] with the kind of their length, sorted by it. Every step up to `reach` is there, so the first hit is the nearest. */
export interface NearPlaces {
  readonly steps: readonly Triple[];
  readonly kinds: Uint32Array;
  /** Voxels along each axis that the steps stay in. */
  readonly halo: Triple;
  /** In units. */
  readonly reach: number;
}

/** Some six of the smallest voxel side, and past the next slice where slices are further apart, up to sixteen. */
export function nearPlaces(size: Triple, spacing: Triple, kinds: DistanceKinds): NearPlaces {
  const long = spacing.filter((_, axis) => size[axis]! > 1);
  const sides = long.length > 0 ? long : spacing;
  const [least, most] = [Math.min(...sides), Math.max(...sides)];
  const reach = Math.min(Math.max(6 * least, 1.5 * most), 16 * least);
  const halo = triple((axis) => (size[axis] === 1 ? 0 : Math.floor(reach / spacing[axis])));
  const found: { step: Triple; square: number }[] = [];
  for (let z = -halo[0]; z <= halo[0]; z++) for (let y = -halo[1]; y <= halo[1]; y++) for (let x = -halo[2]; x <= halo[2]; x++) {
    const square = squareOf(z, y, x, spacing);
    if (square <= reach * reach) found.push({ step: [z, y, x], square });
  }
  found.sort((a, b) => a.square - b.square);
  return { steps: found.map(({ step }) => step), kinds: Uint32Array.from(found, ({ square }) => kinds.of(square)), halo, reach };
}

/** The one way in which squares are worked out, so that equal lengths are equal numbers. */
export function squareOf(z: number, y: number, x: number, spacing: Triple): number {
  return (z * spacing[0]) * (z * spacing[0]) + (y * spacing[1]) * (y * spacing[1]) + (x * spacing[2]) * (x * spacing[2]);
}

/** The steps as distances in a flat array `[z, y, x]`. */
export function flatSteps({ steps }: NearPlaces, [, height, width]: Triple): Int32Array {
  return Int32Array.from(steps, ([z, y, x]) => (z * height + y) * width + x);
}

/** The first step that leads to a foreground surface, -1 for none. */
export function nearestForeground(steps: Int32Array, flags: Uint8Array, at: number): number {
  for (let nth = 0; nth < steps.length; nth++) if ((flags[at + steps[nth]!]! & isForegroundSurface) !== 0) return nth;
  return -1;
}

/** The first step that leads to the surface of one object, -1 for none. */
export function nearestOfObject(steps: Int32Array, flags: Uint8Array, ids: Uint32Array, id: number, at: number): number {
  for (let nth = 0; nth < steps.length; nth++) {
    const to = at + steps[nth]!;
    if (flags[to] !== 0 && ids[to] === id) return nth;
  }
  return -1;
}
