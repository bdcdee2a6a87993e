import assert from "node:assert/strict";
import test from "node:test";
import { createGraph } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { squeeze } from "./repvit-trunk.ts";

test("the mean of a large grid is exact to float32, which one sum in a row is not", async () => {
  const [height, width] = [256, 512];
  const one = { shape: [1, 1, 1, 1], values: [1] };
  const none = { shape: [1], values: [0] };
  const tensors = new Map(Object.entries({ "se.fc1.weight": one, "se.fc1.bias": none, "se.fc2.weight": one, "se.fc2.bias": none }));
  const source = { shape: (name: string) => tensors.get(name)!.shape, read: async (name: string) => Float32Array.from(tensors.get(name)!.values) };
  const graph = createGraph("squeeze");
  graph.output("y", squeeze(graph, source, "se", graph.input("x", [1, 1, height, width])), []);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  const x = new Float32Array(height * width).fill(0.3);
  const { y } = await run.run({ x: { data: x, dims: [1, 1, height, width] } });
  await run.close();
  const wanted = 0.3 / (1 + Math.exp(-0.3));
  assert.ok(y!.data.every((value) => Math.abs(value / wanted - 1) < 3e-7), `${y!.data[0]! / wanted - 1}`);
});
