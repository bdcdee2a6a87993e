import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { connectedTo } from "./connected-to.ts";
import type { Size3 } from "./size3.ts";
import { seededWatershed } from "./seeded-watershed.ts";

const row = (map: readonly number[], seeds: readonly number[]): number[] => [...seededWatershed(Float32Array.from(map), Uint32Array.from(seeds), [1, 1, map.length], 6)];

test("rows by hand: parts meet at the saddle, nothing crosses a zero", () => {
  assert.deepEqual(row([1, 2, 3, 2, 1, 2, 3, 4, 1], [0, 0, 7, 0, 0, 0, 0, 9, 0]), [7, 7, 7, 7, 7, 9, 9, 9, 9]);
  assert.deepEqual(row([3, 2, 0, 2, 3], [4, 0, 0, 0, 0]), [4, 4, 0, 0, 0]);
  assert.deepEqual(row([2, 2, 2, 2, 2], [1, 0, 0, 0, 2]), [1, 1, 1, 2, 2], "on a plateau the first seed takes the middle");
  assert.deepEqual(row([5, 0], [0, 3]), [0, 3], "a seed outside stays as it is");
});

test("a plane by hand: two discs and their neck", () => {
  const map = [
    0, 1, 0, 0, 0, 1, 0,
    1, 2, 1, 1, 1, 2, 1,
    0, 1, 0, 0, 0, 1, 0,
  ];
  const seeds = new Uint32Array(21);
  seeds[8] = 1;
  seeds[12] = 2;
  assert.deepEqual([...seededWatershed(Float32Array.from(map), seeds, [1, 3, 7], 6)], [
    0, 1, 0, 0, 0, 2, 0,
    1, 1, 1, 1, 2, 2, 2,
    0, 1, 0, 0, 0, 2, 0,
  ]);
});

test("corners are crossed with 26 neighbours and not with 6", () => {
  const map = Float32Array.from([1, 0, 0, 0, 0, 0, 0, 1]);
  const seeds = Uint32Array.from([5, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...seededWatershed(map, seeds, [2, 2, 2], 6)], [5, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...seededWatershed(map, seeds, [2, 2, 2], 26)], [5, 0, 0, 0, 0, 0, 0, 5]);
});

test("edges are crossed with 18 neighbours, corners are not", () => {
  const seeds = Uint32Array.from([5, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...seededWatershed(Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0), seeds, [2, 2, 2], 18)], [5, 0, 0, 5, 0, 0, 0, 0]);
  assert.deepEqual([...seededWatershed(Float32Array.of(1, 0, 0, 0, 0, 0, 0, 1), seeds, [2, 2, 2], 18)], [5, 0, 0, 0, 0, 0, 0, 0]);
});

interface Case { readonly map: Float32Array; readonly seeds: Uint32Array; readonly size: Size3 }

function seeded(seed: number, levels: number): Case {
  const random = seededRandom(seed);
  const size: Size3 = [random.whole(1, 4), random.whole(2, 9), random.whole(3, 8)];
  const map = Float32Array.from({ length: size[0] * size[1] * size[2] }, () => Math.max(0, random.whole(-levels / 4, levels)));
  const seeds = new Uint32Array(map.length);
  for (let label = 1; label <= 4; label++) seeds[random.whole(0, map.length - 1)] = label;
  return { map, seeds, size };
}

/** The same flood with a list that is searched for the next voxel. */
function slow({ map, seeds, size: [depth, height, width] }: Case): Uint32Array {
  const labels = Uint32Array.from(seeds);
  let turn = 0;
  const open = [...map.keys()].filter((at) => labels[at] !== 0 && map[at]! > 0).map((at) => ({ at, level: map[at]!, turn: turn++ }));
  while (open.length > 0) {
    open.sort((a, b) => b.level - a.level || a.turn - b.turn);
    const { at, level } = open.shift()!;
    const [z, y, x] = [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width];
    for (const [dz, dy, dx] of [[-1, 0, 0], [0, -1, 0], [0, 0, -1], [0, 0, 1], [0, 1, 0], [1, 0, 0]] as const) {
      if (z + dz < 0 || z + dz >= depth || y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
      const near = at + (dz * height + dy) * width + dx;
      if (labels[near] !== 0 || map[near]! <= 0) continue;
      labels[near] = labels[at]!;
      open.push({ at: near, level: Math.min(level, map[near]!), turn: turn++ });
    }
  }
  return labels;
}

test("as searching a list for the next voxel; inputs untouched; a seed's part holds its seed and hangs together", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const one = seeded(seed, seed % 2 === 0 ? 4 : 50);
    const [map, seeds] = [one.map.slice(), one.seeds.slice()];
    const found = seededWatershed(one.map, one.seeds, one.size, 6);
    assert.deepEqual(found, slow(one), `seed ${seed}`);
    assert.deepEqual([one.map, one.seeds], [map, seeds]);
    const wide = seededWatershed(one.map, one.seeds, one.size, 26);
    for (let label = 1; label <= 4; label++) {
      const own = Uint8Array.from(wide, (value) => Number(value === label));
      const from = [...seeds.keys()].filter((at) => seeds[at] === label);
      assert.deepEqual(connectedTo(own, one.size, from), own, `seed ${seed}: part ${label} hangs together`);
    }
    const reached = connectedTo(Uint8Array.from(map, (value) => Number(value > 0)), one.size, [...seeds.keys()].filter((at) => seeds[at] !== 0));
    wide.forEach((label, at) => assert.equal(label !== 0, reached[at] === 1 || seeds[at] !== 0, `seed ${seed}: all that can be reached has a part`));
  }
});

test("where no two values are equal, a flipped volume has flipped parts", () => {
  for (let seed = 200; seed < 220; seed++) {
    const { seeds, size } = seeded(seed, 9);
    const random = seededRandom(seed);
    const map = Float32Array.from(seeds, () => random.uniform());
    assert.deepEqual(seededWatershed(map.slice().reverse(), seeds.slice().reverse(), size, 6), seededWatershed(map, seeds, size, 6).reverse());
  }
});

test("what hangs together by corners, and nothing else", () => {
  const inside = Uint8Array.from([1, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  assert.deepEqual([...connectedTo(inside, [1, 2, 5], [0])], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...connectedTo(inside, [1, 5, 2], [0])], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...connectedTo(inside, [1, 2, 5], [4, 1])], [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  assert.deepEqual([...connectedTo(Uint8Array.from([1, 0, 0, 1]), [1, 2, 2], [0])], [1, 0, 0, 1]);
});
