// Bytes of a file by position, bounds-checked; never the whole file.
import { open } from "node:fs/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

/** Directories of a TIFF lie close together: small reads are served from a window of this size. */
const windowBytes = 64 * 1024;

export interface FileBytes {
  readonly file: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** A copy of `length` bytes from `at`. @throws tiff_truncated when the file ends before them, file_unreadable */
  read(at: number, length: number): Promise<Uint8Array>;
  /** Fills the target from `at`. @throws like `read` */
  readInto(target: Uint8Array, at: number): Promise<void>;
  close(): Promise<void>;
}

/** @throws file_missing, file_unreadable (also for a folder) */
export async function openFileBytes(file: string): Promise<FileBytes> {
  const handle = await open(file, "r").catch((cause: unknown) => { throw readFault(file, cause); });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw MaskletError.of("file_unreadable", { file, why: stat.isDirectory() ? "it is a folder" : "it is not a regular file" });
  }
  const sizeBytes = stat.size;
  let cached: { at: number; bytes: Uint8Array } = { at: 0, bytes: new Uint8Array(0) };

  const readInto = async (target: Uint8Array, at: number): Promise<void> => {
    if (!Number.isSafeInteger(at) || at < 0 || at + target.length > sizeBytes) {
      throw MaskletError.of("tiff_truncated", { file, needBytes: at + target.length, haveBytes: sizeBytes });
    }
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await handle.read(target, done, target.length - done, at + done)
        .catch((cause: unknown) => { throw readFault(file, cause); });
      if (bytesRead === 0) throw MaskletError.of("tiff_truncated", { file, needBytes: at + target.length, haveBytes: at + done });
      done += bytesRead;
    }
  };

  const read = async (at: number, length: number): Promise<Uint8Array> => {
    if (!Number.isSafeInteger(at) || at < 0 || at + length > sizeBytes) {
      throw MaskletError.of("tiff_truncated", { file, needBytes: at + length, haveBytes: sizeBytes });
    }
    if (length > windowBytes / 2) {
      const bytes = new Uint8Array(length);
      await readInto(bytes, at);
      return bytes;
    }
    if (at < cached.at || at + length > cached.at + cached.bytes.length) {
      const bytes = new Uint8Array(Math.min(windowBytes, sizeBytes - at));
      await readInto(bytes, at);
      cached = { at, bytes };
    }
    return cached.bytes.slice(at - cached.at, at - cached.at + length);
  };

  return { file, sizeBytes, mtimeMs: stat.mtimeMs, read, readInto, close: () => handle.close() };
}

function readFault(file: string, cause: unknown): MaskletError {
  if (isSystemError(cause, "ENOENT", "ENOTDIR")) return MaskletError.of("file_missing", { file }, cause);
  return MaskletError.of("file_unreadable", { file, why: isSystemError(cause, "EISDIR") ? "it is a folder" : reasonOf(cause) }, cause);
}
