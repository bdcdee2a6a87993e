// Which voxels are the surface of a body: those with one of their six neighbours outside it.
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Pace } from "./pace.ts";

/** Surface of all objects as one body, of which a neighbour is ground; and of the voxel's own object, of which a neighbour has another id. */
export const isForegroundSurface = 1;
export const isObjectSurface = 2;

/** A byte a voxel with the two flags, 0 along the array's own faces, whose neighbours nobody knows. An axis of one voxel has no neighbours.
 * @param ids `[z, y, x]` @throws cancelled */
export async function surfaceFlags(ids: Uint32Array, size: Triple, pace: Pace): Promise<Uint8Array> {
  const flags = new Uint8Array(ids.length);
  const inZ = Number(size[0] > 1);
  for (let z = inZ; z < size[0] - inZ; z++) {
    flagPlaneInto(flags, ids, size, z);
    await pace.step();
  }
  return flags;
}

function flagPlaneInto(flags: Uint8Array, ids: Uint32Array, [depth, height, width]: Triple, z: number): void {
  // A step of 0 makes a voxel its own neighbour.
  const [inZ, inY, inX] = [Number(depth > 1), Number(height > 1), Number(width > 1)];
  const [stepZ, stepY] = [inZ * height * width, inY * width];
  for (let y = inY; y < height - inY; y++) {
    const row = (z * height + y) * width;
    for (let at = row + inX; at < row + width - inX; at++) {
      const id = ids[at]!;
      if (id === 0) continue;
      // Not as one array: it would be made for every voxel.
      const left = ids[at - inX]!;
      const right = ids[at + inX]!;
      const above = ids[at - stepY]!;
      const below = ids[at + stepY]!;
      const before = ids[at - stepZ]!;
      const after = ids[at + stepZ]!;
      if (left === id && right === id && above === id && below === id && before === id && after === id) continue;
      flags[at] = left === 0 || right === 0 || above === 0 || below === 0 || before === 0 || after === 0 ? isForegroundSurface | isObjectSurface : isObjectSurface;
    }
  }
}

/** The places of a row that have a flag, given to `use`. Most have none: four at a time are passed over. @param words the same flags, four a word */
export function forEachFlag(flags: Uint8Array, words: Int32Array, from: number, end: number, use: (at: number, flag: number) => void): void {
  for (let at = from; at < end;) {
    if ((at & 3) === 0 && words[at >> 2] === 0) {
      at += 4;
      continue;
    }
    if (flags[at] !== 0) use(at, flags[at]!);
    at++;
  }
}

/** @param flags whose length is no matter */
export function wordsOf(flags: Uint8Array): Int32Array {
  return new Int32Array(flags.buffer, flags.byteOffset, flags.length >> 2);
}
