// Planes on the disk, named by the SHA-256 of their bytes: the same plane is kept once, whoever sent it.
import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isSystemError } from "#protocol/errors.ts";
import { writeAtomically } from "./write-atomic.ts";

export interface PlaneStore {
  /** Keeps the bytes under their hash. @throws disk_full, file_not_written */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  /** Bytes `[at, at + length)` of a plane of `sizeBytes`; undefined when it is not here whole (so it must be sent again). */
  read(hash: string, sizeBytes: number, at: number, length: number): Promise<Uint8Array | undefined>;
}

/** Hashed in pieces of a few milliseconds, between which other requests are answered. */
const pieceBytes = 4 * 1024 * 1024;

/** SHA-256 in lower-case hex. */
export async function planeHash(bytes: Uint8Array): Promise<string> {
  const hasher = createHash("sha256");
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (at > 0) await setImmediate();
    hasher.update(bytes.subarray(at, at + pieceBytes));
  }
  return hasher.digest("hex");
}

/** @param folder made when the first plane comes */
export function createPlaneStore(folder: string): PlaneStore {
  const fileOf = (hash: string): string => join(folder, hash.slice(0, 2), hash);
  return {
    async put(hash, bytes) {
      const there = await stat(fileOf(hash)).catch(() => undefined);
      if (there?.size !== bytes.length) await writeAtomically(fileOf(hash), bytes);
    },
    async read(hash, sizeBytes, at, length) {
      const handle = await open(fileOf(hash), "r").catch((cause: unknown) => {
        if (isSystemError(cause, "ENOENT")) return undefined;
        throw cause;
      });
      if (handle === undefined) return undefined;
      try {
        if ((await handle.stat()).size !== sizeBytes) return undefined;
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length;) {
          const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
          if (bytesRead === 0) return undefined;
          done += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    },
  };
}
