// Boxes of a Zarr array put together from its chunks: only those it touches, several at once, each decoded once for all who wait.
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Dtype } from "#protocol/types.ts";
import type { PlaneCache } from "./cached-volume.ts";
import { checkBox } from "./check-shape.ts";
import type { ZarrChunks } from "./ome-zarr-chunks.ts";
import type { ZarrImage } from "./ome-zarr-image.ts";
import type { StridedChunk, Voxels } from "./ome-zarr-samples.ts";
import type { VoxelBox } from "./source.ts";

/** Chunks that are read and decoded at the same time: as many as fit into this, at least 1 and at most 4. */
const atOnceBytes = 128 * 2 ** 20;

export interface BoxKind<A extends Voxels> {
  /** Bounds the boxes that may be asked for. */
  readonly dtype: Dtype;
  readonly cache: PlaneCache<A>;
  like(count: number): A;
  /** A decoded chunk as voxels `[t, c, z, y, x]`. @param name of the chunk, for messages */
  convert(chunk: StridedChunk, name: string): A;
}

/** A chunk's number, its place along the array's axes, and where it begins along t, c, z, y, x. */
interface ChunkPlace {
  readonly nth: number;
  readonly place: readonly number[];
  readonly start: readonly number[];
}

export interface BoxReader<A extends Voxels> {
  readonly chunk: { readonly z: number; readonly y: number; readonly x: number };
  read(box: VoxelBox, signal?: AbortSignal): Promise<A>;
  /** Chunks that were looked for and are not there; their voxels are the fill value. */
  missing(): number;
  places(box: VoxelBox): Iterable<ChunkPlace>;
  close(): void;
}

const axisOrder = ["t", "c", "z", "y", "x"] as const;

export function createBoxReader<A extends Voxels>(image: ZarrImage, chunks: ZarrChunks, kind: BoxKind<A>): BoxReader<A> {
  const { array, axes, shape } = image;
  const at = axisOrder.map((axis) => axes.indexOf(axis));
  const sizes = at.map((axis) => axis < 0 ? 1 : array.chunk[axis]!);
  const counts = axisOrder.map((axis, nth) => Math.ceil(shape[axis] / sizes[nth]!));
  const prefix = kind.cache.newPrefix();
  const loading = new Map<number, Promise<A | undefined>>();
  const absent = new Uint8Array(Math.ceil(counts.reduce((product, count) => product * count, 1) / 8));
  const slots = createSlots(Math.max(1, Math.min(4, Math.floor(atOnceBytes / bytesOf(kind, sizes)))));
  let missing = 0;
  // One chunk larger than the whole cache: boxes that follow each other lie in the same. A cache of 0 keeps nothing.
  let large: { readonly nth: number; readonly voxels: A } | undefined;

  function* places(box: VoxelBox): Generator<ChunkPlace> {
    const ranges = [[box.t, box.t + 1], [box.c, box.c + 1], box.z, box.y, box.x] as const;
    const first = ranges.map(([start], axis) => Math.floor(start / sizes[axis]!));
    const last = ranges.map(([, end], axis) => Math.floor((end - 1) / sizes[axis]!));
    for (let z = first[2]!; z <= last[2]!; z++) for (let y = first[3]!; y <= last[3]!; y++) for (let x = first[4]!; x <= last[4]!; x++) {
      const where = [first[0]!, first[1]!, z, y, x];
      yield {
        nth: where.reduce((sum, index, axis) => sum * counts[axis]! + index, 0),
        place: axes.map((axis) => where[axisOrder.indexOf(axis)]!),
        start: where.map((index, axis) => index * sizes[axis]!),
      };
    }
  }

  const load = async ({ nth, place }: ChunkPlace): Promise<A | undefined> => {
    const decoded = await slots(() => chunks.read(place));
    if (decoded === undefined) {
      if ((absent[nth >> 3]! & (1 << (nth & 7))) === 0) missing++;
      absent[nth >> 3]! |= 1 << (nth & 7);
      return undefined;
    }
    const strides = at.map((axis) => axis < 0 ? 0 : decoded.strides[axis]!);
    const voxels = kind.convert({ samples: decoded.samples, sizes, strides }, chunks.fileOf(place));
    if (voxels.byteLength > kind.cache.budgetBytes && kind.cache.budgetBytes > 0) large = { nth, voxels };
    else kind.cache.set(`${prefix}${nth}`, voxels);
    return voxels;
  };

  const chunkAt = (where: ChunkPlace): Promise<A | undefined> => {
    const underWay = loading.get(where.nth);
    if (underWay !== undefined) return underWay;
    const found = load(where).finally(() => loading.delete(where.nth));
    loading.set(where.nth, found);
    return found;
  };

  const read = async (box: VoxelBox, signal?: AbortSignal): Promise<A> => {
    throwIfCancelled(signal);
    checkBox(shape, box, kind.dtype);
    const out = kind.like((box.z[1] - box.z[0]) * (box.y[1] - box.y[0]) * (box.x[1] - box.x[0]));
    const todo = places(box);
    // The generator is shared: whoever leaves the loop by a fault ends it for all.
    const work = async (): Promise<void> => {
      for (const where of todo) {
        throwIfCancelled(signal);
        const voxels = kind.cache.get(`${prefix}${where.nth}`) ?? (large?.nth === where.nth ? large.voxels : undefined) ?? await chunkAt(where);
        if (voxels !== undefined || array.fill !== 0) copyInto(out, box, voxels, array.fill, where.start, sizes);
      }
    };
    await Promise.all(Array.from({ length: 4 }, work));
    throwIfCancelled(signal);
    return out;
  };

  return {
    chunk: { z: sizes[2]!, y: sizes[3]!, x: sizes[4]! }, read, places,
    missing: () => missing,
    close: () => {
      large = undefined;
      kind.cache.drop(prefix);
    },
  };
}

function bytesOf(kind: BoxKind<Voxels>, sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, kind.like(1).byteLength);
}

/** Lets so many run at once; the rest wait in line. */
function createSlots(count: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (run) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => { waiting.push(resolve); });
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

/** Copies what box and chunk share, or the fill value where there is no chunk. */
function copyInto(out: Voxels, box: VoxelBox, voxels: Voxels | undefined, fill: number, start: readonly number[], sizes: readonly number[]): void {
  const [, , cz, cy, cx] = [sizes[0]!, sizes[1]!, sizes[2]!, sizes[3]!, sizes[4]!];
  const overlap = (range: readonly [number, number], axis: number): readonly [number, number] => [Math.max(range[0], start[axis]!), Math.min(range[1], start[axis]! + sizes[axis]!)];
  const [z0, z1] = overlap(box.z, 2);
  const [y0, y1] = overlap(box.y, 3);
  const [x0, x1] = overlap(box.x, 4);
  const block = ((box.t - start[0]!) * sizes[1]! + box.c - start[1]!) * cz;
  const [ny, nx] = [box.y[1] - box.y[0], box.x[1] - box.x[0]];
  // Rows that follow each other on both sides are one piece.
  const whole = x1 - x0 === nx && nx === cx;
  const step = whole ? y1 - y0 : 1;
  const length = step * (x1 - x0);
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y += step) {
      const to = ((z - box.z[0]) * ny + y - box.y[0]) * nx + x0 - box.x[0];
      if (voxels === undefined) {
        out.fill(fill, to, to + length);
        continue;
      }
      const from = ((block + z - start[2]!) * cy + y - start[3]!) * cx + x0 - start[4]!;
      out.set(voxels.subarray(from, from + length), to);
    }
  }
}
