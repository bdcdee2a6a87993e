// Planes on the disk, named by the SHA-256 of their bytes: the same plane is kept once, whoever sent it.
import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "./write-atomic.ts";

export interface PlaneStore {
  /** Keeps the bytes and returns their hash. @throws disk_full, file_not_written */
  put(bytes: Uint8Array): Promise<string>;
  /** Bytes `[at, at + length)` of a plane of `sizeBytes`; undefined when it is not here whole (so it must be sent again). */
  read(hash: string, sizeBytes: number, at: number, length: number): Promise<Uint8Array | undefined>;
}

export function planeHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** @param folder made when the first plane comes */
export function createPlaneStore(folder: string): PlaneStore {
  const fileOf = (hash: string): string => join(folder, hash.slice(0, 2), hash);
  return {
    async put(bytes) {
      const hash = planeHash(bytes);
      const there = await stat(fileOf(hash)).catch(() => undefined);
      if (there?.size !== bytes.length) await writeAtomically(fileOf(hash), bytes);
      return hash;
    },
    async read(hash, sizeBytes, at, length) {
      const handle = await open(fileOf(hash), "r").catch((cause: unknown) => {
        if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
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
