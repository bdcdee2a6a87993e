import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { selectLabels } from "./select-labels.ts";

const labels = Uint32Array.of(7, 7, 0, 0, 0, 0, 0, 3, 3, 0, 0, 3, 3, 0, 0, 0, 0, 0, 2, 2);

test("numbers anew in raster order, without gaps", () => {
  const selected = selectLabels(labels, 9, [1, 4, 5]);
  assert.deepEqual([...selected.labels], [1, 1, 0, 0, 0, 0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 0, 3, 3]);
  assert.equal(selected.count, 3);
  assert.deepEqual([...selected.origins], [0, 7, 3, 2]);
});

test("by size, both ends staying, and without what touches a face; a plane has no faces along z", () => {
  assert.deepEqual([...selectLabels(labels, 9, [1, 4, 5], { minVoxels: 4 }).origins], [0, 3]);
  assert.deepEqual([...selectLabels(labels, 9, [1, 4, 5], { maxVoxels: 2 }).origins], [0, 7, 2]);
  assert.deepEqual([...selectLabels(labels, 9, [1, 4, 5], { removeBorder: true }).origins], [0, 3]);
  assert.deepEqual([...selectLabels(labels, 9, [2, 2, 5], { removeBorder: true }).origins], [0]);
});

test("nothing stays nothing; twice is once; the input is untouched", () => {
  assert.deepEqual(selectLabels(new Uint32Array(24), 0, [2, 3, 4]), { count: 0, labels: new Uint32Array(24), origins: Uint32Array.of(0) });
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const given = Uint32Array.from({ length: 60 }, () => random.whole(0, 12));
    const before = given.slice();
    const once = selectLabels(given, 12, [3, 4, 5], { minVoxels: 4 });
    const twice = selectLabels(once.labels, once.count, [3, 4, 5], { minVoxels: 4 });
    assert.deepEqual(twice.labels, once.labels);
    assert.deepEqual([...twice.origins], Array.from({ length: once.count + 1 }, (_, label) => label));
    for (const [at, label] of given.entries()) if (once.labels[at] !== 0) assert.equal(once.origins[once.labels[at]!], label);
    assert.deepEqual(given, before);
  }
});
