// A TIFF that comes as a stream, kept under the hash of its bytes.
import { createHash } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Watch } from "#protocol/types.ts";
import { openVolume } from "./open-volume.ts";
import { partOf, writeFault } from "./write-atomic.ts";

/** Streams to the disk, never into memory; what is no usable TIFF leaves nothing behind.
 * @throws too_large, disk_full, file_not_written, cancelled, and what openVolume throws; a fault of the stream is passed on */
export async function receiveUpload(folder: string, stream: AsyncIterable<Uint8Array>, name: string, watch: Watch = {}): Promise<{ path: string; hash: string }> {
  await makeFolder(folder);
  const temporary = partOf(join(folder, "upload"));
  const handle = await open(temporary, "wx").catch((cause: unknown) => { throw writeFault(name, cause); });
  const hasher = createHash("sha256");
  try {
    let size = 0;
    try {
      for await (const chunk of stream) {
        throwIfCancelled(watch.signal);
        size += chunk.length;
        if (size > limits.maxUploadBytes) throw MaskletError.of("too_large", { what: "upload", size, limit: limits.maxUploadBytes, limitName: "maxUploadBytes" });
        hasher.update(chunk);
        for (let done = 0; done < chunk.length;) {
          const { bytesWritten } = await handle.write(chunk, done).catch((cause: unknown) => { throw writeFault(name, cause); });
          done += bytesWritten;
        }
        watch.onProgress?.({ done: size, total: Math.max(size, 1), unit: "bytes" });
      }
    } finally {
      await handle.close();
    }
    await (await openVolume(temporary, watch).catch((fault: unknown) => { throw named(fault, temporary, name); })).close();
    const hash = hasher.digest("hex");
    const path = join(folder, `${hash}.tif`);
    // The same bytes are here already, perhaps open: that file stays.
    if (await stat(path).catch(() => undefined) === undefined) await rename(temporary, path).catch((cause: unknown) => { throw writeFault(name, cause); });
    else await rm(temporary, { force: true });
    return { path, hash };
  } catch (fault) {
    await rm(temporary, { force: true });
    throw fault;
  }
}

/** The fault with the sender's file name in it, not ours. */
function named(fault: unknown, temporary: string, name: string): unknown {
  if (!(fault instanceof MaskletError)) return fault;
  const told = fault.toFault();
  return MaskletError.fromFault({
    ...told, message: told.message.replaceAll(temporary, name),
    details: { ...told.details, ...(told.details?.["file"] === temporary ? { file: name } : {}) },
  });
}
