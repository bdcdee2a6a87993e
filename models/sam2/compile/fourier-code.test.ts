import assert from "node:assert/strict";
import test from "node:test";
import { createGraph } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { codesOfPoints, gridCode } from "./fourier-code.ts";

// One frequency along x, one along y.
const frequencies = Float32Array.of(0.25, 0, 0, 0.5);
const tensors = { shape: () => [2, 2], read: async () => frequencies };
const root = Math.SQRT1_2;

const close = (actual: Float32Array, expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) assert.ok(Math.abs(actual[index]! - value) < 1e-6, `${index}: ${actual[index]} instead of ${value}`);
};

test("centres of a grid lie between -1 and 1; sines stand before cosines", () => {
  // x and y are -1/2 or 1/2: an eighth of a turn along x, a quarter along y.
  close(gridCode(frequencies, 2), [
    [-root, -1, root, 0], [root, -1, root, 0],
    [-root, 1, root, 0], [root, 1, root, 0],
  ].flat());
});

test("a point at the centre of a place has the place's code", async () => {
  const graph = createGraph("points");
  graph.output("codes", codesOfPoints(graph, tensors, 32, graph.input("points", ["B", "P", 2])), ["B", "P", 4]);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  // Places are 16 pixels wide, so that their centres lie between pixels 7 and 8, 23 and 24.
  const { codes } = await run.run({ points: { data: Float32Array.of(7.5, 7.5, 23.5, 7.5, 7.5, 23.5, 23.5, 23.5), dims: [2, 2, 2] } });
  await run.close();
  assert.deepEqual(codes!.dims, [2, 2, 4]);
  close(codes!.data, [...gridCode(frequencies, 2)]);
});
