import assert from "node:assert/strict";
import test from "node:test";
import { createGraph, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { foldedConvolution, foldedTokenMixer } from "./folded-convolutions.ts";
import type { TensorSource } from "./layers.ts";

type Tensors = Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>;

function sourceOf(tensors: Tensors): TensorSource {
  return { shape: (name) => tensors[name]!.shape, read: async (name) => Float32Array.from(tensors[name]!.values) };
}

/** Of two channels. A variance of 4 - 1e-5 halves, one of 1 - 1e-5 leaves as it is. */
function norm(name: string, gain: number[], offset: number[], mean: number[]): Tensors {
  return Object.fromEntries(Object.entries({ weight: gain, bias: offset, running_mean: mean, running_var: [4 - 1e-5, 1 - 1e-5] }).map(([key, values]) => [`${name}.bn.${key}`, { shape: [2], values }]));
}

async function answered(x: readonly number[], dims: readonly number[], build: (graph: GraphBuilder, x: Value) => Value): Promise<{ values: number[]; dims: readonly number[] }> {
  const graph = createGraph("folded");
  graph.output("y", build(graph, graph.input("x", dims)), []);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  const { y } = await run.run({ x: { data: Float32Array.from(x), dims } });
  await run.close();
  return { values: [...y!.data].map((value) => Math.round(value * 1000) / 1000), dims: y!.dims };
}

test("a convolution takes the norm after it into itself", async () => {
  const tensors = sourceOf({ "a.c.weight": { shape: [2, 1, 1, 1], values: [3, 5] }, ...norm("a", [2, 10], [100, 200], [7, 0.5]) });
  // (3 x - 7) / 2 * 2 + 100 and (5 x - 0.5) * 10 + 200
  assert.deepEqual(await answered([1, 2], [1, 1, 1, 2], (graph, x) => foldedConvolution(graph, tensors, "a", x)), { values: [96, 99, 245, 295], dims: [1, 2, 1, 2] });
});

test("a stride of two keeps every other place in the middle of its kernel", async () => {
  const middle = [0, 0, 0, 0, 1, 0, 0, 0, 0];
  const tensors = sourceOf({ "a.c.weight": { shape: [2, 1, 3, 3], values: [...middle, ...middle] }, ...norm("a", [2, 1], [0, 0], [0, 0]) });
  const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
  const negative = rows.map((value) => -value);
  assert.deepEqual(await answered([...rows, ...negative], [1, 2, 4, 4], (graph, x) => foldedConvolution(graph, tensors, "a", x, { stride: 2, groups: 2 })),
    { values: [1, 3, 9, 11, -1, -3, -9, -11], dims: [1, 2, 2, 2] });
});

test("three branches are one convolution of each channel alone", async () => {
  // The place to the left; and the place itself twice and once.
  const left = [0, 0, 0, 1, 0, 0, 0, 0, 0];
  const tensors = sourceOf({
    "a.conv.c.weight": { shape: [2, 1, 3, 3], values: [...left, ...left] }, ...norm("a.conv", [2, 1], [0, 0.5], [0, 0]),
    "a.conv1.c.weight": { shape: [2, 1, 1, 1], values: [2, 3] }, ...norm("a.conv1", [2, 1], [10, 0], [1, 2]),
  });
  // left + (2 x - 1) + 10 + x and left + 0.5 + (3 x - 2) + x
  assert.deepEqual(await answered([1, 2, 3, 4, 5, 6], [1, 2, 1, 3], (graph, x) => foldedTokenMixer(graph, tensors, "a", x)),
    { values: [12, 16, 20, 14.5, 22.5, 27.5], dims: [1, 2, 1, 3] });
});
