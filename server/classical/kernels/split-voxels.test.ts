import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import type { Size3 } from "./size3.ts";
import { splitInWorker } from "../split-in-worker.ts";
import { splitVoxels } from "./split-voxels.ts";

const rows = (...texts: string[]): Uint8Array => Uint8Array.from(texts.join(""), (mark) => (mark === "#" ? 1 : 0));
const cubes = { spacing: [1, 1, 1], depth: 1 } as const;

const dumbbell = rows(
  "...............",
  ".#####...#####.",
  ".#####...#####.",
  ".#############.",
  ".#####...#####.",
  ".#####...#####.",
  "...............",
);
const plane: Size3 = [1, 7, 15];
const drawn = (labels: Uint32Array, width: number): string[] => Array.from({ length: labels.length / width }, (_, row) => Array.from(labels.subarray(row * width, (row + 1) * width), (label) => (label === 0 ? "." : String(label))).join(""));

test("two squares and a bridge by hand: the neck is where they part", () => {
  const { labels, count } = splitVoxels({ inside: dumbbell, size: plane, ...cubes });
  assert.equal(count, 2);
  assert.deepEqual(drawn(labels, 15), [
    "...............",
    ".11111...22222.",
    ".11111...22222.",
    ".1111111222222.",
    ".11111...22222.",
    ".11111...22222.",
    "...............",
  ]);
});

test("how deep a neck must be, and how many parts there may be", () => {
  // Squares of half width 3 and a bridge of half width 1: the neck is 2 narrower.
  assert.equal(splitVoxels({ inside: dumbbell, size: plane, ...cubes, depth: 1.99 }).count, 2);
  assert.equal(splitVoxels({ inside: dumbbell, size: plane, ...cubes, depth: 2 }).count, 1);
  const three = rows("###.#####.#########", "###################", "###.#####.#########");
  const of = (parts?: number): number => splitVoxels({ inside: three, size: [1, 3, 19], ...cubes, depth: 0.1, parts }).count;
  assert.ok(of() >= 3);
  assert.equal(of(2), 2);
});

test("given seeds make the parts in their order, and one off the body moves to its nearest voxel", () => {
  const { labels, count } = splitVoxels({ inside: dumbbell, size: plane, ...cubes, seeds: [[0, 6, 14], [0, 0, 0], [0, 3, 7]] });
  assert.equal(count, 3);
  assert.deepEqual([labels[5 * 15 + 13], labels[15 + 1], labels[3 * 15 + 7]], [1, 2, 3]);
  assert.deepEqual(splitVoxels({ inside: dumbbell, size: plane, ...cubes, seeds: [[0, 3, 3], [0, -9, -9], [0, 1, 1]] }), { labels: new Uint32Array(0), count: 0, twins: [1, 2] });
});

test("pieces without a seed go to the nearest seed's part, and none is lost", () => {
  const pieces = rows("##......##", "##.....###", "#.......##", "..........", "#.......#.");
  const { labels } = splitVoxels({ inside: pieces, size: [1, 5, 10], ...cubes, seeds: [[0, 0, 0], [0, 0, 9]] });
  assert.deepEqual(drawn(labels, 10), ["11......22", "11.....222", "1.......22", "..........", "1.......2."]);
  const speck = splitVoxels({ inside: rows("####..#", "####...", "####...", "####..."), size: [1, 4, 7], ...cubes });
  assert.equal(speck.count, 1, "a speck is no part: it is not thicker than the depth");
});

test("spacing decides what a neck is: slices far apart make another one", () => {
  // Two cubes of 5 whose corner columns meet over 3 slices.
  const size: Size3 = [5, 9, 9];
  const inside = new Uint8Array(405);
  for (let z = 0; z < 5; z++) for (let y = 0; y < 9; y++) for (let x = 0; x < 9; x++) inside[(z * 9 + y) * 9 + x] = Number((y < 5 && x < 5) || (y > 3 && x > 3));
  assert.equal(splitVoxels({ inside, size, spacing: [9, 1, 1], depth: 1 }).count, 2);
  assert.equal(splitVoxels({ inside, size, spacing: [1, 9, 1], depth: 3 }).count, 1);
});

test("laws on seeded bodies: every voxel in one part, parts without gaps, the input untouched, the same again", async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = seededRandom(seed);
    const size: Size3 = [random.whole(1, 6), random.whole(6, 14), random.whole(6, 17)];
    const inside = new Uint8Array(size[0] * size[1] * size[2]);
    for (let ball = 0; ball < 4; ball++) {
      const [cz, cy, cx, r] = [random.between(0, size[0]), random.between(0, size[1]), random.between(0, size[2]), random.between(2, 5)];
      for (let at = 0; at < inside.length; at++) {
        const [z, y, x] = [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]];
        if ((z - cz) ** 2 + (y - cy) ** 2 + (x - cx) ** 2 < r * r) inside[at] = 1;
      }
    }
    const job = { inside, size, spacing: [1.5, 1, 1] as const, depth: 0.3 };
    const before = inside.slice();
    const found = splitVoxels(job);
    assert.deepEqual(inside, before);
    assert.deepEqual(Array.from(found.labels, Number).map((label) => Number(label > 0)), [...inside], `seed ${seed}`);
    assert.deepEqual([...new Set(found.labels)].filter((label) => label > 0).sort((a, b) => a - b), Array.from({ length: found.count }, (_, nth) => nth + 1), `seed ${seed}`);
    if (seed <= 3) assert.deepEqual(await splitInWorker(job, undefined), found, "beside this thread the same");
  }
});

test("a cancelled split ends at once", async () => {
  const stop = new AbortController();
  const running = splitInWorker({ inside: dumbbell, size: plane, ...cubes }, stop.signal);
  stop.abort();
  await assert.rejects(running, { code: "cancelled" });
  await assert.rejects(splitInWorker({ inside: dumbbell, size: plane, ...cubes }, stop.signal), { code: "cancelled" });
});
