// Hashes of files, read as a stream: weights are larger than what one wants in memory.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";

const CHUNK = 1 << 20;

/** @returns SHA-256, lower-case hex. @throws cancelled, and the system's errors */
export async function sha256OfFile(path: string, watch: Watch = {}): Promise<string> {
  return hashOfFile(path, "sha256", () => "", watch);
}

/** What Git calls the content: SHA-1 of a word, its size and itself (Git's gitformat-loose). @throws as sha256OfFile */
export async function gitBlobOfFile(path: string, watch: Watch = {}): Promise<string> {
  return hashOfFile(path, "sha1", (sizeBytes) => `blob ${sizeBytes}\0`, watch);
}

async function hashOfFile(path: string, algorithm: "sha256" | "sha1", before: (sizeBytes: number) => string, watch: Watch): Promise<string> {
  const hash = createHash(algorithm);
  const chunk = new Uint8Array(CHUNK);
  const file = await open(path);
  try {
    const total = (await file.stat()).size;
    hash.update(before(total));
    for (let done = 0; ; ) {
      throwIfCancelled(watch.signal);
      const { bytesRead } = await file.read(chunk, 0, CHUNK);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(chunk.subarray(0, bytesRead));
      done += bytesRead;
      watch.onProgress?.({ done, total: Math.max(total, done), unit: "bytes" });
    }
  } finally {
    await file.close();
  }
}
