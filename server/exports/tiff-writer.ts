// Writes TIFF stacks as ImageJ does: classic, big-endian, one strip a plane, planes one after the other in the order XYCZT.
// Above 4 GB it is ImageJ's raw form: a single directory, and the planes follow the first offset.
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Dtype, Watch } from "#protocol/types.ts";
import { dtypeBytes } from "#server/volumes/check-shape.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { partOf, writeFault } from "#server/volumes/write-atomic.ts";
import { laterDirectories, leadingBytes, type StackDescription } from "./tiff-head.ts";

export type { StackDescription };

/** Writes beside `path` and renames when all is on the disk: a reader sees the whole file or none.
 * @param planes `[y, x]` each, c fastest, then z, then t; as many as the shape has
 * @throws shape_invalid for planes of another size, dtype or number, disk_full, file_not_written, cancelled, and what `planes` throws */
export async function writeImagejTiff(path: string, stack: StackDescription, planes: AsyncIterable<Pixels> | Iterable<Pixels>, watch: Watch = {}): Promise<void> {
  const { shape } = stack;
  const total = shape.t * shape.c * shape.z;
  const planeBytes = shape.x * shape.y * dtypeBytes[stack.dtype];
  const head = leadingBytes(stack, planeBytes);
  const temporary = partOf(path);
  const handle = await open(temporary, "wx").catch((cause: unknown) => { throw writeFault(path, cause); });
  try {
    await append(handle, head, path);
    let count = 0;
    for await (const plane of planes) {
      throwIfCancelled(watch.signal);
      if (count === total) throw MaskletError.of("shape_invalid", { why: `there are more than ${total} planes to write` });
      if (dtypeOf(plane) !== stack.dtype || plane.length !== shape.x * shape.y) {
        throw MaskletError.of("shape_invalid", { why: `plane ${count} is ${plane.length} ${dtypeOf(plane)} values where ${shape.x * shape.y} ${stack.dtype} are to be written` });
      }
      await append(handle, bigEndian(plane), path);
      count++;
      watch.onProgress?.({ done: count, total, unit: "planes" });
    }
    if (count < total) throw MaskletError.of("shape_invalid", { why: `${count} of ${total} planes were given` });
    await append(handle, laterDirectories(stack, planeBytes, head.length), path);
    await handle.sync();
    await handle.close();
    await rename(temporary, path).catch((cause: unknown) => { throw writeFault(path, cause); });
  } catch (fault) {
    await handle.close();
    await rm(temporary, { force: true });
    throw fault;
  }
}

/** The same file in memory, for small stacks. @param planes as many as the shape has, of its size and dtype */
export function imagejTiff(stack: StackDescription, planes: readonly Pixels[]): Uint8Array {
  const planeBytes = stack.shape.x * stack.shape.y * dtypeBytes[stack.dtype];
  const head = leadingBytes(stack, planeBytes);
  return Buffer.concat([head, ...planes.map(bigEndian), laterDirectories(stack, planeBytes, head.length)]);
}

async function append(handle: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done).catch((cause: unknown) => { throw writeFault(path, cause); });
    done += bytesWritten;
  }
}

function dtypeOf(plane: Pixels): Dtype {
  if (plane instanceof Uint8Array) return "uint8";
  return plane instanceof Uint16Array ? "uint16" : "float32";
}

/** A copy with the bytes of each value turned round. */
function bigEndian(plane: Pixels): Uint8Array {
  if (plane instanceof Uint8Array) return plane;
  const bytes = Buffer.from(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength));
  return plane instanceof Uint16Array ? bytes.swap16() : bytes.swap32();
}
