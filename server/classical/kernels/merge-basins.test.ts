import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { basinsOf } from "./basins.ts";
import { mergeBasins } from "./merge-basins.ts";
import type { BasinGraph, MergeRule } from "./merge-basins.ts";
import { peaksOf } from "./peaks.ts";
import type { Size3 } from "./size3.ts";

type Edge = readonly [a: number, b: number, saddle: number];

function graphOf(peak: readonly number[], edges: readonly Edge[], more: { high?: readonly number[]; seed?: readonly number[] } = {}): BasinGraph {
  return {
    peak: Float32Array.from(peak), high: Float64Array.from(more.high ?? peak.map(() => 1)), seed: Uint32Array.from(more.seed ?? peak.map(() => 0)),
    edges: { a: Uint32Array.from(edges, ([a]) => a), b: Uint32Array.from(edges, ([, b]) => b), saddle: Float32Array.from(edges, ([, , saddle]) => saddle) },
  };
}

test("depth by hand: a part is one of its own only where it rises by more than h above its saddle", () => {
  const graph = graphOf([6, 5, 3], [[0, 1, 4], [1, 2, 1]]);
  assert.deepEqual([...mergeBasins(graph, { rule: "depth", depth: 0.5 })], [0, 1, 2]);
  assert.deepEqual([...mergeBasins(graph, { rule: "depth", depth: 1 })], [0, 0, 2], "exactly h is not more than h");
  assert.deepEqual([...mergeBasins(graph, { rule: "depth", depth: 2 })], [0, 0, 0]);
  assert.deepEqual([...mergeBasins(graphOf([6, 5, 3], []), { rule: "depth", depth: 9 })], [0, 1, 2], "what does not meet stays apart");
  assert.deepEqual([...mergeBasins(graphOf([Infinity, Infinity], [[0, 1, Infinity]]), { rule: "depth", depth: 1 })], [0, 0], "where everything is infinitely deep");
});

test("cores by hand: what hangs together above the level and is large enough is a marker; the rest goes where it meets one first", () => {
  const graph = graphOf([9, 8, 7, 3, 9], [[0, 1, 6], [1, 2, 2], [2, 3, 1], [3, 4, 2.5]], { high: [4, 4, 3, 0, 8] });
  assert.deepEqual([...mergeBasins(graph, { rule: "cores", level: 5, minHigh: 5 })], [0, 0, 0, 3, 3]);
  assert.deepEqual([...mergeBasins(graph, { rule: "cores", level: 5, minHigh: 3 })], [0, 0, 2, 3, 3]);
  assert.deepEqual([...mergeBasins(graph, { rule: "cores", level: 6, minHigh: 5 })], [0, 0, 0, 3, 3], "a saddle at the level holds together");
  assert.deepEqual([...mergeBasins(graph, { rule: "cores", level: 5, minHigh: 100 })], [0, 0, 0, 0, 0], "without a marker a body is one");
});

test("seeds by hand", () => {
  const graph = graphOf([9, 8, 7, 3, 2], [[0, 1, 6], [1, 2, 5], [2, 3, 1]], { seed: [0, 4, 0, 6, 0] });
  assert.deepEqual([...mergeBasins(graph, { rule: "seeds" })], [0, 0, 0, 3, 4]);
});

const rules: readonly MergeRule[] = [{ rule: "depth", depth: 1 }, { rule: "cores", level: 3, minHigh: 3 }, { rule: "seeds" }];

function seededGraph(seed: number): { graph: BasinGraph; shuffled: BasinGraph } {
  const random = seededRandom(seed);
  const basins = random.whole(1, 14);
  const peak = Array.from({ length: basins }, () => random.whole(1, 6));
  const edges = Array.from({ length: random.whole(0, 40) }, (): Edge => {
    const [a, b] = [random.whole(0, basins - 1), random.whole(0, basins - 1)];
    return [a, b, Math.min(peak[a]!, peak[b]!) - random.whole(0, 3)];
  }).filter(([a, b]) => a !== b);
  const more = { high: peak.map((height) => (height >= 3 ? random.whole(1, 4) : 0)), seed: peak.map((_, at) => (random.uniform() < 0.3 ? at + 1 : 0)) };
  const turned = edges.map((edge) => ({ edge, key: random.uniform() })).sort((a, b) => a.key - b.key).map(({ edge: [a, b, saddle] }): Edge => [b, a, saddle]);
  return { graph: graphOf(peak, edges, more), shuffled: graphOf(peak, turned, more) };
}

/** One edge after another is looked for again in all that are left, sets are lists. */
function slow({ peak, high, seed, edges }: BasinGraph, rule: MergeRule): number[] {
  const list = [...edges.a].map((a, nth) => ({ a: Math.min(a, edges.b[nth]!), b: Math.max(a, edges.b[nth]!), saddle: edges.saddle[nth]! })).sort((one, other) => other.saddle - one.saddle || one.a - other.a || one.b - other.b);
  let sets = [...peak.keys()].map((at) => [at]);
  const setOf = (at: number): number[] => sets.find((set) => set.includes(at))!;
  const join = (a: number[], b: number[]): void => { sets = [...sets.filter((set) => set !== a && set !== b), [...a, ...b]]; };
  const top = (set: number[]): number => Math.max(...set.map((at) => peak[at]!));
  const cores = new Set<number>();
  if (rule.rule === "cores") {
    for (const { a, b, saddle } of list) if (saddle >= rule.level && setOf(a) !== setOf(b)) join(setOf(a), setOf(b));
    for (const set of sets) if (set.reduce((sum, at) => sum + high[at]!, 0) >= rule.minHigh) set.forEach((at) => cores.add(at));
  }
  const isMarked = (set: number[]): boolean => set.some((at) => (rule.rule === "seeds" ? seed[at] !== 0 : cores.has(at)));
  for (const { a, b, saddle } of list) {
    const [one, other] = [setOf(a), setOf(b)];
    if (one === other) continue;
    const apart = rule.rule === "depth" ? Math.min(top(one), top(other)) - saddle > rule.depth : isMarked(one) && isMarked(other);
    if (!apart) join(one, other);
  }
  return [...peak.keys()].map((at) => Math.min(...setOf(at)));
}

test("seeded graphs with many ties: as looking for the highest saddle again and again, in whatever order and direction edges come", () => {
  for (let seed = 1; seed <= 80; seed++) {
    const { graph, shuffled } = seededGraph(seed);
    for (const rule of rules) {
      const found = [...mergeBasins(graph, rule)];
      assert.deepEqual(found, slow(graph, rule), `seed ${seed}, ${rule.rule}`);
      assert.deepEqual([...mergeBasins(shuffled, rule)], found, `seed ${seed}, ${rule.rule}: shuffled`);
    }
  }
});

function mergedRow(map: Float32Array, size: Size3, rule: MergeRule, inside: Uint8Array = Uint8Array.from(map, (value) => Number(value > 0)), level = Infinity): { labels: Uint32Array; objects: Uint32Array; summit: Uint32Array; peak: Float32Array } {
  const { labels, peak, summit, high, seed, edges } = basinsOf({ map, inside, size, coreStart: [0, 0, 0], coreSize: size, level });
  const objects = mergeBasins({ peak, high: Float64Array.from(high), seed, edges: { a: edges.a.map((at) => at - 1), b: edges.b.map((at) => at - 1), saddle: edges.saddle } }, rule);
  return { labels, objects, summit, peak };
}

test("depth leaves as many objects as there are peaks deeper than h, along rows, where neighbours by faces and by corners are the same", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(seed);
    const map = Float32Array.from({ length: random.whole(1, 60) }, () => Math.max(0, random.whole(-2, 8)));
    for (const depth of [0, 1, 2.5, 4]) {
      const { objects, summit, peak } = mergedRow(map, [1, 1, map.length], { rule: "depth", depth });
      // A part that meets no other is one, however low; the peak of an object is the highest of its basins', of equal ones the first.
      const wanted = peaksOf(map, [1, 1, map.length]).filter(({ depth: own, height }) => own > depth || own === height).map(({ at }) => at).sort((a, b) => a - b);
      const tops = new Map<number, number>();
      objects.forEach((object, basin) => {
        const best = tops.get(object);
        if (best === undefined || peak[basin]! > peak[best]! || (peak[basin] === peak[best] && summit[basin]! < summit[best]!)) tops.set(object, basin);
      });
      assert.deepEqual([...tops.values()].map((basin) => summit[basin]!).sort((a, b) => a - b), wanted, `seed ${seed}, h ${depth}`);
    }
  }
});

test("cores in space: each object holds one core that is large enough, or is a body without one", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size: Size3 = [random.whole(1, 4), random.whole(2, 6), random.whole(3, 8)];
    const map = Float32Array.from({ length: size[0] * size[1] * size[2] }, () => random.whole(0, 9));
    const inside = Uint8Array.from(map, () => Number(random.uniform() < 0.75));
    const [level, minHigh] = [6, 2];
    const { labels, objects } = mergedRow(map, size, { rule: "cores", level, minHigh }, inside, level);
    const objectOf = Array.from(labels, (label) => (label === 0 ? -1 : objects[label - 1]!));
    const bodies = parts(inside, size);
    const cores = parts(inside.map((flag, at) => Number(flag !== 0 && map[at]! >= level)), size).filter((core) => core.length >= minHigh);
    for (const core of cores) assert.equal(new Set(core.map((at) => objectOf[at])).size, 1, `seed ${seed}: a core is not cut`);
    assert.equal(new Set(cores.map((core) => objectOf[core[0]!])).size, cores.length, `seed ${seed}: nor shared`);
    for (const body of bodies) {
      const own = cores.filter((core) => body.includes(core[0]!)).length;
      assert.equal(new Set(body.map((at) => objectOf[at])).size, Math.max(1, own), `seed ${seed}: a body has as many objects as cores`);
      const objectsHere = new Set(body.map((at) => objectOf[at]!));
      for (const object of objectsHere) assert.equal(parts(Uint8Array.from(objectOf, (value) => Number(value === object)), size).length, 1, `seed ${seed}: an object hangs together`);
    }
  }
});

/** Components by faces, as lists of voxels. */
function parts(inside: Uint8Array, [depth, height, width]: Size3): number[][] {
  const seen = new Set<number>();
  const found: number[][] = [];
  for (const start of inside.keys()) {
    if (inside[start] === 0 || seen.has(start)) continue;
    const part = [start];
    seen.add(start);
    for (const at of part) {
      const [z, y, x] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
      for (const [a, b, c] of [[z - 1, y, x], [z + 1, y, x], [z, y - 1, x], [z, y + 1, x], [z, y, x - 1], [z, y, x + 1]] as const) {
        const near = (a * height + b) * width + c;
        if (a < 0 || b < 0 || c < 0 || a >= depth || b >= height || c >= width || inside[near] === 0 || seen.has(near)) continue;
        seen.add(near);
        part.push(near);
      }
    }
    found.push(part);
  }
  return found;
}
