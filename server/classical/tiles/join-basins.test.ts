import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { basinsOf } from "../kernels/basins.ts";
import { mergeBasins } from "../kernels/merge-basins.ts";
import type { MergeRule } from "../kernels/merge-basins.ts";
import type { Size3 } from "../kernels/size3.ts";
import { copyOverlap, cropped, wholeBox } from "./box3.ts";
import { chunkBox, chunkGrid } from "./chunk-grid.ts";
import type { FieldSources } from "./field.ts";
import { joinBasins } from "./join-basins.ts";
import { basinPiece } from "./label-chunk.ts";
import { relabelled } from "./relabel.ts";

interface Scene {
  readonly size: Size3;
  readonly map: Float32Array;
  readonly inside: Uint8Array;
  readonly seeds: Uint32Array | undefined;
}

const level = 5;

function joined({ size, map, inside, seeds }: Scene, rule: MergeRule, side: number, seed: number) {
  const grid = chunkGrid(size, side);
  const stores = { inside, seeds: seeds ?? new Uint32Array(0) };
  const sources: FieldSources = {
    size, raw: (box) => cropped(map, wholeBox(size), box).slice(), plane: () => assert.fail(),
    store: (name, box) => cropped(name === "inside" ? stores.inside : stores.seeds, wholeBox(size), box).slice(),
  };
  const join = joinBasins(grid);
  const own = new Uint32Array(map.length);
  const random = seededRandom(seed);
  const order = [...Array(grid.chunks).keys()].map((chunk) => ({ chunk, key: random.uniform() })).sort((a, b) => a.key - b.key);
  for (const { chunk } of order) {
    const box = chunkBox(grid, chunk);
    const { piece, labels } = basinPiece({ kind: "basins", box, map: { op: "raw" }, inside: { op: "store", store: "inside" }, seeds: seeds === undefined ? undefined : { op: "store", store: "seeds" }, level, store: "none" }, sources);
    join.add(chunk, piece);
    copyOverlap(labels, box, own, wholeBox(size));
  }
  const { tables, objects, basins } = join.objects(rule);
  return { labels: relabelled(own, wholeBox(size), tables), objects, basins };
}

/** The whole map as one block. Objects without a seed are none where seeds rule. */
function whole({ size, map, inside, seeds }: Scene, rule: MergeRule): { labels: number[]; basins: number } {
  const { labels, count, peak, high, seed, summit, edges } = basinsOf({ map, inside, seeds, size, coreStart: [0, 0, 0], coreSize: size, level });
  // As the join orders them: seeds first, then by place of the peak.
  const order = [...Array(count).keys()].sort((a, b) => (seed[a] !== 0 ? -1 / seed[a]! : summit[a]!) - (seed[b] !== 0 ? -1 / seed[b]! : summit[b]!));
  const place = new Uint32Array(count);
  order.forEach((basin, nth) => { place[basin] = nth; });
  const merged = mergeBasins({
    peak: Float32Array.from(order, (at) => peak[at]!), high: Float64Array.from(order, (at) => high[at]!), seed: Uint32Array.from(order, (at) => seed[at]!),
    edges: { a: edges.a.map((at) => place[at - 1]!), b: edges.b.map((at) => place[at - 1]!), saddle: edges.saddle },
  }, rule);
  const seeded = new Set(order.flatMap((basin, nth) => (seed[basin] !== 0 ? [merged[nth]!] : [])));
  const numbers = new Map<number, number>();
  const found = Array.from(labels, (label) => {
    if (label === 0) return 0;
    const object = merged[place[label - 1]!]!;
    if (rule.rule === "seeds" && !seeded.has(object)) return 0;
    if (!numbers.has(object)) numbers.set(object, numbers.size + 1);
    return numbers.get(object)!;
  });
  return { labels: found, basins: count };
}

function scene(seed: number, withSeeds: boolean): Scene {
  const random = seededRandom(seed);
  const size: Size3 = [random.whole(1, 7), random.whole(2, 9), random.whole(3, 11)];
  const length = size[0] * size[1] * size[2];
  // Few heights, so that plateaus and ties go over the chunks' faces.
  const map = Float32Array.from({ length }, () => random.whole(0, seed % 3 === 0 ? 3 : 9));
  const part = [0.6, 0.85, 1][seed % 3]!;
  const inside = Uint8Array.from({ length }, () => Number(random.uniform() < part));
  return { size, map, inside, seeds: withSeeds ? Uint32Array.from({ length }, () => (random.uniform() < 0.06 ? random.whole(1, 4) : 0)) : undefined };
}

for (const rule of [{ rule: "depth", depth: 0 }, { rule: "depth", depth: 2 }, { rule: "cores", level, minHigh: 4 }, { rule: "seeds" }] as const) {
  test(`${JSON.stringify(rule)}: the same objects for any chunk side and order of arrival as for the whole at once`, () => {
    for (let seed = 1; seed <= 30; seed++) {
      const given = scene(seed, rule.rule === "seeds");
      const wanted = whole(given, rule);
      for (const side of [1, 3, 4, 11]) {
        const found = joined(given, rule, side, seed);
        assert.deepEqual([...found.labels], wanted.labels, `seed ${seed}, side ${side}`);
        assert.equal(found.basins, wanted.basins, `seed ${seed}, side ${side}`);
        for (const { id, voxels, box } of found.objects) assert.equal(cropped(found.labels, wholeBox(given.size), box).filter((label) => label === id).length, voxels);
        for (const { id, seed: own } of found.objects) {
          if (given.seeds === undefined) assert.equal(own, 0);
          else assert.ok(given.seeds.every((value, at) => value !== own || given.inside[at] === 0 || found.labels[at] === id), "a seed's voxels are its object's, wherever they lie");
        }
      }
    }
  });
}

test("a slope through many chunks is one basin", () => {
  const size = [2, 3, 40] as const;
  const map = Float32Array.from({ length: 240 }, (_, at) => at % 40);
  const found = joined({ size, map, inside: new Uint8Array(240).fill(1), seeds: undefined }, { rule: "depth", depth: 0.5 }, 4, 9);
  assert.deepEqual([found.objects, found.labels.every((label) => label === 1)], [[{ id: 1, voxels: 240, box: { start: [0, 0, 0], end: [2, 3, 40] }, seed: 0 }], true]);
});

test("where the map is infinite everywhere a body is one object", () => {
  const size = [3, 4, 5] as const;
  for (const side of [2, 5]) {
    const found = joined({ size, map: new Float32Array(60).fill(Infinity), inside: new Uint8Array(60).fill(1), seeds: undefined }, { rule: "depth", depth: 0.75 }, side, 1);
    assert.deepEqual(found.objects.map(({ voxels }) => voxels), [60]);
  }
});
