// Voxels of a volume between two passes, chunk by chunk: in memory that all threads share, or in a scratch file. Chunks have places of
// their own, so threads that write different chunks do not meet, and no index needs more than 53 bits.
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { Box3 } from "../contract.ts";
import { copyOverlap, cropped, sizeOf, voxelsIn } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { chunkBox, chunksTouching } from "./chunk-grid.ts";
import type { ChunkGrid } from "./chunk-grid.ts";

export type StoreDtype = "uint8" | "uint16" | "uint32" | "float32";

export const storeBytes: Readonly<Record<StoreDtype, number>> = { uint8: 1, uint16: 2, uint32: 4, float32: 4 };

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

/** Shared memory of zeros, one piece a chunk. */
export function planInMemory(name: string, dtype: StoreDtype, grid: ChunkGrid): StorePlan {
  const buffers = Array.from({ length: grid.chunks }, (_, chunk) => new SharedArrayBuffer(voxelsIn(chunkBox(grid, chunk)) * storeBytes[dtype]));
  return { name, dtype, grid, place: { buffers } };
}

/** A sparse file that is made when it is not there. */
export function planOnDisk(name: string, dtype: StoreDtype, grid: ChunkGrid, file: string): StorePlan {
  return { name, dtype, grid, place: { file } };
}

export function newVoxels(dtype: StoreDtype, length: number): VoxelArray {
  if (dtype === "uint8") return new Uint8Array(length);
  if (dtype === "uint16") return new Uint16Array(length);
  return dtype === "uint32" ? new Uint32Array(length) : new Float32Array(length);
}

export function openStore(plan: StorePlan): VoxelStore {
  return "buffers" in plan.place ? memoryStore(plan, plan.place.buffers) : diskStore(plan, plan.place.file);
}

function memoryStore({ dtype, grid }: StorePlan, buffers: readonly SharedArrayBuffer[]): VoxelStore {
  return {
    read: (box) => {
      const out = newVoxels(dtype, voxelsIn(box));
      for (const chunk of chunksTouching(grid, box)) copyOverlap(viewOf(dtype, buffers[chunk]!), chunkBox(grid, chunk), out, box);
      return out;
    },
    write: (box, values) => {
      for (const chunk of chunksTouching(grid, box)) copyOverlap(values, box, viewOf(dtype, buffers[chunk]!), chunkBox(grid, chunk));
    },
    close: () => undefined,
  };
}

function viewOf(dtype: StoreDtype, buffer: SharedArrayBuffer): VoxelArray {
  if (dtype === "uint8") return new Uint8Array(buffer);
  if (dtype === "uint16") return new Uint16Array(buffer);
  return dtype === "uint32" ? new Uint32Array(buffer) : new Float32Array(buffer);
}

function diskStore({ dtype, grid }: StorePlan, file: string): VoxelStore {
  closeSync(openSync(file, "a"));
  const handle = openSync(file, "r+");
  const bytes = storeBytes[dtype];
  /** Calls `visit` with each part of the box that lies in one piece in the file, whole rows of a chunk, and where. */
  const pieces = (box: Box3, visit: (part: Box3, position: number) => void): void => {
    for (const chunk of chunksTouching(grid, box)) {
      const held = chunkBox(grid, chunk);
      const [, height, width] = sizeOf(held);
      const [z0, y0] = [Math.max(held.start[0], box.start[0]), Math.max(held.start[1], box.start[1])];
      const [z1, y1] = [Math.min(held.end[0], box.end[0]), Math.min(held.end[1], box.end[1])];
      const planes = y0 === held.start[1] && y1 === held.end[1] ? z1 - z0 : 1;
      for (let z = z0; z < z1; z += planes) {
        // Chunks lie at equal distances, also the smaller ones at the volume's ends.
        const position = (chunk * grid.side ** 3 + ((z - held.start[0]) * height + y0 - held.start[1]) * width) * bytes;
        visit({ start: [z, y0, held.start[2]], end: [z + planes, y1, held.end[2]] }, position);
      }
    }
  };
  return {
    read: (box) => {
      const out = newVoxels(dtype, voxelsIn(box));
      pieces(box, (part, position) => {
        const values = newVoxels(dtype, voxelsIn(part));
        readInto(handle, values, position);
        copyOverlap(values, part, out, box);
      });
      return out;
    },
    write: (box, values) => pieces(box, (part, position) => writeFrom(handle, cropped(values, box, part), position)),
    close: () => closeSync(handle),
  };
}

function bytesOf(values: VoxelArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Beyond the file's end lie zeros, as in its holes. */
function readInto(handle: number, values: VoxelArray, position: number): void {
  const bytes = bytesOf(values);
  for (let done = 0; done < bytes.length;) {
    const got = readSync(handle, bytes, done, bytes.length - done, position + done);
    if (got === 0) return;
    done += got;
  }
}

function writeFrom(handle: number, values: VoxelArray, position: number): void {
  const bytes = bytesOf(values);
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done, bytes.length - done, position + done);
}
