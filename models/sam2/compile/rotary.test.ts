import assert from "node:assert/strict";
import test from "node:test";
import { createGraph } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { pairsToHalves, rotaryTables, rotated } from "./rotary.ts";

const close = (actual: ArrayLike<number>, expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) assert.ok(Math.abs(actual[index]! - value) < 1e-6, `${index}: ${actual[index]} instead of ${value}`);
};

test("the first half of the pairs turns with the column, the second with the row, each slower than the one before", () => {
  const { cos, sin } = rotaryTables(8, 3);
  // Frequencies 1 and 10000^(-4/8) = 0.01. Token 5 is row 1, column 2; the last of the ten rows turns nothing.
  close(cos.subarray(5 * 4, 6 * 4), [Math.cos(2), Math.cos(0.02), Math.cos(1), Math.cos(0.01)]);
  close(sin.subarray(5 * 4, 6 * 4), [Math.sin(2), Math.sin(0.02), Math.sin(1), Math.sin(0.01)]);
  assert.equal(cos.length, 10 * 4);
  close(cos.subarray(9 * 4), [1, 1, 1, 1]);
  close(sin.subarray(9 * 4), [0, 0, 0, 0]);
});

test("neighbouring channels turn together once they stand half a token apart, also in more tokens than the grid has", async () => {
  assert.deepEqual(pairsToHalves(8), [0, 2, 4, 6, 1, 3, 5, 7]);
  const { cos, sin } = rotaryTables(4, 2);
  const graph = createGraph("turn");
  const tables = { cos: graph.constant(cos, [5, 2]), sin: graph.constant(sin, [5, 2]) };
  // Row 1, column 0; row 0, column 1; unturned; and the grid's first four again.
  const positions = graph.op("Reshape", [graph.ints([2, 1, 4, 0, 1, 2, 3]), graph.ints([-1, 1])]);
  graph.output("y", rotated(graph, graph.input("x", ["tokens", 1, 4]), positions, tables), ["tokens", 1, 4]);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  // Channels (1, 2, 3, 4) are the pairs (1, 2), which turns with the column, and (3, 4), which turns with the row.
  const tokens = Array.from({ length: 7 }, () => pairsToHalves(4).map((channel) => channel + 1)).flat();
  const { y } = await run.run({ x: { data: Float32Array.from(tokens), dims: [7, 1, 4] } });
  await run.close();
  const [c, s] = [Math.cos(1), Math.sin(1)];
  close(y!.data.subarray(0, 4), [1, 3 * c - 4 * s, 2, 3 * s + 4 * c]);
  close(y!.data.subarray(4, 8), [1 * c - 2 * s, 3, 1 * s + 2 * c, 4]);
  close(y!.data.subarray(8, 12), [1, 3, 2, 4]);
  close(y!.data.subarray(24, 28), [1 * c - 2 * s, 3 * c - 4 * s, 1 * s + 2 * c, 3 * s + 4 * c]);
});
