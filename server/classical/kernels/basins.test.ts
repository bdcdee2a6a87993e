import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { basinsOf } from "./basins.ts";
import type { Basins } from "./basins.ts";
import { contractBasins } from "./contract-basins.ts";
import type { BasinEdges } from "./contract-basins.ts";
import { addHeights, mergeBasins } from "./merge-basins.ts";
import type { MergeRule } from "./merge-basins.ts";
import { peaksOf } from "./peaks.ts";
import type { Size3 } from "./size3.ts";

const bins = { from: 0, step: 1, count: 4 };

function whole(map: readonly number[] | Float32Array, size: Size3, more: { inside?: Uint8Array; seeds?: Uint32Array } = {}): Basins {
  const values = Float32Array.from(map);
  return basinsOf({ map: values, inside: more.inside ?? new Uint8Array(values.length).fill(1), seeds: more.seeds, size, coreStart: [0, 0, 0], coreSize: size, bins });
}

test("every voxel climbs to its peak; where two basins meet is their saddle", () => {
  const found = whole([1, 3, 2, 1, 4, 5, 2, 0], [1, 1, 8]);
  assert.deepEqual([...found.labels], [1, 1, 1, 2, 2, 2, 2, 2]);
  assert.deepEqual([[...found.peak], [...found.summit], [...found.voxels]], [[3, 5], [1, 5], [3, 5]]);
  assert.deepEqual([[...found.edges.a], [...found.edges.b], [...found.edges.saddle]], [[1], [2], [1]]);
  // 1, 3, 2 and 1, 4, 5, 2, 0 in bins 0.., 1.., 2.., 3 and more.
  assert.deepEqual([...found.heights], [0, 1, 1, 1, 1, 1, 1, 2]);
});

test("a plateau has one order; its parts meet as high as they are", () => {
  const found = whole([2, 2, 1, 2, 2], [1, 1, 5]);
  assert.deepEqual([...found.labels], [1, 1, 1, 2, 2]);
  const bent = whole([0, 5, 5, 5, 0, 5], [1, 2, 3]);
  assert.equal(bent.labels[1], bent.labels[3 - 1]);
  for (let edge = 0; edge < bent.edges.a.length; edge++) assert.ok(bent.edges.saddle[edge] === 5 || bent.edges.saddle[edge] === 0);
});

test("outside voxels have no label and part what lies on both sides", () => {
  const found = whole([1, 2, 9, 2, 1], [1, 1, 5], { inside: Uint8Array.from([1, 1, 0, 1, 1]) });
  assert.deepEqual([...found.labels], [1, 1, 0, 2, 2]);
  assert.equal(found.edges.a.length, 0);
});

test("a way that leaves the core ends at the voxel outside that it climbs to", () => {
  const map = Float32Array.from([1, 2, 3, 4, 5]);
  const found = basinsOf({ map, inside: new Uint8Array(5).fill(1), size: [1, 1, 5], coreStart: [0, 0, 0], coreSize: [1, 1, 4], bins });
  assert.deepEqual([[...found.labels], [...found.peak], [...found.summit]], [[1, 1, 1, 1], [-Infinity], [4]]);
});

test("seeds are peaks of their own, with one number wherever they are", () => {
  const found = whole([1, 2, 9, 2, 1, 2, 3], [1, 1, 7], { seeds: Uint32Array.from([7, 0, 0, 0, 7, 0, 8]) });
  assert.deepEqual([...found.seed].filter((seed) => seed !== 0), [7, 8]);
  assert.equal(found.labels[0], found.labels[4]);
  assert.equal(found.peak[found.labels[0]! - 1], Infinity);
});

/** With the basins' own numbers as names. */
function named(a: Uint32Array, b: Uint32Array, saddle: Float32Array): BasinEdges {
  return { a, b, saddle, low: Float64Array.from(a, (at, edge) => Math.min(at, b[edge]!)), high: Float64Array.from(a, (at, edge) => Math.max(at, b[edge]!)) };
}

function merged(map: Float32Array, size: Size3, rule: MergeRule): number[] {
  const { peak, heights, seed, edges, labels } = whole(map, size);
  const graph = { peak, heights: heights.slice(), seed, edges: named(edges.a.map((at) => at - 1), edges.b.map((at) => at - 1), edges.saddle) };
  const objectOf = mergeBasins(graph, rule);
  return [...labels].map((label) => objectOf[label - 1]!);
}

test("depth: a part is one only where its peak rises by more than h above the saddle", () => {
  const map = Float32Array.from([3, 1, 5, 4, 6, 1]);
  assert.deepEqual(merged(map, [1, 1, 6], { rule: "depth", depth: 0.5 }), [0, 1, 1, 2, 2, 2], "of two ways up the steeper is taken");
  assert.equal(new Set(merged(map, [1, 1, 6], { rule: "depth", depth: 1 })).size, 2);
  assert.equal(new Set(merged(map, [1, 1, 6], { rule: "depth", depth: 2 })).size, 1);
});

test("cores: what is too small above the level goes to the core it reaches first", () => {
  const map = Float32Array.from([5, 5, 1, 4, 2, 6, 6]);
  const graph = (minHigh: number): number[] => {
    const found = basinsOf({ map, inside: new Uint8Array(7).fill(1), size: [1, 1, 7], coreStart: [0, 0, 0], coreSize: [1, 1, 7], bins: { from: 4, step: Infinity, count: 1 } });
    const objectOf = mergeBasins({ peak: found.peak, heights: found.heights.slice(), seed: found.seed, edges: named(found.edges.a.map((at) => at - 1), found.edges.b.map((at) => at - 1), found.edges.saddle) }, { rule: "cores", level: 4, minHigh });
    return [...found.labels].map((label) => objectOf[label - 1]!);
  };
  assert.equal(new Set(graph(1)).size, 3);
  const two = graph(2);
  assert.equal(new Set(two).size, 2);
  assert.equal(two[3], two[5], "its saddle to the right is the higher one");
  assert.equal(new Set(graph(9)).size, 1, "without a marker all is one");
});

test("volume: both sides need voxels above the saddle", () => {
  const rule = (minVoxels: number): MergeRule => ({ rule: "volume", rise: 1, minVoxels, bins });
  const map = Float32Array.from([3, 3, 3, 0, 3, 3, 0]);
  assert.equal(new Set(merged(map, [1, 1, 7], rule(2))).size, 2);
  assert.equal(new Set(merged(map, [1, 1, 7], rule(3))).size, 1);
});

/** Peaks by faces alone, the slow way: joined sets of falling voxels. */
function deepPeaks(map: Float32Array, [depth, height, width]: Size3, h: number): number {
  const order = [...map.keys()].sort((a, b) => map[b]! - map[a]! || a - b);
  const parent = new Map<number, number>();
  const root = (at: number): number => (parent.get(at) === at ? at : root(parent.get(at)!));
  let lost = 0;
  let peaks = 0;
  for (const at of order) {
    parent.set(at, at);
    peaks++;
    const [z, y, x] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
    const near = [z > 0 ? at - height * width : -1, y > 0 ? at - width : -1, x > 0 ? at - 1 : -1, x + 1 < width ? at + 1 : -1, y + 1 < height ? at + width : -1, z + 1 < depth ? at + height * width : -1];
    for (const other of near) {
      if (!parent.has(other)) continue;
      const [a, b] = [root(at), root(other)];
      if (a === b) continue;
      const [low, high] = map[a]! < map[b]! || (map[a] === map[b] && a > b) ? [a, b] : [b, a];
      if (map[low]! - map[at]! <= h) lost++;
      parent.set(low, high);
    }
  }
  return peaks - lost;
}

test("on seeded maps as many parts are left as an h-maxima transform leaves peaks", () => {
  for (const seed of [1, 2, 3, 4]) {
    const random = seededRandom(seed);
    const size: Size3 = [6, 7, 9];
    const map = Float32Array.from({ length: 6 * 7 * 9 }, () => 1 + Math.round(random.uniform() * 8));
    for (const h of [0, 1, 2.5]) assert.equal(new Set(merged(map, size, { rule: "depth", depth: h })).size, deepPeaks(map, size, h), `seed ${seed}, h ${h}`);
  }
  // By a line of voxels faces and corners are the same neighbours, and peaks.ts agrees.
  const line = Float32Array.from([2, 7, 3, 9, 8, 8, 1, 4]);
  assert.equal(new Set(merged(line, [1, 1, 8], { rule: "depth", depth: 1 })).size, peaksOf(line, [1, 1, 8]).filter(({ depth }) => depth > 1).length);
});

test("the order of edges does not matter, not even among equal ones", () => {
  const random = seededRandom(9);
  const count = 40;
  const peak = Float32Array.from({ length: count }, () => 5 + Math.round(random.uniform() * 3));
  const edges = Array.from({ length: 120 }, () => ({ a: random.whole(0, count - 1), b: random.whole(0, count - 1), saddle: Math.round(random.uniform() * 4) })).filter(({ a, b }) => a !== b);
  const heights = Uint32Array.from({ length: count }, () => random.whole(0, 30));
  const run = (row: typeof edges, rule: MergeRule): number[] => [...mergeBasins({ peak, heights: heights.slice(), seed: new Uint32Array(count), edges: named(Uint32Array.from(row, ({ a }) => a), Uint32Array.from(row, ({ b }) => b), Float32Array.from(row, ({ saddle }) => saddle)) }, rule)];
  const rules: MergeRule[] = [{ rule: "depth", depth: 2 }, { rule: "cores", level: 3, minHigh: 20 }, { rule: "volume", rise: 0, minVoxels: 20, bins: { from: 0, step: 1, count: 1 } }];
  for (const rule of rules) {
    assert.deepEqual(run([...edges].reverse(), rule), run(edges, rule));
    assert.deepEqual(run(edges.map(({ a, b, saddle }) => ({ a: b, b: a, saddle })), rule), run(edges, rule));
  }
});

test("contracting first changes nothing, and leaves open basins to the volume", () => {
  const edges = { a: Uint32Array.from([0, 1, 2, 2]), b: Uint32Array.from([1, 2, 3, 4]), saddle: Float32Array.from([4, 3, 5, 5]) };
  const peak = Float32Array.from([4.5, 9, 6, 8, 9]);
  // 0 leaves for 1; 2 has two ways that are equally high, and waits.
  assert.deepEqual([...contractBasins(peak, new Uint8Array(5), edges, { rise: 1.5 })], [0, 0, 2, 3, 4]);
  assert.deepEqual([...contractBasins(peak, Uint8Array.from([1, 0, 0, 0, 0]), edges, { rise: 1.5 })], [0, 1, 2, 3, 4]);
  assert.deepEqual([...contractBasins(peak, new Uint8Array(5), { ...edges, saddle: Float32Array.from([4, 3, 5, 4.9]) }, { level: 7 })], [0, 0, 2, 2, 4]);
});

test("counts beyond 32 bits stand as the greatest of them", () => {
  const to = Uint32Array.of(1, 4e9, 5);
  addHeights(to, 1, Uint32Array.of(9, 4e9, 7), 1, 2);
  assert.deepEqual([...to], [1, 0xffff_ffff, 12]);
});
