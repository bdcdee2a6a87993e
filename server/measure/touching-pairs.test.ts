import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { TouchingPairs } from "./touching-pairs.ts";

test("a pair is kept once, smaller number first", () => {
  const pairs = new TouchingPairs();
  for (const [a, b] of [[0, 1], [1, 0], [5, 3], [0, 1], [2 ** 24, 0]] as const) pairs.add(a, b);
  const found: number[][] = [];
  pairs.forEach((a, b) => found.push([a, b]));
  assert.deepEqual(found.sort((p, q) => p[1]! - q[1]!), [[0, 1], [3, 5], [0, 2 ** 24]]);
  assert.equal(pairs.count, 3);
});

test("many pairs are those of a set of texts", () => {
  const random = seededRandom(7);
  const pairs = new TouchingPairs();
  const texts = new Set<string>();
  for (let nth = 0; nth < 50_000; nth++) {
    const a = random.whole(0, 300);
    const b = a + random.whole(1, 200);
    if (nth % 2 === 0) pairs.add(a, b);
    else pairs.add(b, a);
    texts.add(`${a} ${b}`);
  }
  const found = new Set<string>();
  pairs.forEach((a, b) => found.add(`${a} ${b}`));
  assert.deepEqual([pairs.count, found], [texts.size, texts]);
});
