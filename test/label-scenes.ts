// Label images in memory, and seeded ones that look like segmentations and their faults.
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { seededRandom } from "../fixtures/make/seeded-random.ts";

/** @param ids `[z, y, x]` */
export function arrayReader(ids: ArrayLike<number>, size: Triple, { name = "labels", spacing }: { readonly name?: string; readonly spacing?: Triple | undefined } = {}): LabelReader {
  return {
    name, size, spacing,
    read: async (start, end, signal) => {
      signal?.throwIfAborted();
      const out = new Uint32Array((end[0] - start[0]) * (end[1] - start[1]) * (end[2] - start[2]));
      let at = 0;
      for (let z = start[0]; z < end[0]; z++) for (let y = start[1]; y < end[1]; y++) for (let x = start[2]; x < end[2]; x++) out[at++] = ids[(z * size[1] + y) * size[2] + x]!;
      return out;
    },
  };
}

/** Ellipsoids that cover each other, ids 1..count in the order they were laid. */
export function blobs(size: Triple, count: number, seed: number, radius = 0.25): Uint32Array {
  const random = seededRandom(seed);
  const ids = new Uint32Array(size[0] * size[1] * size[2]);
  for (let id = 1; id <= count; id++) {
    const middle = size.map((side) => random.between(0, side));
    const radii = size.map((side) => Math.max(0.7, side * random.between(0.3, 1) * radius));
    forEachVoxel(size, (at, place) => {
      if (place.reduce((sum, value, axis) => sum + ((value + 0.5 - middle[axis]!) / radii[axis]!) ** 2, 0) < 1) ids[at] = id;
    });
  }
  return ids;
}

/** Labels moved by a step, some dropped, some joined to the one before, some cut in halves, with specks of new ones; the names are shuffled. */
export function worsened(ids: Uint32Array, size: Triple, seed: number, step: Triple = [0, 1, -1]): Uint32Array {
  const random = seededRandom(seed);
  const count = ids.reduce((most, id) => Math.max(most, id), 0);
  const fate = Array.from({ length: count + 1 }, () => random.uniform());
  const name = Array.from({ length: 3 * count + 20 }, (_, id) => (id === 0 ? 0 : 7 + ((id * 31) % (3 * count + 41))));
  const found = new Uint32Array(ids.length);
  forEachVoxel(size, (at, [z, y, x]) => {
    const from = [z - step[0], y - step[1], x - step[2]] as const;
    if (from.some((value, axis) => value < 0 || value >= size[axis]!)) return;
    const id = ids[(from[0] * size[1] + from[1]) * size[2] + from[2]]!;
    if (id === 0 || fate[id]! < 0.1) return;
    found[at] = fate[id]! < 0.25 ? Math.max(1, id - 1) : fate[id]! < 0.4 && x % 6 < 3 ? count + id : id;
  });
  for (let speck = 0; speck < 3; speck++) found[random.whole(0, ids.length - 1)] = 2 * count + speck + 1;
  return found.map((id) => name[id]!);
}

export function forEachVoxel(size: Triple, use: (at: number, place: Triple) => void): void {
  for (let z = 0, at = 0; z < size[0]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[2]; x++, at++) use(at, [z, y, x]);
}
