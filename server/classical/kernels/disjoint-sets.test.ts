import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { createDisjointSets } from "./disjoint-sets.ts";

test("the smallest member stands for its set, whatever was joined first", () => {
  const sets = createDisjointSets();
  assert.deepEqual([sets.add(3), sets.add(2), sets.size()], [0, 3, 5]);
  sets.join(4, 2);
  sets.join(2, 1);
  assert.deepEqual([0, 1, 2, 3, 4].map(sets.root), [0, 1, 1, 3, 1]);
  sets.join(4, 4);
  sets.join(0, 4);
  assert.deepEqual([0, 1, 2, 3, 4].map(sets.root), [0, 0, 0, 3, 0]);
});

test("as lists of members, while sets keep coming beyond what the table begins with", () => {
  const random = seededRandom(3);
  const sets = createDisjointSets();
  const leader: number[] = [];
  for (let round = 0; round < 60; round++) {
    const first = sets.add(50);
    for (let nth = 0; nth < 50; nth++) leader[first + nth] = first + nth;
    for (let joins = 0; joins < 25; joins++) {
      const [a, b] = [random.whole(0, leader.length - 1), random.whole(0, leader.length - 1)];
      sets.join(a, b);
      const [low, high] = [Math.min(leader[a]!, leader[b]!), Math.max(leader[a]!, leader[b]!)];
      for (const at of leader.keys()) if (leader[at] === high) leader[at] = low;
    }
  }
  assert.deepEqual(leader.map((_, at) => sets.root(at)), leader);
});
