import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { EMBEDDING_LENGTH } from "../sam1/predictor.ts";
import { createEmbeddingCache } from "./embedding-cache.ts";
import type { EmbeddingCache } from "./embedding-cache.ts";

const ONE = EMBEDDING_LENGTH * 4;

describe("the embedding cache", async () => {
  const root = await mkdtemp(join(tmpdir(), "masklet-embeddings-"));
  after(() => rm(root, { recursive: true, force: true }));
  const lines: string[] = [];

  async function freshHome(): Promise<string> {
    return mkdtemp(join(root, "home-"));
  }

  function open(home: string, memoryBytes = 10 * ONE, diskBytes = 10 * (ONE + 32)): EmbeddingCache {
    return createEmbeddingCache({ home, memoryBytes, diskBytes, onLog: (line) => lines.push(line) });
  }

  it("computes a key once, for all who ask at the same time and after", async () => {
    const cache = open(await freshHome());
    const asked = new Computed();
    const answers = await Promise.all(["a", "a", "b", "a"].map((key) => cache.get(key, () => asked.of(key))));
    assert.deepEqual([...asked.keys].sort(), ["a", "b"]);
    assert.equal(answers[0], answers[3]);
    await cache.get("a", () => asked.of("a"));
    assert.deepEqual([...asked.keys].sort(), ["a", "b"]);
  });

  it("does not keep a failure", async () => {
    const cache = open(await freshHome());
    await assert.rejects(cache.get("a", () => Promise.reject(new RangeError("no"))), RangeError);
    const asked = new Computed();
    await cache.get("a", () => asked.of("a"));
    assert.deepEqual(asked.keys, ["a"]);
  });

  it("drops from memory what was longest unused", async () => {
    const cache = open(await freshHome(), 2 * ONE, 0);
    const asked = new Computed();
    for (const key of ["a", "b", "a", "c", "a", "b"]) await cache.get(key, () => asked.of(key));
    assert.deepEqual(asked.keys, ["a", "b", "c", "b"]);
  });

  it("finds on disk, exactly, what an earlier process computed", async () => {
    const home = await freshHome();
    const asked = new Computed();
    const first = await open(home).get("a", () => asked.of("a"));
    assert.deepEqual(await open(home).get("a", () => asked.of("a")), first);
    assert.deepEqual(asked.keys, ["a"]);
    assert.ok((await readdir(join(home, "embeddings"))).every((name) => !name.endsWith(".part")));
  });

  it("drops from disk what was longest unused, by the files' times", async () => {
    const home = await freshHome();
    const asked = new Computed();
    const budget = 2 * (ONE + 32);
    const folder = join(home, "embeddings");
    const named = new Map<string, string>();
    for (const key of ["a", "b"]) {
      await open(home, 0, budget).get(key, () => asked.of(key));
      for (const name of await readdir(folder)) if (![...named.values()].includes(name)) named.set(key, name);
    }
    await utimes(join(folder, named.get("a")!), new Date(2_000_000), new Date(2_000_000));
    await utimes(join(folder, named.get("b")!), new Date(1_000_000), new Date(1_000_000));
    await open(home, 0, budget).get("c", () => asked.of("c"));
    const left = await readdir(folder);
    assert.ok(left.includes(named.get("a")!) && !left.includes(named.get("b")!) && left.length === 2);
  });

  it("takes a damaged file for a miss, and mends it", async () => {
    for (const damage of [(file: string) => truncate(file, 100), flipByte]) {
      const home = await freshHome();
      const asked = new Computed();
      const first = await open(home).get("a", () => asked.of("a"));
      const file = join(home, "embeddings", (await readdir(join(home, "embeddings")))[0]!);
      await damage(file);
      assert.deepEqual(await open(home).get("a", () => asked.of("a")), first);
      assert.equal(asked.keys.length, 2);
      await open(home).get("a", () => asked.of("a"));
      assert.equal(asked.keys.length, 2);
      assert.equal((await stat(file)).size, ONE + 32);
    }
  });

  it("goes on without a disk, and says so once", async () => {
    const home = await freshHome();
    await writeFile(join(home, "embeddings"), "a file where the folder should be");
    lines.length = 0;
    const cache = open(home, 0);
    const asked = new Computed();
    for (const key of ["a", "b"]) assert.equal((await cache.get(key, () => asked.of(key))).length, EMBEDDING_LENGTH);
    assert.equal(lines.length, 1);
  });

  it("clears what killed processes left half written", async () => {
    const home = await freshHome();
    await mkdir(join(home, "embeddings"));
    const part = join(home, "embeddings", "x.part");
    await writeFile(part, "half");
    await utimes(part, new Date(1_000_000), new Date(1_000_000));
    await open(home).get("a", () => new Computed().of("a"));
    assert.equal((await readdir(join(home, "embeddings"))).length, 1);
  });
});

class Computed {
  readonly keys: string[] = [];

  async of(key: string): Promise<Float32Array> {
    this.keys.push(key);
    return new Float32Array(EMBEDDING_LENGTH).map((_, at) => at + key.charCodeAt(0));
  }
}

async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[5000]! ^= 1;
  await writeFile(file, bytes);
}
