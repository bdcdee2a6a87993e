import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { weightsHome, weightsModel } from "../../test/weights.ts";
import { createGraph } from "../onnx/graph.ts";
import { writeGraphs } from "../onnx/write-graphs.ts";
import { hasNvidiaDevice } from "./nvidia-device.ts";
import { openGraph } from "./session.ts";

const sam = join(weightsHome(), "models", weightsModel, "sam.onnx");

describe("openGraph", () => {
  it("opens a file or its bytes, and says what goes in and out", async () => {
    for (const source of [sam, new Uint8Array(await readFile(sam))]) {
      const graph = await openGraph(source, { model: "m", provider: "cpu", threads: 1 });
      assert.deepEqual(graph.inputs[0], { name: "image_embeddings", dims: [1, 256, 64, 64] });
      assert.deepEqual(graph.outputs.map((port) => port.name), ["masks", "iou_predictions", "low_res_masks"]);
      assert.deepEqual([graph.provider, graph.note], ["cpu", undefined]);
      await graph.close();
    }
  });

  it("says one line where there is a device but CUDA does not work, and none where there is no device", async () => {
    const graph = await openGraph(sam, { model: "m" });
    if (!hasNvidiaDevice()) assert.deepEqual([graph.provider, graph.note], ["cpu", undefined]);
    else if (graph.provider === "cuda") assert.equal(graph.note, undefined);
    else assert.match(graph.note ?? "", /^CUDA cannot be used \(.*\); running on the CPU\.$/);
    await graph.close();
  });

  it("refuses a provider that this build does not have, and names those it has", async () => {
    await assert.rejects(openGraph(sam, { model: "m", provider: "abacus" }), { code: "model_failed", message: /"abacus".*auto.*cpu/ });
  });

  it("takes and gives tensors without an element, and scalars", async () => {
    const folder = await mkdtemp(join(tmpdir(), "masklet-session-"));
    const builder = createGraph("joined");
    const rows = builder.input("rows", ["n", 3]);
    const scalar = builder.input("scalar", []);
    builder.output("same", builder.op("Identity", [rows]), ["n", 3]);
    builder.output("longer", builder.op("Concat", [rows, builder.constant(Float32Array.of(1, 2, 3), [1, 3])], { axis: { i: 0 } }), ["m", 3]);
    builder.output("double", builder.op("Add", [scalar, scalar]), []);
    await writeGraphs(folder, [{ file: "joined.onnx", graph: builder }], "weights.bin");
    const graph = await openGraph(join(folder, "joined.onnx"), { model: "m", provider: "cpu" });
    const answered = await graph.run({ rows: { data: new Float32Array(0), dims: [0, 3] }, scalar: { data: Float32Array.of(4), dims: [] } });
    assert.deepEqual(answered, { same: { data: new Float32Array(0), dims: [0, 3] }, longer: { data: Float32Array.of(1, 2, 3), dims: [1, 3] }, double: { data: Float32Array.of(8), dims: [] } });
    await graph.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("fails with words", async () => {
    const failed = (thrown: unknown): boolean => thrown instanceof MaskletError && thrown.code === "model_failed";
    await assert.rejects(openGraph(join(weightsHome(), "absent.onnx"), { model: "m" }), failed);
    await assert.rejects(openGraph(Uint8Array.of(1, 2, 3), { model: "m", provider: "cpu" }), failed);
    const graph = await openGraph(sam, { model: "m", provider: "cpu" });
    await assert.rejects(graph.run({}), failed);
    await assert.rejects(graph.run({ image_embeddings: { data: new Float32Array(3), dims: [1, 2] } }), failed);
    await graph.close();
  });
});
