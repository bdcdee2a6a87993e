// What is computed chunk by chunk equals what is computed at once: fields by their halos, components and basins by their seams.
import assert from "node:assert/strict";
import test from "node:test";
import { labelComponents } from "#server/classical/kernels/components.ts";
import type { Connectivity, Size3 } from "#server/classical/kernels/size3.ts";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import type { Box3 } from "../contract.ts";
import { cropped, voxelsIn, wholeBox } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { chunkBox, chunkGrid } from "./chunk-grid.ts";
import { evaluate, rawReach } from "./field.ts";
import type { Field, FieldSources } from "./field.ts";
import { joinBasins } from "./join-basins.ts";
import { joinComponents } from "./join-components.ts";
import { basinPiece, componentPiece } from "./label-chunk.ts";
import { relabelled } from "./relabel.ts";

const size: Size3 = [13, 18, 21];
const whole = wholeBox(size);
const random = seededRandom(5);
const values = Float32Array.from({ length: voxelsIn(whole) }, () => Math.round(random.uniform() * 200));

function sourcesOf(raw: VoxelArray, labels = new Uint32Array(raw.length)): FieldSources {
  return {
    size, raw: (box) => cropped(raw, whole, box).slice(), store: (_name, box) => cropped(labels, whole, box).slice(),
    plane: () => Float32Array.from({ length: size[1] * size[2] }, (_, at) => at % 7),
  };
}

const raw: Field = { op: "raw" };
const mask: Field = { op: "at-least", low: 90, of: raw };
const local = (kernel: Extract<Field, { op: "local" }>["kernel"], of: Field = raw): Field => ({ op: "local", kernel, of });
const sigma: Size3 = [0.6, 1, 1.2];
const fields: Record<string, Field> = {
  median: local({ kernel: "median", radius: 1 }), "median 2": local({ kernel: "median", radius: 2 }), "box-mean": local({ kernel: "box-mean", radius: 2 }),
  gaussian: local({ kernel: "gaussian", sigma }), laplacian: local({ kernel: "laplacian", sigma }), gradient: local({ kernel: "gradient", sigma }),
  "central differences": local({ kernel: "gradient", sigma: [0, 0, 0] }), sheetness: local({ kernel: "sheetness", sigma }),
  unsharp: local({ kernel: "unsharp", sigma, amount: 2 }), difference: local({ kernel: "difference", sigma: [0.5, 0.5, 0.5], coarse: [1, 1, 1] }),
  erode: local({ kernel: "erode", radius: 1, shape: "box" }, mask), dilate: local({ kernel: "dilate", radius: 2, shape: "ball" }, mask),
  open: local({ kernel: "open", radius: 1, shape: "cross" }, mask), close: local({ kernel: "close", radius: 2, shape: "cross" }, mask),
  "near-distance": local({ kernel: "near-distance", cap: 3, spacing: [2, 1, 1] }, { op: "at-least", low: 20, of: raw }),
  "clij-distance": local({ kernel: "clij-distance", rounds: 4 }, { op: "at-least", low: 20, of: raw }),
  expand: local({ kernel: "expand", distance: 2.5, spacing: [1, 1, 1] }, { op: "store", store: "labels" }),
  "open-labels": local({ kernel: "open-labels", radius: 1, spacing: [1, 1, 1] }, { op: "store", store: "labels" }),
  "local mean": local({ kernel: "adaptive", how: { method: "mean", radius: 2 } }), "local Gaussian": local({ kernel: "adaptive", how: { method: "gaussian", sigma: 1 } }),
  sauvola: local({ kernel: "adaptive", how: { method: "sauvola", radius: 2, range: 100, around: 100 } }),
  plates: { op: "plates", sigma: 1.1, reach: 3, rho: 4, of: raw, other: mask },
  composed: { op: "minus", of: local({ kernel: "median", radius: 1 }, { op: "minus-plane", plane: "rings", of: { op: "negated", of: raw } }), other: local({ kernel: "box-mean", radius: 3 }) },
};

const labels = Uint32Array.from(values, (value) => (value < 60 ? 0 : value < 120 ? 3 : 9));

for (const [name, field] of Object.entries(fields)) {
  test(`${name}: chunks equal the whole to the last bit`, () => {
    const sources = sourcesOf(values, labels);
    const expected = evaluate(field, whole, sources).slice();
    for (const side of [5, 8]) {
      const grid = chunkGrid(size, side);
      for (let chunk = 0; chunk < grid.chunks; chunk++) {
        const box = chunkBox(grid, chunk);
        assert.deepEqual(evaluate(field, box, sources), cropped(expected, whole, box), `chunk ${chunk} of side ${side}`);
      }
    }
  });
}

test("how far a field reaches is the sum along its kernels", () => {
  assert.deepEqual(rawReach(fields["composed"]!), [3, 3, 3]);
  assert.deepEqual(rawReach(local({ kernel: "open", radius: 2, shape: "box" }, local({ kernel: "median", radius: 1 }))), [5, 5, 5]);
  assert.equal(rawReach({ op: "store", store: "labels" }), undefined);
});

/** The chunks' pieces in an order that is not theirs. */
function shuffled(count: number, seed: number): number[] {
  const turn = seededRandom(seed);
  const order = Array.from({ length: count }, (_, nth) => nth);
  for (let at = count - 1; at > 0; at--) {
    const to = turn.whole(0, at);
    [order[at], order[to]] = [order[to]!, order[at]!];
  }
  return order;
}

function joinedComponents(inside: Uint8Array, connectivity: Connectivity, side: number): Uint32Array {
  const grid = chunkGrid(size, side);
  const join = joinComponents(grid);
  const own = new Uint32Array(inside.length);
  for (const chunk of shuffled(grid.chunks, side)) {
    const box = chunkBox(grid, chunk);
    const { piece, labels: found } = componentPiece({ kind: "components", box, inside: raw, connectivity }, sourcesOf(inside));
    join.add(chunk, piece);
    paste(found(), box, own);
  }
  return relabelled(own, whole, join.pieces.number(() => true).tables);
}

function paste(part: Uint32Array, { start, end }: Box3, into: Uint32Array): void {
  let at = 0;
  for (let z = start[0]; z < end[0]; z++) for (let y = start[1]; y < end[1]; y++) for (let x = start[2]; x < end[2]; x++) into[(z * size[1] + y) * size[2] + x] = part[at++]!;
}

test("components joined over chunks are those of the whole, for every connectivity", () => {
  for (const density of [0.15, 0.3, 0.5]) {
    const inside = Uint8Array.from(values, (value) => (value < 200 * density ? 1 : 0));
    for (const connectivity of [6, 18, 26] as const) {
      const expected = labelComponents(inside, size, connectivity).labels;
      for (const side of [1, 3, 4, 7, 30]) assert.deepEqual(joinedComponents(inside, connectivity, side), expected, `density ${density}, ${connectivity} neighbours, side ${side}`);
    }
  }
});

test("two voxels that touch at the corner where eight chunks meet are one component of 26 neighbours, two of 18", () => {
  for (const [a, b] of [[[3, 3, 3], [4, 4, 4]], [[3, 4, 3], [4, 3, 4]], [[4, 3, 3], [3, 4, 4]], [[3, 3, 4], [4, 4, 3]]] as const) {
    const inside = new Uint8Array(values.length);
    for (const [z, y, x] of [a, b]) inside[(z * size[1] + y) * size[2] + x] = 1;
    assert.equal(Math.max(...joinedComponents(inside, 26, 4)), 1);
    assert.equal(Math.max(...joinedComponents(inside, 18, 4)), 2);
  }
});

test("basins joined over chunks make the same objects, whatever the chunks and the order they come in", () => {
  const smooth = evaluate(local({ kernel: "gaussian", sigma: [0.8, 0.8, 0.8] }), whole, sourcesOf(values));
  // Rounded, so that plateaus and equal saddles are frequent.
  const map = Float32Array.from(smooth, (value) => Math.round(value / 4));
  const inside = Uint8Array.from(map, (value) => (value > 24 ? 1 : 0));
  const sources: FieldSources = { ...sourcesOf(map), store: (_name, box) => cropped(inside, whole, box).slice() };
  const objects = (side: number, rule: Parameters<ReturnType<typeof joinBasins>["objects"]>[0]): Uint32Array => {
    const grid = chunkGrid(size, side);
    const join = joinBasins(grid);
    const own = new Uint32Array(map.length);
    const bins = rule.rule === "volume" ? rule.bins : { from: 29, step: Infinity, count: 1 };
    const rise = rule.rule === "volume" ? { rise: rule.rise } : rule.rule === "depth" ? { rise: rule.depth } : { level: 29 };
    for (const chunk of shuffled(grid.chunks, side)) {
      const box = chunkBox(grid, chunk);
      const { piece, labels: found } = basinPiece({ kind: "basins", box, map: raw, inside: { op: "store", store: "inside" }, bins, rise, store: "labels" }, sources);
      join.add(chunk, piece);
      paste(found, box, own);
    }
    return relabelled(own, whole, join.objects(rule).tables);
  };
  const rules = [{ rule: "depth", depth: 1 }, { rule: "cores", level: 29, minHigh: 4 }, { rule: "volume", rise: 2, minVoxels: 3, bins: { from: 20, step: 1, count: 20 } }] as const;
  for (const rule of rules) {
    const expected = objects(30, rule);
    assert.ok(Math.max(...expected) > 3, `${rule.rule}: ${Math.max(...expected)}`);
    for (const side of [2, 3, 5, 8, 13]) assert.deepEqual(objects(side, rule), expected, `${rule.rule}, side ${side}`);
  }
});
