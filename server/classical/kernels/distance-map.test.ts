import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { distanceMap, finishDistanceInto, squaredDistanceInPlanes, squaredDistanceMap } from "./distance-map.ts";
import type { Size3 } from "./size3.ts";

/** One text a row, one list a plane; `#` is inside. */
const inside = (...rows: string[]): Uint8Array => Uint8Array.from(rows.join(""), (mark) => (mark === "#" ? 1 : 0));

/** Every outside voxel looked at from every inside one. */
function slow(given: Uint8Array, [depth, height, width]: Size3, [sz, sy, sx]: Size3): number[] {
  const places = Array.from(given, (_, at) => [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width] as const);
  assert.equal(places.length, depth * height * width);
  return places.map(([z, y, x], at) => (given[at] === 0 ? 0 : places.reduce((least, [z1, y1, x1], other) => (given[other] === 0 ? Math.min(least, ((z - z1) * sz) ** 2 + ((y - y1) * sy) ** 2 + ((x - x1) * sx) ** 2) : least), Infinity)));
}

function seeded(seed: number, part: number): { data: Uint8Array; size: Size3 } {
  const random = seededRandom(seed);
  const size = [random.whole(1, 5), random.whole(1, 19), random.whole(1, 7)] as const;
  return { size, data: Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => Number(random.uniform() < part)) };
}

test("a plane by hand: squares of distances, and nothing thinner at the array's edge", () => {
  const data = inside("#####", "#####", "####.");
  assert.deepEqual([...squaredDistanceMap(data, [1, 3, 5], [1, 1, 1])], [20, 13, 8, 5, 4, 17, 10, 5, 2, 1, 16, 9, 4, 1, 0]);
});

test("spacings count along their own axes", () => {
  const data = inside("..", "..", "..", "#.", "#.", "#.", "..", "..", "..");
  assert.deepEqual([...distanceMap(data, [3, 3, 2], [3, 1, 4])], [0, 0, 0, 0, 0, 0, 3, 0, 3, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...distanceMap(data, [3, 3, 2], [5, 1, 4])], [0, 0, 0, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
});

test("without an outside voxel every distance is infinite; without an inside one every distance is 0", () => {
  assert.deepEqual([...squaredDistanceMap(new Uint8Array(12).fill(1), [2, 3, 2], [1, 1, 1])], Array(12).fill(Infinity));
  assert.deepEqual([...squaredDistanceMap(new Uint8Array(12), [2, 3, 2], [1, 1, 1])], Array(12).fill(0));
});

for (const part of [0.5, 0.9, 0.99]) {
  test(`as looking at every pair of voxels, ${part * 100} % inside`, () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { data, size } = seeded(seed, part);
      const before = data.slice();
      assert.deepEqual([...squaredDistanceMap(data, size, [1, 1, 1])], slow(data, size, [1, 1, 1]), `seed ${seed}`);
      const spacing = [2.5, 0.75, 1.3] as const;
      const found = squaredDistanceMap(data, size, spacing);
      slow(data, size, spacing).forEach((value, at) => assert.ok(found[at] === value || Math.abs(found[at]! - value) <= 1e-6 * value, `seed ${seed}: ${found[at]} for ${value}`));
      assert.deepEqual(data, before, "the input is untouched");
    }
  });
}

test("a flipped volume has the flipped map, and exchanged axes with exchanged spacings the exchanged map", () => {
  for (let seed = 100; seed < 120; seed++) {
    const { data, size } = seeded(seed, 0.9);
    const map = squaredDistanceMap(data, size, [3, 2, 1]);
    assert.deepEqual(squaredDistanceMap(data.slice().reverse(), size, [3, 2, 1]), map.slice().reverse());
    const [depth, height, width] = size;
    const exchanged = (values: ArrayLike<number>): number[] => Array.from({ length: data.length }, (_, at) => values[((at % depth) * height + (Math.floor(at / depth) % height)) * width + Math.floor(at / (depth * height))]!);
    assert.deepEqual([...squaredDistanceMap(Uint8Array.from(exchanged(data)), [width, height, depth], [1, 2, 3])], exchanged(map));
  }
});

test("slabs of planes and blocks of columns, each for itself, give the whole volume's map bit for bit", () => {
  for (let seed = 200; seed < 230; seed++) {
    const { data, size } = seeded(seed, 0.9);
    const [depth, height, width] = size;
    const plane = height * width;
    const spacing = [2.5, 0.75, 1.3] as const;
    const map = new Float32Array(data.length);
    for (let z = 0; z < depth; z++) map.set(squaredDistanceInPlanes(data.subarray(z * plane, (z + 1) * plane), [1, height, width], spacing), z * plane);
    for (let y = 0; y < height; y++) {
      const block = Float32Array.from({ length: depth * width }, (_, at) => map[Math.floor(at / width) * plane + y * width + (at % width)]!);
      finishDistanceInto(block, [depth, 1, width], spacing[0]);
      block.forEach((value, at) => (map[Math.floor(at / width) * plane + y * width + (at % width)] = value));
    }
    assert.deepEqual(map, squaredDistanceMap(data, size, spacing), `seed ${seed}`);
  }
});

test("long lines with few outside voxels", () => {
  const random = seededRandom(7);
  for (const length of [97, 300]) {
    const data = Uint8Array.from({ length }, () => Number(random.uniform() < 0.98));
    const zeros = Array.from(data.keys()).filter((at) => data[at] === 0);
    const wanted = Array.from(data.keys(), (at) => Math.min(...zeros.map((zero) => (zero - at) ** 2)));
    for (const size of [[length, 1, 1], [1, length, 1], [1, 1, length]] as const) assert.deepEqual([...squaredDistanceMap(data, size, [1, 1, 1])], wanted);
  }
  const size = [3, 60, 61] as const;
  const data = Uint8Array.from({ length: 3 * 60 * 61 }, () => Number(random.uniform() < 0.998));
  assert.deepEqual([...squaredDistanceMap(data, size, [1, 1, 1])], slow(data, size, [1, 1, 1]));
});
