// A volume cut into boxes that are looked at one after another, each with a halo around it.
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";

/** Half-open. */
export interface CoreBox {
  /** Place among the boxes, z first. */
  readonly nth: number;
  readonly start: Triple;
  readonly end: Triple;
}

export interface CoreGrid {
  readonly boxes: readonly CoreBox[];
  readonly size: Triple;
  /** Voxels of a box, of which the last along an axis may have fewer, and boxes along each axis. */
  readonly core: Triple;
  readonly counts: Triple;
  /** Voxels added on each side of a box: `halo` along each axis, but none along an axis of one voxel. */
  readonly halo: Triple;
}

/** Boxes of whole rows and planes where they fit, as files hold them.
 * @param mostVoxels of a box with its halo; exceeded only where a box of 16 x 16 x 16 with its halo does */
export function coreGrid(size: Triple, wantedHalo: Triple, mostVoxels: number): CoreGrid {
  const halo = triple((axis) => (size[axis] === 1 ? 0 : wantedHalo[axis]));
  const core: [number, number, number] = [...size];
  const around = (axis: 0 | 1 | 2): number => core[axis] + 2 * halo[axis];
  // Slabs first; thin ones would be mostly halo, so below 64 slices the slab is parted along y, then x.
  for (const [axis, least] of [[0, 64], [1, 64], [2, 64], [0, 16], [1, 16], [2, 16]] as const) {
    const others = (around(0) * around(1) * around(2)) / around(axis);
    const fits = Math.floor(mostVoxels / others) - 2 * halo[axis];
    core[axis] = Math.min(core[axis], Math.max(least, fits));
  }
  const counts = triple((axis) => Math.ceil(size[axis] / core[axis]));
  const boxes: CoreBox[] = [];
  for (let z = 0; z < counts[0]; z++) for (let y = 0; y < counts[1]; y++) for (let x = 0; x < counts[2]; x++) {
    const start = triple((axis) => [z, y, x][axis]! * core[axis]);
    boxes.push({ nth: boxes.length, start, end: triple((axis) => Math.min(size[axis], start[axis] + core[axis])) });
  }
  return { boxes, size, core, counts, halo };
}

/** Ids `[z, y, x]` of a box and its halo; beyond the volume is ground. */
export interface HaloedLabels {
  readonly ids: Uint32Array;
  readonly size: Triple;
}

/** @param halo on each side. Memory: twice the ids where the halo leaves the volume @throws what reading throws */
export async function readHaloed(reader: LabelReader, { start, end }: CoreBox, halo: Triple, signal?: AbortSignal): Promise<HaloedLabels> {
  const size = triple((axis) => end[axis] - start[axis] + 2 * halo[axis]);
  const from = triple((axis) => Math.max(0, start[axis] - halo[axis]));
  const to = triple((axis) => Math.min(reader.size[axis], end[axis] + halo[axis]));
  const read = await reader.read(from, to, signal);
  if (size.every((side, axis) => side === to[axis]! - from[axis]!)) return { ids: read, size };
  const ids = new Uint32Array(size[0] * size[1] * size[2]);
  const [planes, rows, width] = triple((axis) => to[axis] - from[axis]);
  const [z0, y0, x0] = triple((axis) => from[axis] - start[axis] + halo[axis]);
  for (let z = 0, at = 0; z < planes; z++) {
    for (let y = 0; y < rows; y++, at += width) ids.set(read.subarray(at, at + width), ((z + z0) * size[1] + y + y0) * size[2] + x0);
  }
  return { ids, size };
}

export function triple(of: (axis: 0 | 1 | 2) => number): [number, number, number] {
  return [of(0), of(1), of(2)];
}
