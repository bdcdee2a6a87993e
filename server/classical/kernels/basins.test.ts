import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { basinsOf } from "./basins.ts";
import type { BasinBlock, Basins } from "./basins.ts";
import type { Size3 } from "./size3.ts";

function row(heights: readonly number[], options: Partial<BasinBlock> = {}): Basins {
  const map = Float32Array.from(heights);
  const size = options.size ?? [1, 1, heights.length] as const;
  return basinsOf({ map, inside: options.inside ?? new Uint8Array(map.length).fill(1), size, coreStart: [0, 0, 0], coreSize: size, level: Infinity, ...options });
}

const edgesOf = ({ edges }: Basins): number[][] => [...edges.a].map((a, nth) => [a, edges.b[nth]!, edges.saddle[nth]!]).sort((one, other) => one[0]! - other[0]! || one[1]! - other[1]!);

test("a row by hand: each voxel goes to the peak above it, saddles are the lower of the two voxels that meet", () => {
  const found = row([1, 5, 2, 3, 7, 6, 4, 9], { level: 5 });
  assert.deepEqual([...found.labels], [1, 1, 1, 2, 2, 2, 3, 3]);
  assert.deepEqual([[...found.peak], [...found.summit], [...found.voxels], [...found.high]], [[5, 7, 9], [1, 4, 7], [3, 3, 2], [1, 2, 1]]);
  assert.deepEqual(edgesOf(found), [[1, 2, 2], [2, 3, 4]]);
  assert.deepEqual([...row([1, 5, 2, 3, 7], { inside: Uint8Array.of(1, 1, 0, 1, 1) }).labels], [1, 1, 0, 2, 2], "none goes through the outside");
});

test("a box of three sizes by hand: only neighbours by faces are climbed to", () => {
  const found = row([
    9, 3, 0, 4,
    1, 2, 0, 3,
    0, 0, 8, 2,

    1, 1, 0, 0,
    1, 0, 7, 0,
    0, 0, 2, 6,
  ], { size: [2, 3, 4], inside: Uint8Array.of(1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1) });
  assert.deepEqual([...found.labels], [
    1, 1, 0, 2,
    1, 1, 0, 2,
    0, 0, 3, 3,

    1, 1, 0, 0,
    1, 0, 4, 0,
    0, 0, 3, 5,
  ]);
  assert.deepEqual([...found.peak], [9, 4, 8, 7, 6]);
  assert.deepEqual(edgesOf(found), [[2, 3, 2], [3, 4, 2], [3, 5, 2]]);
});

test("of equal neighbours the first counts as the higher, so a plateau may have parts that meet as high as they are", () => {
  const found = row([3, 3, 2, 3, 3, 3]);
  assert.deepEqual([...found.labels], [1, 1, 1, 2, 2, 2]);
  const bent = row([0, 5, 5, 5], { size: [1, 2, 2], inside: Uint8Array.of(0, 1, 1, 1) });
  assert.deepEqual([[...bent.labels], edgesOf(bent)], [[0, 1, 2, 1], [[1, 2, 5]]]);
});

test("ways that lead out of the core end in the voxel beyond it", () => {
  const found = row([9, 4, 3, 1, 2, 6], { coreStart: [0, 0, 1], coreSize: [1, 1, 4] });
  assert.deepEqual([...found.labels], [1, 1, 1, 2]);
  assert.deepEqual([[...found.peak], [...found.summit]], [[-Infinity, -Infinity], [0, 5]]);
  assert.deepEqual(edgesOf(found), [[1, 2, 1]]);
});

test("seeds are peaks wherever they are, one number for each, and are climbed to before higher voxels", () => {
  const found = row([1, 2, 8, 3, 1, 2, 9], { seeds: Uint32Array.of(0, 7, 0, 0, 7, 0, 4) });
  assert.deepEqual([...found.labels], [1, 1, 1, 1, 1, 1, 2], "between two of them, to the first");
  assert.deepEqual([[...found.seed], [...found.peak]], [[7, 4], [Infinity, Infinity]]);
  assert.deepEqual(edgesOf(found), [[1, 2, 2]]);
  assert.deepEqual([...row([1, 2, 3], { seeds: Uint32Array.of(5, 0, 0), inside: Uint8Array.of(0, 1, 1) }).seed], [0], "a seed outside is none");
});

/** Steepest ascent, voxel by voxel, over the whole map. */
function slow(map: Float32Array, inside: Uint8Array, [depth, height, width]: Size3): number[] {
  const up = (at: number): number => {
    const [z, y, x] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
    const near = [[z - 1, y, x], [z, y - 1, x], [z, y, x - 1], [z, y, x], [z, y, x + 1], [z, y + 1, x], [z + 1, y, x]]
      .filter(([a, b, c]) => a! >= 0 && b! >= 0 && c! >= 0 && a! < depth && b! < height && c! < width)
      .map(([a, b, c]) => (a! * height + b!) * width + c!).filter((other) => inside[other] !== 0);
    return near.reduce((best, other) => (map[other]! > map[best]! || (map[other] === map[best] && other < best) ? other : best), at);
  };
  return Array.from(inside, (flag, at) => {
    if (flag === 0) return -1;
    let place = at;
    while (up(place) !== place) place = up(place);
    return place;
  });
}

test("seeded maps with many ties: as climbing from every voxel; numbers come in raster order", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size: Size3 = [random.whole(1, 5), random.whole(1, 6), random.whole(1, 9)];
    const map = Float32Array.from({ length: size[0] * size[1] * size[2] }, () => random.whole(0, 5));
    const inside = Uint8Array.from(map, () => Number(random.uniform() < 0.8));
    const before = [map.slice(), inside.slice()];
    const { labels, count, summit, peak, voxels, edges } = row([...map], { inside, size });
    const wanted = slow(map, inside, size);
    assert.deepEqual(Array.from(labels, (label) => (label === 0 ? -1 : summit[label - 1]!)), wanted, `seed ${seed}`);
    assert.deepEqual([...new Set(labels)].filter((label) => label > 0), Array.from({ length: count }, (_, nth) => nth + 1));
    assert.deepEqual([...peak], [...summit].map((at) => map[at]));
    assert.equal(voxels.reduce((sum, own) => sum + own, 0), inside.filter(Boolean).length);
    for (let nth = 0; nth < edges.a.length; nth++) assert.ok(edges.a[nth]! < edges.b[nth]! && edges.saddle[nth]! <= Math.min(peak[edges.a[nth]! - 1]!, peak[edges.b[nth]! - 1]!));
    assert.deepEqual([map, inside], before, "the inputs are untouched");
  }
});

test("more basins and pairs than the tables begin with", () => {
  const size = [24, 24, 25] as const;
  const random = seededRandom(5);
  const map = Float32Array.from({ length: 24 * 24 * 25 }, () => random.uniform());
  const found = row([...map], { size });
  assert.ok(found.count > 1024 && found.edges.a.length > 4096);
  assert.deepEqual(Array.from(found.labels, (label) => found.summit[label - 1]!), slow(map, new Uint8Array(map.length).fill(1), size));
  assert.equal(new Set(edgesOf(found).map(([a, b]) => `${a} ${b}`)).size, found.edges.a.length, "each pair once");
});
