import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { firstOf } from "./first-of.ts";

test("the first few are those that sorting puts first, equals in their order", () => {
  const random = seededRandom(2);
  for (const length of [0, 1, 5, 200]) {
    const items = Array.from({ length }, (_, nth) => ({ key: random.whole(0, 20), nth }));
    for (const count of [0, 1, 3, 300]) assert.deepEqual(firstOf(items, count, (a, b) => a.key - b.key), [...items].sort((a, b) => a.key - b.key).slice(0, count));
  }
});
