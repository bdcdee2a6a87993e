import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { labelFacts } from "./label-facts.ts";

test("a block by hand; a label that is not there has zeros", () => {
  const { voxels, first, box } = labelFacts(Uint32Array.of(
    0, 3, 3,
    0, 0, 1,

    3, 0, 0,
    0, 0, 1,
  ), [2, 2, 3], 3);
  assert.deepEqual([[...voxels], [...first]], [[2, 0, 3], [5, 0, 1]]);
  assert.deepEqual([...box], [0, 1, 2, 2, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 3]);
});

test("as looking at every voxel of every label", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size = [random.whole(1, 4), random.whole(1, 5), random.whole(1, 6)] as const;
    const labels = Uint32Array.from({ length: size[0] * size[1] * size[2] }, () => Math.max(0, random.whole(-3, 4)));
    const found = labelFacts(labels, size, 4);
    for (let label = 1; label <= 4; label++) {
      const places = [...labels.keys()].filter((at) => labels[at] === label).map((at) => [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]]);
      assert.equal(found.voxels[label - 1], places.length);
      if (places.length === 0) continue;
      assert.equal(found.first[label - 1], labels.indexOf(label));
      const box = [0, 1, 2].map((axis) => Math.min(...places.map((place) => place[axis]!))).concat([0, 1, 2].map((axis) => Math.max(...places.map((place) => place[axis]!)) + 1));
      assert.deepEqual([...found.box.subarray(6 * (label - 1), 6 * label)], box, `seed ${seed}`);
    }
  }
});
