// The files of a Zarr array's chunks: one chunk each, or shards with a table of theirs.
import { open, stat, type FileHandle } from "node:fs/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { createPlaneCache } from "./cached-volume.ts";
import { createDecoder, type ChunkDecoder, type DecodedChunk } from "./ome-zarr-codecs.ts";
import type { ZarrArray } from "./ome-zarr-metadata.ts";

export interface ZarrChunks {
  /** @param place along each axis of the array @returns undefined for a chunk that is not there, which is the fill value
   * @throws zarr_chunk_corrupt, file_unreadable */
  read(place: readonly number[]): Promise<DecodedChunk | undefined>;
  /** The file that a chunk lies in. */
  fileOf(place: readonly number[]): string;
}

/** Tables of shards kept; a large one has 1 MiB. */
const indexCacheBytes = 32 * 2 ** 20;

/** A table's entry for a chunk that is not there: 2^64 - 1 as both numbers. */
const absent = 2 ** 64 - 1;

/** @throws zarr_unsupported, zarr_invalid */
export async function openChunks(array: ZarrArray): Promise<ZarrChunks> {
  const decoder = await createDecoder(array.codecs, array.kind, array.chunk, array.meta.file);
  const { shard } = array;
  if (shard === undefined) {
    const read = async (place: readonly number[]): Promise<DecodedChunk | undefined> => {
      const file = array.fileOf(place);
      const bytes = await withFile(file, (handle, sizeBytes) => readAt(handle, file, 0, sizeBytes, sizeBytes, decoder));
      return bytes === undefined ? undefined : decoder.decode(bytes, file);
    };
    return { read, fileOf: array.fileOf };
  }

  const indexDecoder = await createDecoder(shard.index, "uint64", [...shard.chunks, 2], array.meta.file);
  const indexBytes = indexDecoder.sizeBytes + (shard.index.some(({ name }) => name === "crc32c") ? 4 : 0);
  if (shard.index.some(({ name }) => name !== "bytes" && name !== "crc32c")) throw MaskletError.of("zarr_unsupported", { file: array.meta.file, why: "the tables of its shards are compressed" });
  const tables = createPlaneCache<Float64Array>(indexCacheBytes);
  const fileOf = (place: readonly number[]): string => array.fileOf(place.map((at, axis) => Math.floor(at / shard.chunks[axis]!)));

  const readTable = async (handle: FileHandle, file: string, sizeBytes: number): Promise<Float64Array> => {
    if (sizeBytes < indexBytes) throw MaskletError.of("zarr_chunk_corrupt", { file, why: `a shard of ${sizeBytes} bytes is too short for its table of ${indexBytes}` });
    const bytes = await readAt(handle, file, shard.indexFirst ? 0 : sizeBytes - indexBytes, indexBytes, sizeBytes, indexDecoder);
    const { samples } = await indexDecoder.decode(bytes, file);
    return Float64Array.from(samples, Number);
  };
  return {
    fileOf,
    read: async (place) => {
      const file = fileOf(place);
      const bytes = await withFile(file, async (handle, sizeBytes) => {
        const table = tables.get(file) ?? await readTable(handle, file, sizeBytes);
        tables.set(file, table);
        let nth = 0;
        place.forEach((at, axis) => { nth = nth * shard.chunks[axis]! + (at % shard.chunks[axis]!); });
        const [at, length] = [table[2 * nth]!, table[2 * nth + 1]!];
        return at === absent && length === absent ? undefined : readAt(handle, file, at, length, sizeBytes, decoder);
      });
      return bytes === undefined ? undefined : decoder.decode(bytes, `${file} (${place.join(", ")})`);
    },
  };
}

/** @returns undefined when there is no such file @throws file_unreadable */
async function withFile<T>(file: string, use: (handle: FileHandle, sizeBytes: number) => Promise<T>): Promise<T | undefined> {
  const fault = (cause: unknown): MaskletError => MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause);
  const found = await stat(file).catch((cause: unknown) => {
    if (isSystemError(cause, "ENOENT")) return undefined;
    throw fault(cause);
  });
  if (found === undefined) return undefined;
  // Opening a pipe would wait for a writer.
  if (!found.isFile()) throw MaskletError.of("file_unreadable", { file, why: found.isDirectory() ? "it is a folder where a chunk should be" : "it is not a regular file" });
  const handle = await open(file, "r").catch((cause: unknown) => { throw fault(cause); });
  try {
    return await use(handle, found.size);
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, file: string, at: number, length: number, sizeBytes: number, decoder: ChunkDecoder): Promise<Uint8Array> {
  if (!(at + length <= sizeBytes)) throw MaskletError.of("zarr_chunk_corrupt", { file, why: `a chunk of ${length} bytes at ${at} ends after the file's ${sizeBytes}` });
  if (length > decoder.mostStoredBytes) throw MaskletError.of("zarr_chunk_corrupt", { file, why: `it has ${length} bytes where ${decoder.sizeBytes} are stored` });
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done)
      .catch((cause: unknown) => { throw MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause); });
    if (bytesRead === 0) throw MaskletError.of("zarr_chunk_corrupt", { file, why: `it ends after ${done} of ${length} bytes` });
    done += bytesRead;
  }
  return bytes;
}
