// Voxels of a volume between two passes, chunk by chunk: in memory that all threads share, or in a scratch file. Chunks have places of
// their own, so threads that write different chunks do not meet, and no index needs more than 53 bits. Room that nothing was written to
// takes none, in memory and on the disk: labels and maps, words of 32 bits, are packed where they are mostly zeros.
import type { Box3 } from "../contract.ts";
import { copyOverlap, cropped, overlapOf, sizeOf, voxelsIn } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { chunkBox, chunksTouching } from "./chunk-grid.ts";
import type { ChunkGrid } from "./chunk-grid.ts";
import { packRows, unpackRows } from "./packed-rows.ts";
import { diskMedium, memoryMedium, newVoxels, storeBytes } from "./store-medium.ts";
import type { StoreDtype } from "./store-medium.ts";


/** Where the voxels are; it may be sent to other threads, which open it for themselves. */
export interface StorePlan {
  readonly name: string;
  readonly dtype: StoreDtype;
  readonly grid: ChunkGrid;
  readonly place: { readonly buffers: readonly SharedArrayBuffer[] } | { readonly file: string };
}

export interface VoxelStore {
  /** `[z, y, x]` over the box, in a new array; zeros where nothing was written. @throws the system's own error */
  read(box: Box3): VoxelArray;
  /** Along x the box must begin and end where chunks do. @throws the system's own error */
  write(box: Box3, values: VoxelArray): void;
  close(): void;
}

/** Before the voxels of a chunk that may be packed stands a word that says whether they are. */
const headBytes = 4;

/** Shared memory of zeros, one piece a chunk. */
export function planInMemory(name: string, dtype: StoreDtype, grid: ChunkGrid): StorePlan {
  const buffers = Array.from({ length: grid.chunks }, (_, chunk) => new SharedArrayBuffer(headBytes + voxelsIn(chunkBox(grid, chunk)) * storeBytes[dtype]));
  return { name, dtype, grid, place: { buffers } };
}

/** A sparse file that is made when it is not there. */
export function planOnDisk(name: string, dtype: StoreDtype, grid: ChunkGrid, file: string): StorePlan {
  return { name, dtype, grid, place: { file } };
}

export function openStore({ dtype, grid, place }: StorePlan): VoxelStore {
  const bytes = storeBytes[dtype];
  const packable = bytes === 4;
  // Chunks lie at equal distances, also the smaller ones at the volume's ends.
  const medium = "buffers" in place ? memoryMedium(place.buffers) : diskMedium(place.file, headBytes + grid.side ** 3 * bytes);
  const isPacked = (chunk: number): boolean => packable && medium.view("uint32", chunk, 0, 1)[0] === 1;

  const read = (box: Box3): VoxelArray => {
    const out = newVoxels(dtype, voxelsIn(box));
    for (const chunk of chunksTouching(grid, box)) {
      const held = chunkBox(grid, chunk);
      const packed = isPacked(chunk);
      for (const { part, row, rows } of pieces(held, box)) {
        if (packed) {
          const places = wordsOf(medium.view("uint32", chunk, headBytes + 4 * row, rows + 1));
          const words = wordsOf(medium.view("uint32", chunk, headBytes + 4 * places[0]!, places[rows]! - places[0]!));
          unpackPlanes(places, words, part, wordsOf(out), box);
        } else copyOverlap(medium.view(dtype, chunk, headBytes + row * sizeOf(held)[2] * bytes, voxelsIn(part)), part, out, box);
      }
    }
    return out;
  };

  const writeWhole = (chunk: number, values: VoxelArray): void => {
    const packed = packable ? packRows(wordsOf(values), sizeOf(chunkBox(grid, chunk))[2]) : undefined;
    if (packable) medium.save(chunk, 0, Uint32Array.of(packed === undefined ? 0 : 1));
    medium.save(chunk, headBytes, packed ?? values);
  };

  const write = (box: Box3, values: VoxelArray): void => {
    for (const chunk of chunksTouching(grid, box)) {
      const held = chunkBox(grid, chunk);
      const part = overlapOf(held, box);
      if (voxelsIn(part) === voxelsIn(held)) writeWhole(chunk, cropped(values, box, held));
      else if (isPacked(chunk)) {
        const all = read(held);
        copyOverlap(values, box, all, held);
        writeWhole(chunk, all);
      } else for (const { part: piece, row } of pieces(held, box)) medium.save(chunk, headBytes + row * sizeOf(held)[2] * bytes, cropped(values, box, piece));
    }
  };
  return { read, write, close: () => medium.close() };
}

/** The parts of the box that lie in one piece in a chunk, whole rows of it, and which rows these are. */
function* pieces(held: Box3, box: Box3): Generator<{ readonly part: Box3; readonly row: number; readonly rows: number }> {
  const { start: [z0, y0], end: [z1, y1] } = overlapOf(held, box);
  const [, height] = sizeOf(held);
  const planes = y1 - y0 === height ? z1 - z0 : 1;
  for (let z = z0; z < z1; z += planes) {
    const part: Box3 = { start: [z, y0, held.start[2]], end: [z + planes, y1, held.end[2]] };
    yield { part, row: (z - held.start[0]) * height + y0 - held.start[1], rows: planes * (y1 - y0) };
  }
}

function unpackPlanes(places: Uint32Array, words: Uint32Array, part: Box3, out: Uint32Array, box: Box3): void {
  const { start: [z0, y0, x0], end: [z1, y1, x1] } = overlapOf(part, box);
  const [, height, width] = sizeOf(box);
  for (let z = z0; z < z1; z++) {
    const at = ((z - box.start[0]) * height + y0 - box.start[1]) * width + x0 - box.start[2];
    unpackRows({ places, words }, (z - z0) * (y1 - y0), y1 - y0, { out, at, width, x0: x0 - part.start[2], x1: x1 - part.start[2] });
  }
}

/** The same memory as words of 32 bits. */
function wordsOf(values: VoxelArray): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}
