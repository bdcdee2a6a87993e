// Where chunks of a store lie: bytes, read as numbers from any place that is a multiple of their size.
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { VoxelArray } from "./box3.ts";

export type StoreDtype = "uint8" | "uint16" | "uint32" | "float32";

export const storeBytes: Readonly<Record<StoreDtype, number>> = { uint8: 1, uint16: 2, uint32: 4, float32: 4 };

export interface StoreMedium {
  /** Only to be read, at once: memory gives what others write as well. Zeros where nothing was written. @param at in bytes */
  view(dtype: StoreDtype, chunk: number, at: number, length: number): VoxelArray;
  /** @param at in bytes */
  save(chunk: number, at: number, values: VoxelArray): void;
  close(): void;
}

export function newVoxels(dtype: StoreDtype, length: number): VoxelArray {
  return voxelsOver(dtype, new ArrayBuffer(length * storeBytes[dtype]), 0, length);
}

function voxelsOver(dtype: StoreDtype, buffer: ArrayBufferLike, at: number, length: number): VoxelArray {
  if (dtype === "uint8") return new Uint8Array(buffer, at, length);
  if (dtype === "uint16") return new Uint16Array(buffer, at, length);
  return dtype === "uint32" ? new Uint32Array(buffer, at, length) : new Float32Array(buffer, at, length);
}

export function memoryMedium(buffers: readonly SharedArrayBuffer[]): StoreMedium {
  return {
    view: (dtype, chunk, at, length) => voxelsOver(dtype, buffers[chunk]!, at, length),
    // Bytes are copied faster than values into shared memory.
    save: (chunk, at, values) => void bytesOf(values).copy(Buffer.from(buffers[chunk]!), at),
    close: () => undefined,
  };
}

/** @param chunkBytes from one chunk to the next */
export function diskMedium(file: string, chunkBytes: number): StoreMedium {
  closeSync(openSync(file, "a"));
  const handle = openSync(file, "r+");
  return {
    view: (dtype, chunk, at, length) => {
      const values = newVoxels(dtype, length);
      readInto(handle, bytesOf(values), chunk * chunkBytes + at);
      return values;
    },
    save: (chunk, at, values) => writeFrom(handle, bytesOf(values), chunk * chunkBytes + at),
    close: () => closeSync(handle),
  };
}

function bytesOf(values: VoxelArray): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** Beyond the file's end lie zeros, as in its holes. */
function readInto(handle: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const got = readSync(handle, bytes, done, bytes.length - done, position + done);
    if (got === 0) return;
    done += got;
  }
}

function writeFrom(handle: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done, bytes.length - done, position + done);
}
