import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { openGraph } from "../runtime/session.ts";
import { CONTRIB, createGraph } from "./graph.ts";
import { writeGraphs } from "./write-graphs.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-onnx-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ramp = (length: number, from: number) => Float32Array.from({ length }, (_, index) => from + index);

test("a graph with attributes, free dimensions, two outputs and a left-out input runs", () => inFolder(async (folder) => {
  const graph = createGraph("arithmetic");
  const x = graph.input("x", ["n", 4]);
  const [left, right] = graph.op("Split", [x, graph.ints([1, 3])], { axis: { i: -1 } }, { outputs: 2 });
  const wide = graph.op("Add", [right!, graph.op("Mul", [left!, graph.scalar(10)])]);
  graph.output("wide", wide, ["n", 3]);
  graph.output("clipped", graph.op("Clip", [wide, undefined, graph.scalar(24)]), ["n", 3]);
  graph.output("again", wide, ["n", 3]);
  graph.output("same", x, ["n", 4]);
  graph.output("soft", graph.op("Gelu", [graph.op("LeakyRelu", [left!], { alpha: { f: 0.5 } })], {}, { domain: CONTRIB }), ["n", 1]);
  await writeGraphs(folder, [{ file: "a.onnx", graph }], "weights.bin");
  const run = await openGraph(join(folder, "a.onnx"), { model: "test" });
  assert.deepEqual(run.inputs, [{ name: "x", dims: ["n", 4] }]);
  const answer = await run.run({ x: { data: Float32Array.of(1, 2, 3, 4, -2, 40, 50, 60), dims: [2, 4] } });
  assert.deepEqual(answer["wide"], { data: Float32Array.of(12, 13, 14, 20, 30, 40), dims: [2, 3] });
  assert.deepEqual(answer["clipped"]!.data, Float32Array.of(12, 13, 14, 20, 24, 24));
  assert.deepEqual(answer["again"], answer["wide"]);
  assert.deepEqual(answer["same"]!.data.slice(0, 4), Float32Array.of(1, 2, 3, 4));
  assert.ok(Math.abs(answer["soft"]!.data[0]! - 0.8413447) < 1e-6);
  assert.ok(Math.abs(answer["soft"]!.data[1]! + 0.1586553) < 1e-6);
  await run.close();
}));

test("graphs share one file of weights, in which equal constants stand once and aligned", () => inFolder(async (folder) => {
  const shared = ramp(400, 0.5);
  const reads: string[] = [];
  const graphs = ["first", "second"].map((name, index) => {
    const graph = createGraph(name);
    const own = graph.constant(async () => (reads.push(name), ramp(300, index)), [3, 100]);
    const sum = graph.op("Add", [graph.op("Reshape", [graph.constant(() => shared.slice(), [400]), graph.ints([4, 100])]), graph.input("x", [1, 100])]);
    graph.output("y", graph.op("Concat", [own, sum, graph.constant(ramp(100, 7), [1, 100])], { axis: { i: 0 } }), [8, 100]);
    return { file: `${name}.onnx`, graph };
  });
  assert.deepEqual(reads, []);
  const seen: number[] = [];
  await writeGraphs(folder, graphs, "weights.bin", { onProgress: ({ done, total }) => seen.push(done / total) });
  assert.deepEqual(reads, ["first", "second"]);
  assert.ok(seen.at(-1) === 1 && seen.every((part, index) => index === 0 || part > seen[index - 1]!));
  // 1200 bytes up to 1216, 1600 bytes = 2816 (a multiple of 64), 1200 bytes; 400 bytes stay in the graphs.
  assert.equal((await stat(join(folder, "weights.bin"))).size, 2816 + 1200);
  assert.ok((await readFile(join(folder, "first.onnx"))).length < 2000);
  for (const [index, { file }] of graphs.entries()) {
    const run = await openGraph(join(folder, file), { model: "test" });
    const { y } = await run.run({ x: { data: new Float32Array(100).fill(2), dims: [1, 100] } });
    assert.deepEqual(y!.data, Float32Array.from([...ramp(300, index), ...shared.map((value) => value + 2), ...ramp(100, 7)]));
    await run.close();
  }
}));

test("data of another size, and a cancelled writing, are refused", () => inFolder(async (folder) => {
  const graph = createGraph("wrong");
  graph.output("y", graph.op("Identity", [graph.constant(() => ramp(5, 0), [2, 3])]), [2, 3]);
  await assert.rejects(writeGraphs(folder, [{ file: "a.onnx", graph }], "weights.bin"), { code: "internal", message: /2 x 3 was given 5 values/ });
  await assert.rejects(writeGraphs(folder, [{ file: "a.onnx", graph }], "weights.bin", { signal: AbortSignal.abort() }), { code: "cancelled" });
}));
