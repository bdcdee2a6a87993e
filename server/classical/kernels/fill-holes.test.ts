import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { connectedTo } from "./connected-to.ts";
import { fillHoles } from "./fill-holes.ts";

test("a plane by hand: what the wall encloses, also where the wall holds by a corner alone", () => {
  const inside = Uint8Array.of(0, 5, 5, 0, 0, 5, 0, 0, 5, 0, 5, 0, 5, 0, 0, 0, 5, 0, 0, 0);
  assert.deepEqual([...fillHoles(inside, [1, 4, 5])], [0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0]);
  assert.deepEqual([...fillHoles(inside, [1, 4, 5], 26)], [...inside].map((voxel) => Math.min(voxel, 1)));
});

test("a box's hollow is filled, a cup's is not", () => {
  const box = new Uint8Array(3 * 4 * 5).fill(1);
  box[20 + 5 + 1] = 0;
  box[20 + 10 + 2] = 0;
  assert.deepEqual(fillHoles(box, [3, 4, 5]), new Uint8Array(60).fill(1));
  box[5 + 1] = 0;
  const cup = box.slice();
  cup[20 + 10 + 2] = 1;
  assert.deepEqual(fillHoles(box, [3, 4, 5]), cup);
});

test("nothing, everything, one voxel, no voxel", () => {
  assert.deepEqual(fillHoles(new Uint8Array(24), [2, 3, 4]), new Uint8Array(24));
  assert.deepEqual(fillHoles(new Uint8Array(24).fill(3), [2, 3, 4]), new Uint8Array(24).fill(1));
  assert.deepEqual(fillHoles(Uint8Array.of(1), [1, 1, 1]), Uint8Array.of(1));
  assert.deepEqual(fillHoles(new Uint8Array(0), [0, 3, 4]), new Uint8Array(0));
});

test("26 neighbours: what is left is the background that hangs together with the faces; twice is once; the input is untouched", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size = [random.whole(2, 6), random.whole(2, 7), random.whole(2, 8)] as const;
    const inside = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => Number(random.uniform() < 0.85));
    const before = inside.slice();
    const places = Array.from(inside.keys());
    const outer = places.filter((at) => [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]].some((one, axis) => one === 0 || one === size[axis]! - 1));
    const open = connectedTo(inside.map((voxel) => 1 - voxel), size, outer);
    const filled = fillHoles(inside, size, 26);
    assert.deepEqual(filled, open.map((voxel) => 1 - voxel), `seed ${seed}`);
    assert.deepEqual(fillHoles(filled, size, 26), filled);
    assert.deepEqual(inside, before);
  }
});
