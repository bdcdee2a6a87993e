// What the encoder said about views, in memory and on disk, under budgets. Equal keys mean equal pixels and weights, so
// an entry never goes stale; it is only dropped, the one longest unused first.
import { createHash } from "node:crypto";
import type { Embedding } from "../network.ts";
import { createEmbeddingDisk } from "./embedding-disk.ts";

export interface EmbeddingCacheOptions {
  /** MASKLET_HOME. */
  readonly home: string;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly onLog: (line: string) => void;
}

export interface EmbeddingCache {
  /** The entry of `key`, computed once however many ask for it at the same time. A failure is not kept. */
  get(key: string, compute: () => Promise<Embedding>): Promise<Embedding>;
}

export function createEmbeddingCache(options: EmbeddingCacheOptions): EmbeddingCache {
  const disk = createEmbeddingDisk(options);
  // A Map keeps the order of insertion; what is used is put at its end.
  const memory = new Map<string, Embedding>();
  const underway = new Map<string, Promise<Embedding>>();
  let bytes = 0;

  function remember(name: string, embedding: Embedding): void {
    memory.set(name, embedding);
    bytes += embedding.byteLength;
    for (const [oldest, dropped] of memory) {
      if (bytes <= options.memoryBytes || oldest === name) break;
      memory.delete(oldest);
      bytes -= dropped.byteLength;
    }
  }

  async function produce(name: string, compute: () => Promise<Embedding>): Promise<Embedding> {
    const stored = await disk.read(name);
    const embedding = stored ?? (await compute());
    remember(name, embedding);
    if (stored === undefined) await disk.write(name, embedding);
    return embedding;
  }

  return {
    async get(key, compute) {
      const name = createHash("sha256").update(key).digest("hex");
      const held = memory.get(name);
      if (held !== undefined) {
        memory.delete(name);
        memory.set(name, held);
        return held;
      }
      const running = underway.get(name);
      if (running !== undefined) return running;
      const started = produce(name, compute);
      underway.set(name, started);
      try {
        return await started;
      } finally {
        underway.delete(name);
      }
    },
  };
}
