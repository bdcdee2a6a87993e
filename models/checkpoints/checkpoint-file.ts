// A weights file read by position, a tensor at a time: it may be larger than memory.
import { open, stat } from "node:fs/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

export interface CheckpointFile {
  readonly file: string;
  readonly sizeBytes: number;
  /** For the zip reader, which reads through the same opened file. */
  readonly descriptor: number;
  /** @throws checkpoint_invalid when the range does not lie in the file, file_unreadable */
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** @throws file_missing, file_unreadable (also for a folder, a pipe or a device, which is not opened) */
export async function openCheckpointFile(file: string): Promise<CheckpointFile> {
  // Looked at before it is opened: opening a pipe would wait for its writer.
  const found = await stat(file).catch((cause: unknown) => { throw readFault(file, cause); });
  if (!found.isFile()) throw MaskletError.of("file_unreadable", { file, why: found.isDirectory() ? "it is a folder" : "it is not a regular file" });
  const handle = await open(file, "r").catch((cause: unknown) => { throw readFault(file, cause); });
  const sizeBytes = (await handle.stat()).size;

  const read = async (at: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
    const inside = Number.isSafeInteger(at) && Number.isSafeInteger(length) && at >= 0 && length >= 0 && length <= sizeBytes - at;
    if (!inside) throw MaskletError.of("checkpoint_invalid", { file, why: `it ends at ${sizeBytes} bytes, but ${length} at ${at} belong to it` });
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(bytes, done, length - done, at + done).catch((cause: unknown) => { throw readFault(file, cause); });
      if (bytesRead === 0) throw MaskletError.of("checkpoint_invalid", { file, why: "it became shorter while it was read" });
      done += bytesRead;
    }
    return bytes;
  };

  return { file, sizeBytes, descriptor: handle.fd, read, close: () => handle.close() };
}

function readFault(file: string, cause: unknown): MaskletError {
  if (isSystemError(cause, "ENOENT", "ENOTDIR")) return MaskletError.of("file_missing", { file }, cause);
  return MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause);
}
