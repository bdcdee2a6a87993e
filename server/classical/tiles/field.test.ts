import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import type { Box3 } from "../contract.ts";
import type { Size3 } from "../kernels/size3.ts";
import { cropped, wholeBox } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { chunkBox, chunkGrid } from "./chunk-grid.ts";
import { evaluate, evaluateFloat, evaluateMask, rawReach } from "./field.ts";
import type { Field, FieldSources } from "./field.ts";
import { applyKernel } from "./local-kernel.ts";
import type { LocalKernel } from "./local-kernel.ts";

function sourcesOf(size: Size3, raw: VoxelArray, stores: Readonly<Record<string, VoxelArray>> = {}, plane = new Float32Array(size[1] * size[2])): FieldSources {
  const cut = (values: VoxelArray, box: Box3): VoxelArray => cropped(values, wholeBox(size), box).slice();
  return { size, raw: (box) => cut(raw, box), store: (name, box) => cut(stores[name]!, box), plane: () => plane };
}

const raw: Field = { op: "raw" };
const stored: Field = { op: "store", store: "one" };

test("each operation by hand", () => {
  const size = [1, 2, 3] as const;
  const floats = sourcesOf(size, Float32Array.of(1.5, NaN, -2, Infinity, 0, 7), { one: Uint8Array.of(0, 1, 2, 1, 0, 1), labels: Uint32Array.of(70_000, 2, 0, 3, 4, 5) }, Float32Array.of(1, 2, 3, 4, 5, 6));
  const box = wholeBox(size);
  const value = (field: Field, within: Box3 = box): number[] => [...evaluate(field, within, floats)];
  assert.deepEqual(value(raw), [1.5, NaN, -2, Infinity, 0, 7]);
  assert.deepEqual(value(stored, { start: [0, 1, 1], end: [1, 2, 3] }), [0, 1]);
  assert.deepEqual(value({ op: "finite", fill: 9, of: raw }), [1.5, 9, -2, 9, 0, 7]);
  assert.deepEqual(value({ op: "is-finite", of: raw }), [1, 0, 1, 0, 1, 1]);
  assert.deepEqual(value({ op: "minus-plane", plane: "any", of: stored }), [-1, -1, -1, -3, -5, -5]);
  assert.deepEqual(value({ op: "minus-plane", plane: "any", of: stored }, { start: [0, 1, 1], end: [1, 2, 3] }), [-5, -5]);
  assert.deepEqual(value({ op: "negated", of: stored }), [-0, -1, -2, -1, -0, -1]);
  assert.deepEqual(value({ op: "minus", of: stored, other: { op: "present", of: raw } }), [-1, 1, 2, 0, 0, 0]);
  assert.deepEqual(value({ op: "at-least", low: 0, of: raw }), [1, 0, 0, 1, 1, 1]);
  assert.deepEqual(value({ op: "at-least", low: 0, high: 7, of: raw }), [1, 0, 0, 2, 1, 2]);
  assert.deepEqual(value({ op: "present", of: raw }), [1, 0, 0, 1, 0, 1]);
  assert.deepEqual(value({ op: "not", of: stored }), [1, 0, 0, 0, 1, 0]);
  assert.deepEqual(value({ op: "or", of: stored, other: { op: "is-finite", of: raw } }), [1, 1, 1, 1, 1, 1]);
  assert.deepEqual(value({ op: "and", of: stored, other: { op: "is-finite", of: raw } }), [0, 0, 1, 0, 0, 1]);
  assert.deepEqual(value({ op: "limited", of: stored, other: { op: "is-finite", of: raw } }), [0, 0, 2, 0, 0, 1], "twos stay");
  assert.deepEqual(evaluate({ op: "limited", of: { op: "store", store: "labels" }, other: stored }, box, floats), Uint32Array.of(0, 2, 0, 3, 0, 5), "and so do labels");
  assert.deepEqual(evaluateFloat(stored, box, floats), Float32Array.of(0, 1, 2, 1, 0, 1));
  assert.throws(() => evaluateMask(raw, box, floats), (thrown) => thrown instanceof MaskletError && thrown.code === "internal");
  const whole = Uint16Array.of(1, 2, 3, 4, 5, 6);
  assert.deepEqual(evaluate({ op: "finite", fill: 0, of: raw }, box, sourcesOf(size, whole)), whole, "whole numbers are finite");
});

test("how far raw values are read", () => {
  const median: Field = { op: "local", kernel: { kernel: "median", radius: 2 }, of: raw };
  assert.deepEqual(rawReach(raw), [0, 0, 0]);
  assert.equal(rawReach({ op: "local", kernel: { kernel: "median", radius: 2 }, of: stored }), undefined);
  assert.deepEqual(rawReach({ op: "local", kernel: { kernel: "gaussian", sigma: [1, 2, 0.5] }, of: median }), [6, 10, 4]);
  assert.deepEqual(rawReach({ op: "minus", of: stored, other: median }), [2, 2, 2]);
  assert.deepEqual(rawReach({ op: "local", kernel: { kernel: "close", radius: 3, shape: "ball" }, of: { op: "limited", of: stored, other: { op: "is-finite", of: raw } } }), [6, 6, 6]);
});

const size = [13, 22, 19] as const;
const random = seededRandom(11);
const voxels = size[0] * size[1] * size[2];
const grey = Uint16Array.from({ length: voxels }, () => random.whole(0, 5000));
const real = Float32Array.from({ length: voxels }, () => random.between(-3, 3));
const dense = Uint8Array.from({ length: voxels }, () => Number(random.uniform() < 0.93));
const sparse = Uint8Array.from({ length: voxels }, () => Number(random.uniform() < 0.1));
const labels = Uint32Array.from({ length: voxels }, (_, at) => (random.uniform() < 0.1 ? 0 : 1 + Math.floor(at / (size[1] * size[2]) / 5) * 3 + Math.floor((at % size[2]) / 7)));

const kernels: readonly [LocalKernel, VoxelArray][] = [
  [{ kernel: "median", radius: 1 }, grey], [{ kernel: "median", radius: 2 }, real], [{ kernel: "box-mean", radius: 3 }, grey],
  [{ kernel: "gaussian", sigma: [1, 1, 1] }, real], [{ kernel: "gaussian", sigma: [0.4, 1.7, 0.2] }, grey],
  [{ kernel: "laplacian", sigma: [1.4, 1.4, 1.4] }, grey], [{ kernel: "laplacian", sigma: [0.5, 1, 1.5] }, real],
  [{ kernel: "gradient", sigma: [0, 0, 0] }, grey], [{ kernel: "gradient", sigma: [0.7, 1, 1.2] }, real],
  [{ kernel: "erode", radius: 2, shape: "cross" }, dense], [{ kernel: "dilate", radius: 2, shape: "ball" }, sparse],
  [{ kernel: "open", radius: 1, shape: "box" }, dense], [{ kernel: "open", radius: 2, shape: "cross" }, dense], [{ kernel: "close", radius: 1, shape: "cross" }, sparse], [{ kernel: "close", radius: 3, shape: "ball" }, sparse],
  [{ kernel: "near-distance", cap: 4, spacing: [1, 1, 1] }, dense], [{ kernel: "near-distance", cap: 3.5, spacing: [2.5, 1, 1.3] }, dense],
  [{ kernel: "clij-distance", rounds: 5 }, dense],
  [{ kernel: "expand", distance: 3, spacing: [1, 1, 1] }, labels], [{ kernel: "expand", distance: 4, spacing: [2, 1, 1.5] }, labels],
  [{ kernel: "open-labels", radius: 1, spacing: [1, 1, 1] }, labels], [{ kernel: "open-labels", radius: 2, spacing: [1.5, 1, 2] }, labels],
];

for (const [kernel, values] of kernels) {
  test(`${JSON.stringify(kernel)}: blocks with its reach around them give the whole's values to the last bit`, () => {
    const whole = applyKernel(kernel, values, size);
    const field: Field = { op: "local", kernel, of: raw };
    for (const side of [1, 4, 7, 22]) {
      const grid = chunkGrid(size, side);
      const picked = side === 1 ? [0, 777, 2801, grid.chunks - 1] : [...Array(grid.chunks).keys()];
      for (const chunk of picked) {
        const box = chunkBox(grid, chunk);
        const found = evaluate(field, box, sourcesOf(size, values));
        assert.deepEqual(found, cropped(whole, wholeBox(size), box), `side ${side}, chunk ${chunk}`);
      }
    }
  });
}

test("kernels on kernels: a difference of two, and a mask of that", () => {
  const smooth: Field = { op: "local", kernel: { kernel: "median", radius: 1 }, of: raw };
  const flat: Field = { op: "minus", of: smooth, other: { op: "local", kernel: { kernel: "box-mean", radius: 2 }, of: smooth } };
  const closed: Field = { op: "local", kernel: { kernel: "close", radius: 1, shape: "box" }, of: { op: "at-least", low: 100, of: flat } };
  const whole = evaluate(closed, wholeBox(size), sourcesOf(size, grey));
  for (const chunk of Array(chunkGrid(size, 6).chunks).keys()) {
    const box = chunkBox(chunkGrid(size, 6), chunk);
    assert.deepEqual(evaluate(closed, box, sourcesOf(size, grey)), cropped(whole, wholeBox(size), box));
  }
});

test("kernels refuse what they are not for", () => {
  for (const [kernel, values] of [[{ kernel: "median", radius: 1 }, labels], [{ kernel: "expand", distance: 1, spacing: [1, 1, 1] }, dense], [{ kernel: "clij-distance", rounds: 2 }, grey]] as const) {
    assert.throws(() => applyKernel(kernel, values, size), (thrown) => thrown instanceof MaskletError && thrown.code === "internal");
  }
});
