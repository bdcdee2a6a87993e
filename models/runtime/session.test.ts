import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { weightsHome, weightsModel } from "../../test/weights.ts";
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

  it("falls back from CUDA with one line, or uses it", async () => {
    const graph = await openGraph(sam, { model: "m" });
    if (graph.provider === "cuda") assert.equal(graph.note, undefined);
    else if (graph.note !== undefined) assert.match(graph.note, /^CUDA cannot be used \(.*\); running on the CPU\.$/);
    await graph.close();
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
