// Embeddings in files, one each: 32 bytes of SHA-256, then the float32 values as this machine stores them. Losing any of
// them costs a second of encoding, so nothing that goes wrong here stops the work: it is a miss, and said once.
import { createHash, randomUUID } from "node:crypto";
import { readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Embedding } from "../network.ts";

const HASH_BYTES = 32;
const FLOAT_BYTES = 4;
/** End of the name of a file that is being written; older than this, its writer was killed. */
const PART = ".part";
const LEFTOVER_MS = 600_000;

export interface EmbeddingDisk {
  /** undefined when it is not there or damaged */
  read(name: string): Promise<Embedding | undefined>;
  write(name: string, embedding: Embedding): Promise<void>;
}

export function createEmbeddingDisk(options: { home: string; diskBytes: number; onLog: (line: string) => void }): EmbeddingDisk {
  const folder = join(options.home, "embeddings");
  let quiet = false;
  /** Sizes of what is there; listed when first needed, then kept up to date. */
  let files: Map<string, number> | undefined;

  function complain(thrown: unknown): void {
    if (quiet) return;
    quiet = true;
    options.onLog(`Embeddings cannot be kept in ${folder} (${reasonOf(thrown)}); going on without.`);
  }

  async function listed(): Promise<Map<string, number>> {
    if (files !== undefined) return files;
    await makeFolder(folder);
    const found: { name: string; size: number; usedMs: number }[] = [];
    for (const name of await readdir(folder)) {
      const about = await stat(join(folder, name)).catch(() => undefined);
      // Gone meanwhile: another process shares the folder and its budget.
      if (about === undefined) continue;
      if (name.endsWith(PART)) {
        if (Date.now() - about.mtimeMs > LEFTOVER_MS) await rm(join(folder, name), { force: true });
        continue;
      }
      found.push({ name, size: about.size, usedMs: about.mtimeMs });
    }
    found.sort((a, b) => a.usedMs - b.usedMs);
    files = new Map(found.map((one) => [one.name, one.size]));
    return files;
  }

  async function makeRoom(known: Map<string, number>, wanted: number): Promise<void> {
    let total = wanted;
    for (const size of known.values()) total += size;
    for (const [name, size] of known) {
      if (total <= options.diskBytes) return;
      await rm(join(folder, name), { force: true });
      known.delete(name);
      total -= size;
    }
  }

  return {
    async read(name) {
      const path = join(folder, name);
      let bytes: Buffer;
      try {
        // Checked before it is read: a wrong file must not fill the memory.
        const { size } = await stat(path);
        if (size < HASH_BYTES || size > HASH_BYTES + limits.maxEmbeddingBytes || size % FLOAT_BYTES !== 0) return undefined;
        bytes = await readFile(path);
        await utimes(path, new Date(), new Date());
      } catch (thrown) {
        if (!isSystemError(thrown, "ENOENT", "ENOTDIR")) complain(thrown);
        return undefined;
      }
      const size = files?.get(name);
      if (size !== undefined) {
        files?.delete(name);
        files?.set(name, size);
      }
      const body = bytes.subarray(HASH_BYTES);
      if (!createHash("sha256").update(body).digest().equals(bytes.subarray(0, HASH_BYTES))) return undefined;
      return new Float32Array(new Uint8Array(body).buffer);
    },
    async write(name, embedding) {
      const fileBytes = HASH_BYTES + embedding.byteLength;
      if (fileBytes > options.diskBytes || embedding.byteLength > limits.maxEmbeddingBytes) return;
      const body = Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength);
      const part = join(folder, `${randomUUID()}${PART}`);
      try {
        const known = await listed();
        await makeRoom(known, fileBytes);
        await writeFile(part, Buffer.concat([createHash("sha256").update(body).digest(), body]));
        await rename(part, join(folder, name));
        known.set(name, fileBytes);
      } catch (thrown) {
        complain(thrown);
        await rm(part, { force: true }).catch(complain);
      }
    },
  };
}
