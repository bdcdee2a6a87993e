import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { clijDistanceMap } from "./clij-distance-map.ts";
import type { Size3 } from "./size3.ts";

/** Erodes the whole volume by turns, as the definition says, and counts. */
function slow(inside: Uint8Array, [depth, height, width]: Size3, roundsMost: number): number[] {
  let left = [...inside].map((voxel) => voxel !== 0);
  const map = left.map(Number);
  for (let round = 1; round <= roundsMost; round++) {
    left = left.map((own, at) => {
      const [z, y, x] = [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width];
      return own && left.every((near, other) => {
        const away = [Math.abs(Math.floor(other / (width * height)) - z), Math.abs((Math.floor(other / width) % height) - y), Math.abs((other % width) - x)];
        return near || Math.max(...away) > 1 || (round % 2 === 1 && away[0]! + away[1]! + away[2]! > 1);
      });
    });
    left.forEach((own, at) => (map[at]! += Number(own)));
  }
  assert.equal(inside.length, depth * height * width);
  return map;
}

test("a plane by hand: diamond, box, diamond; the array's edge takes nothing away", () => {
  const inside = Uint8Array.of(0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  assert.deepEqual([...clijDistanceMap(inside, [1, 3, 5])], [0, 1, 2, 3, 4, 1, 2, 2, 3, 4, 2, 2, 3, 4, 4]);
  assert.deepEqual([...clijDistanceMap(inside, [1, 3, 5], 2)], [0, 1, 2, 3, 3, 1, 2, 2, 3, 3, 2, 2, 3, 3, 3]);
});

test("nothing, and everything", () => {
  assert.deepEqual([...clijDistanceMap(new Uint8Array(6), [1, 2, 3])], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...clijDistanceMap(Uint8Array.of(1, 1, 1, 1, 1, 1), [1, 2, 3], 9)], [10, 10, 10, 10, 10, 10]);
});

test("as eroding the whole volume round by round; the input is untouched; a flip commutes", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size = [random.whole(1, 6), random.whole(1, 7), random.whole(1, 8)] as const;
    const part = random.between(0.5, 1);
    const inside = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => Number(random.uniform() < part));
    const before = inside.slice();
    const map = clijDistanceMap(inside, size, 7);
    assert.deepEqual([...map], slow(inside, size, 7), `seed ${seed}`);
    assert.deepEqual(inside, before);
    assert.deepEqual(clijDistanceMap(inside.slice().reverse(), size, 7), map.slice().reverse());
  }
});
