import assert from "node:assert/strict";
import test from "node:test";
import { createGraph } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { densePrompt, pixelsFirst, pointTokens } from "./prompt-encoder.ts";

const ENCODER = "sam_prompt_encoder";
const config = { imageSize: 32 };

function tensorsOf(named: Record<string, { dims: readonly number[]; data: readonly number[] }>) {
  return { shape: (name: string) => named[name]!.dims, read: async (name: string) => Float32Array.from(named[name]!.data) };
}

test("padding is its embedding alone, a click or a corner its place and its label, an unknown label its place", async () => {
  const tensors = tensorsOf({
    // A quarter of a turn along x from the middle to the edge.
    [`${ENCODER}.pe_layer.positional_encoding_gaussian_matrix`]: { dims: [2, 1], data: [0.25, 0] },
    [`${ENCODER}.not_a_point_embed.weight`]: { dims: [1, 2], data: [7, 9] },
    ...Object.fromEntries([0, 1, 2, 3].map((label) => [`${ENCODER}.point_embeddings.${label}.weight`, { dims: [1, 2], data: [10 * label, 10 * label + 5] }])),
  });
  const graph = createGraph("points");
  graph.output("tokens", pointTokens(graph, config, tensors, graph.input("points", ["B", "P", 2]), graph.input("labels", ["B", "P"])), ["B", "P", 2]);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  const tokens = async (points: number[], labels: number[]) =>
    (await run.run({ points: { data: Float32Array.from(points), dims: [1, labels.length, 2] }, labels: { data: Float32Array.from(labels), dims: [1, labels.length] } }))["tokens"]!;
  // All at the middle of the picture, whose code is (sin 0, cos 0) = (0, 1).
  const middle = Array.from({ length: 6 }, () => [15.5, 3]).flat();
  assert.deepEqual((await tokens(middle, [-1, 0, 1, 2, 3, 4])).data, Float32Array.of(7, 9, 0, 6, 10, 16, 20, 26, 30, 36, 0, 1));
  assert.deepEqual((await tokens([], [])).dims, [1, 0, 2]);
  await run.close();
});

test("without a mask prompt the logits are not looked at", async () => {
  const step = (index: number, weight: readonly number[], outputs: number) => {
    const size = weight.reduce((product, dim) => product * dim, 1);
    return {
      [`${ENCODER}.mask_downscaling.${index}.weight`]: { dims: weight, data: Array.from({ length: size }, (_, at) => (at % 5) / 3 - 0.5) },
      [`${ENCODER}.mask_downscaling.${index}.bias`]: { dims: [outputs], data: Array.from({ length: outputs }, (_, at) => at + 100) },
    };
  };
  const tensors = tensorsOf({
    ...step(0, [2, 1, 2, 2], 2), ...step(1, [2], 2), ...step(3, [4, 2, 2, 2], 4), ...step(4, [4], 4), ...step(6, [2, 4, 1, 1], 2),
    [`${ENCODER}.no_mask_embed.weight`]: { dims: [1, 2], data: [3, 4] },
  });
  const graph = createGraph("mask");
  graph.output("dense", densePrompt(graph, config, tensors, graph.input("mask_prompt", ["b", 1, 8, 8]), graph.input("has_mask", [1])), ["b", 4, 2]);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  const dense = async (logits: Float32Array, has: number) => (await run.run({ mask_prompt: { data: logits, dims: [2, 1, 8, 8] }, has_mask: { data: Float32Array.of(has), dims: [1] } }))["dense"]!;
  const without = await dense(new Float32Array(128).fill(Number.NaN), 0);
  assert.deepEqual(without, { data: Float32Array.from({ length: 16 }, (_, at) => 3 + (at % 2)), dims: [2, 4, 2] });
  // A logit of the second mask, row 6 and column 1, changes the place in row 1 and column 0 and no other.
  const logits = new Float32Array(128);
  const before = (await dense(logits, 1)).data;
  logits[64 + 6 * 8 + 1] = 5;
  const after = (await dense(logits, 1)).data;
  assert.deepEqual([...before].flatMap((value, at) => (value === after[at] ? [] : [at])), [12, 13]);
  await run.close();
});

test("a block's pixels come before its channels", () => {
  // Two outputs of two inputs; the tens are the input, the ones the pixel.
  const kernel = Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13, 100, 101, 102, 103, 110, 111, 112, 113);
  assert.deepEqual(pixelsFirst(kernel, 2), Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13, 100, 110, 101, 111, 102, 112, 103, 113));
});
