import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import type { Box3 } from "../contract.ts";
import { distanceMap } from "../kernels/distance-map.ts";
import { columnMedians } from "../kernels/rings.ts";
import type { Size3 } from "../kernels/size3.ts";
import { copyOverlap, cropped, wholeBox } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { chunkBox, chunkGrid } from "./chunk-grid.ts";
import { runTask } from "./run-task.ts";
import type { TaskSources } from "./run-task.ts";
import type { TileTask } from "./tile-task.ts";
import { newVoxels } from "./store-medium.ts";
import type { StoreDtype } from "./store-medium.ts";

function bench(size: Size3, raw: VoxelArray, dtypes: Readonly<Record<string, StoreDtype>>): { sources: TaskSources; stores: Record<string, VoxelArray> } {
  const stores = Object.fromEntries(Object.entries(dtypes).map(([name, dtype]) => [name, newVoxels(dtype, raw.length)]));
  return {
    stores,
    sources: {
      size, plane: () => assert.fail(), raw: (box) => cropped(raw, wholeBox(size), box).slice(),
      store: (name, box) => cropped(stores[name]!, wholeBox(size), box).slice(),
      write: (name, box, values) => copyOverlap(values, box, stores[name]!, wholeBox(size)),
    },
  };
}

const size = [6, 9, 11] as const;
const random = seededRandom(4);
const inside = Uint8Array.from({ length: 6 * 9 * 11 }, () => Number(random.uniform() < 0.95));

test("exact distances by planes and then by columns; any of the tasks may be done twice", () => {
  const spacing = [2, 1, 1.5] as const;
  const { sources, stores } = bench(size, inside, { within: "float32", whole: "float32" });
  const planes = [[0, 4], [4, 6]].map(([z0, z1]): TileTask => ({ kind: "plane-distances", box: { start: [z0!, 0, 0], end: [z1!, 9, 11] }, inside: { op: "raw" }, spacing, store: "within" }));
  const columns = [[0, 5], [5, 9]].map(([y0, y1]): TileTask => ({ kind: "column-distances", box: { start: [0, y0!, 0], end: [6, y1!, 11] }, of: { op: "store", store: "within" }, spacing, store: "whole" }));
  for (const task of [...planes, planes[0]!, ...columns, ...columns]) runTask(task, sources);
  assert.deepEqual(stores["whole"], distanceMap(inside, size, spacing));
});

test("no task reads what it writes", () => {
  const stored = { op: "store", store: "a" } as const;
  const box = wholeBox(size);
  const components: TileTask & { kind: "components" } = { kind: "components", box, inside: { op: "raw" }, connectivity: 26, store: "labels" };
  const { sources, stores } = bench(size, inside, { a: "uint8", b: "uint8", labels: "uint32", more: "uint32" });
  stores["a"]!.set(inside);
  const tasks: TileTask[] = [
    { kind: "write", box, field: { op: "not", of: stored }, store: "b" }, components, { kind: "keep", of: components, kept: new Uint8Array(1).fill(1), store: "b", fill: true },
    { kind: "rewrite", box, labels: { op: "store", store: "labels" }, store: "more" },
  ];
  for (const task of tasks) {
    const first = runTask(task, sources);
    const left = structuredClone(stores);
    assert.deepEqual([runTask(task, sources), stores], [first, left], task.kind);
  }
});

test("ranges, histograms and summits of parts add up to the whole's", () => {
  const raw = Float32Array.from({ length: 6 * 9 * 11 }, () => (random.uniform() < 0.02 ? NaN : random.whole(-40, 90)));
  const { sources } = bench(size, raw, {});
  const grid = chunkGrid(size, 4);
  const boxes = [...Array(grid.chunks).keys()].map((chunk) => chunkBox(grid, chunk));
  const tasks: readonly ((box: Box3) => TileTask)[] = [
    (box) => ({ kind: "histogram", box, field: { op: "raw" }, over: { op: "is-finite", of: { op: "raw" } }, bins: { low: -40, high: 90, bins: 130 } }),
    (box) => ({ kind: "summits", box, field: { op: "finite", fill: 0, of: { op: "raw" } }, bins: { low: 0, high: 90, bins: 90 } }),
  ];
  const counts = (task: TileTask): number[] => {
    const answer = runTask(task, sources);
    return typeof answer === "object" && "counts" in answer ? [...answer.counts] : assert.fail();
  };
  for (const over of tasks) {
    const sum = boxes.map((box) => counts(over(box))).reduce((a, b) => a.map((value, at) => value + b[at]!));
    assert.deepEqual(sum, counts(over(wholeBox(size))));
    assert.ok(sum.reduce((a, b) => a + b, 0) > 10);
  }
  assert.deepEqual(runTask({ kind: "extremes", box: wholeBox(size), field: { op: "raw" }, count: 1 }, sources), { least: Float32Array.of(-40), greatest: Float32Array.of(90), notFinite: raw.filter((value) => Number.isNaN(value)).length });
});

test("medians of columns over every slice, and over every second", () => {
  const raw = Uint16Array.from({ length: 6 * 9 * 11 }, () => random.whole(0, 60_000));
  const { sources } = bench(size, raw, {});
  const task = { kind: "column-medians", box: { start: [0, 2, 3], end: [6, 5, 9] }, field: { op: "raw" }, every: 1 } as const;
  const block = cropped(raw, wholeBox(size), task.box);
  assert.deepEqual(runTask(task, sources), columnMedians(block, [6, 3, 6]));
  const half = Uint16Array.from({ length: 3 * 18 }, (_, at) => block[Math.floor(at / 18) * 36 + (at % 18)]!);
  assert.deepEqual(runTask({ ...task, every: 2 }, sources), columnMedians(half, [3, 3, 6]));
});

test("components are written within the limits alone", () => {
  const limits = Uint8Array.from(inside, (_, at) => Number(at % 11 < 6));
  const { sources, stores } = bench(size, inside, { limits: "uint8", out: "uint8" });
  stores["limits"]!.set(limits);
  const of = { kind: "components", box: wholeBox(size), inside: { op: "not", of: { op: "raw" } }, connectivity: 6 } as const;
  runTask({ kind: "keep", of, kept: new Uint8Array(2000), store: "out", fill: true, limits: { op: "store", store: "limits" } }, sources);
  assert.deepEqual(stores["out"], inside.map((flag, at) => flag * limits[at]!));
});
