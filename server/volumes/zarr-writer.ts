// Writes one Zarr v3 array of uint32 labels, chunk by chunk. Zarr v3 core specification: zarr-specs.readthedocs.io/en/latest/v3/core.
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import { packZstd, zstdLevel } from "./ome-zarr-zstd.ts";
import type { VoxelBox } from "./source.ts";
import { writeFault } from "./write-atomic.ts";

/** Voxels along z, y and x. */
export type ZarrSize = readonly [z: number, y: number, x: number];
export type ZarrBox = Pick<VoxelBox, "z" | "y" | "x">;

export interface ZarrArrayWriter {
  readonly size: ZarrSize;
  /** 64 x 512 x 512, along each axis no more than the array has: viewers take 64 MiB whole, a small array makes a small file. */
  readonly chunk: ZarrSize;
  /** The boxes of all chunks, x fastest; those at the far edges end with the array. */
  boxes(): Generator<ZarrBox>;
  /** Writes the chunk of one of these boxes; in any order, several at once. Only zeros write nothing: that is the fill value.
   * Takes up to three chunks of memory: the chunk, a copy when it ends before a whole one does, and what it is packed to.
   * @param labels `[z, y, x]` of the box, not to be changed until written @returns the largest label
   * @throws shape_invalid, disk_full, file_not_written */
  write(box: ZarrBox, labels: Uint32Array): Promise<number>;
}

const largestChunk: ZarrSize = [64, 512, 512];

/** Makes the folder with the array's metadata. @throws shape_invalid, disk_full, file_not_written */
export async function createZarrArray(folder: string, size: ZarrSize): Promise<ZarrArrayWriter> {
  if (!size.every((count) => Number.isSafeInteger(count) && count >= 1)) throw MaskletError.of("shape_invalid", { why: `its size is ${size.join(" x ")}` });
  const chunk: ZarrSize = [Math.min(largestChunk[0], size[0]), Math.min(largestChunk[1], size[1]), Math.min(largestChunk[2], size[2])];
  await writeJson(join(folder, "zarr.json"), {
    zarr_format: 3, node_type: "array", shape: size, data_type: "uint32",
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunk } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "zstd", configuration: { level: zstdLevel, checksum: false } }],
    dimension_names: ["z", "y", "x"], attributes: {},
  });

  function* boxes(): Generator<ZarrBox> {
    for (let z = 0; z < size[0]; z += chunk[0]) {
      for (let y = 0; y < size[1]; y += chunk[1]) {
        for (let x = 0; x < size[2]; x += chunk[2]) {
          yield { z: [z, Math.min(size[0], z + chunk[0])], y: [y, Math.min(size[1], y + chunk[1])], x: [x, Math.min(size[2], x + chunk[2])] };
        }
      }
    }
  }

  const write = async (box: ZarrBox, labels: Uint32Array): Promise<number> => {
    const ranges = [box.z, box.y, box.x];
    const sides = ranges.map(([start, end]) => end - start);
    const isChunk = ranges.every(([start, end], axis) => start % chunk[axis]! === 0 && start >= 0 && end === Math.min(size[axis]!, start + chunk[axis]!) && end > start);
    if (!isChunk) throw MaskletError.of("shape_invalid", { why: `${ranges.map((range) => range.join("-")).join(", ")} is no chunk of ${chunk.join(" x ")} in ${size.join(" x ")}` });
    const count = sides[0]! * sides[1]! * sides[2]!;
    if (labels.length !== count) throw MaskletError.of("shape_invalid", { why: `${labels.length} labels were given for a chunk of ${count}` });
    let largest = 0;
    for (let at = 0; at < count; at++) if (labels[at]! > largest) largest = labels[at]!;
    if (largest === 0) return 0;
    const whole = sides.every((side, axis) => side === chunk[axis]) ? labels : padded(labels, sides, chunk);
    // Zarr's bytes are little-endian, as those of every machine Node runs on.
    const packed = await packZstd(new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength));
    await writeWhole(join(folder, "c", ...ranges.map(([start], axis) => String(start / chunk[axis]!))), packed);
    return largest;
  };
  return { size, chunk, boxes, write };
}

/** @throws disk_full, file_not_written */
export function writeJson(file: string, value: object): Promise<void> {
  return writeWhole(file, Buffer.from(`${JSON.stringify(value, undefined, 1)}\n`));
}

/** On the disk when it returns; its folder is made. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await makeFolder(dirname(file));
    const handle = await open(file, "w");
    try {
      for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done)).bytesWritten;
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw writeFault(file, cause);
  }
}

/** A whole chunk with the labels at its beginning and zeros after. */
function padded(labels: Uint32Array, sides: readonly number[], chunk: ZarrSize): Uint32Array {
  const out = new Uint32Array(chunk[0] * chunk[1] * chunk[2]);
  const [nz, ny, nx] = [sides[0]!, sides[1]!, sides[2]!];
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) out.set(labels.subarray((z * ny + y) * nx, (z * ny + y + 1) * nx), (z * chunk[1] + y) * chunk[2]);
  }
  return out;
}
