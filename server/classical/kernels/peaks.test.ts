import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { descendingOrder } from "./descending-order.ts";
import type { Size3 } from "./size3.ts";
import { peaksOf } from "./peaks.ts";

const flat = (values: readonly number[]): (readonly number[])[] => peaksOf(Float32Array.from(values), [1, 1, values.length]).map(({ at, height, depth }) => [at, height, depth]);

test("values in falling order, equal ones as they stand, zeros left out", () => {
  assert.deepEqual([...descendingOrder(Float32Array.from([0.5, 3, 0, 3, 1e-20, Infinity, 0.5]))], [5, 1, 3, 0, 6, 4]);
  const random = seededRandom(7);
  const values = Float32Array.from({ length: 3000 }, () => Math.floor(random.between(-100, 1e6)) / 64);
  const plain = [...values.keys()].filter((at) => values[at]! > 0).sort((a, b) => values[b]! - values[a]! || a - b);
  assert.deepEqual([...descendingOrder(values)], plain);
});

test("a row by hand: each peak with the depth of the saddle before a higher one", () => {
  assert.deepEqual(flat([1, 3, 2, 5, 4, 6, 1]), [[5, 6, 6], [3, 5, 1], [1, 3, 1]]);
  assert.deepEqual(flat([4, 0, 0, 2, 1, 3]), [[0, 4, 4], [5, 3, 3], [3, 2, 1]], "one that reaches no higher one is as deep as it is high");
  assert.deepEqual(flat([2, 2, 1, 2, 0]), [[0, 2, 2], [3, 2, 1]], "a plateau is one peak, of equal ones the first is the higher");
  assert.deepEqual(flat([3, 3, 3]), [[0, 3, 3]]);
  assert.deepEqual(flat([Infinity, Infinity]), [[0, Infinity, Infinity]]);
  assert.deepEqual(flat([0, 0]), []);
});

test("voxels that touch at a corner belong together", () => {
  const map = Float32Array.from([5, 0, 0, 0, 0, 0, 0, 4]);
  assert.deepEqual(peaksOf(map, [2, 2, 2]).map(({ at }) => at), [0]);
});

/** Sets of voxels of at least a level, grown anew for every level. */
function componentAt(map: Float32Array, size: Size3, start: number, level: number): Set<number> {
  const [depth, height, width] = size;
  const seen = new Set([start]);
  for (const at of seen) {
    const [z, y, x] = [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width];
    for (let z1 = z - 1; z1 <= z + 1; z1++) for (let y1 = y - 1; y1 <= y + 1; y1++) for (let x1 = x - 1; x1 <= x + 1; x1++) {
      const inside = z1 >= 0 && z1 < depth && y1 >= 0 && y1 < height && x1 >= 0 && x1 < width;
      if (inside && map[(z1 * height + y1) * width + x1]! >= level) seen.add((z1 * height + y1) * width + x1);
    }
  }
  return seen;
}

/** For each voxel: the highest level at which its set holds a higher voxel; a peak is one that lies above that. */
function slow(map: Float32Array, size: Size3): Map<number, number> {
  const levels = [...new Set(map)].filter((value) => value > 0).sort((a, b) => b - a);
  const rank = new Map([...map.keys()].sort((a, b) => map[b]! - map[a]! || a - b).map((at, nth) => [at, nth]));
  const found = new Map<number, number>();
  for (const at of map.keys()) {
    if (!(map[at]! > 0)) continue;
    const saddle = levels.find((level) => level <= map[at]! && [...componentAt(map, size, at, level)].some((other) => rank.get(other)! < rank.get(at)!)) ?? 0;
    if (saddle < map[at]!) found.set(at, map[at]! - saddle);
  }
  return found;
}

test("as growing the sets of every level from every voxel", () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = seededRandom(seed);
    const size: Size3 = [random.whole(1, 3), random.whole(2, 6), random.whole(3, 7)];
    const map = Float32Array.from({ length: size[0] * size[1] * size[2] }, () => Math.max(0, random.whole(-2, 6)));
    const before = map.slice();
    const found = peaksOf(map, size);
    assert.deepEqual(new Map(found.map(({ at, depth }) => [at, depth]).sort(([a], [b]) => a! - b!) as [number, number][]), new Map([...slow(map, size)].sort(([a], [b]) => a - b)), `seed ${seed}`);
    assert.ok(found.every(({ depth }, nth) => nth === 0 || depth <= found[nth - 1]!.depth));
    assert.deepEqual(map, before, "the input is untouched");
  }
});
