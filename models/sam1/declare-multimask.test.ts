import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { weightsHome, weightsModel } from "../../test/weights.ts";
import { openGraph } from "../runtime/session.ts";
import type { GraphTensor } from "../runtime/session.ts";
import { MULTIMASK_LOGITS, MULTIMASK_SCORES, declareMultimask, multimaskDecoder } from "./declare-multimask.ts";

const where = { model: "m", file: "f" };
const folder = join(weightsHome(), "models", weightsModel);

describe("declareMultimask", () => {
  it("replaces the graph's outputs and keeps every other byte", () => {
    // ir_version 8; graph { node ""; output "ab"; name "g" }
    const model = Uint8Array.of(0x08, 8, 0x3a, 9, 0x0a, 0, 0x62, 2, 97, 98, 0x12, 1, 103);
    const edited = declareMultimask(model, where);
    assert.deepEqual([...edited.subarray(0, 3)], [0x08, 8, 0x3a]);
    const text = new TextDecoder("latin1").decode(edited);
    assert.ok(text.includes(MULTIMASK_LOGITS) && text.includes(MULTIMASK_SCORES) && !text.includes("b\x02ab"));
    assert.deepEqual(declareMultimask(edited, where), edited);
  });

  it("refuses what is not an ONNX graph", () => {
    for (const bytes of [Uint8Array.of(0x3a, 200), Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff), Uint8Array.of(0x0f), Uint8Array.of(0x3a, 2, 0x62, 90), new TextEncoder().encode("<html>not a model</html>")]) {
      assert.throws(() => declareMultimask(bytes, where), (thrown) => thrown instanceof MaskletError && thrown.code === "model_damaged");
    }
  });

  it("shows the very mask that the untouched decoder picks: 0 for three points or more, else the best of 1 to 3", async () => {
    const one = await openGraph(join(folder, "sam.onnx"), { model: weightsModel, provider: "cpu" });
    const four = await openGraph(join(folder, multimaskDecoder), { model: weightsModel, provider: "cpu" });
    const embedding = new Float32Array(256 * 64 * 64).map((_, at) => Math.sin(at * 0.37) * 0.1);
    const prompts: [number[], number[]][] = [[[500, 500, 0, 0], [1, -1]], [[300, 300, 600, 700], [2, 3]], [[500, 500, 300, 300, 600, 700], [1, 2, 3]]];
    for (const [coords, labels] of prompts) {
      const feeds = {
        image_embeddings: tensor(embedding, [1, 256, 64, 64]),
        point_coords: tensor(coords, [1, labels.length, 2]),
        point_labels: tensor(labels, [1, labels.length]),
        mask_input: tensor(new Float32Array(65_536), [1, 1, 256, 256]),
        has_mask_input: tensor([0], [1]),
        orig_im_size: tensor([256, 256], [2]),
      };
      const picked = await one.run(feeds);
      const all = await four.run(feeds);
      const scores = [...all[MULTIMASK_SCORES]!.data];
      const choice = labels.length >= 3 ? 0 : scores.indexOf(Math.max(...scores.slice(1)));
      assert.deepEqual(all[MULTIMASK_LOGITS]!.data.slice(choice * 65_536, (choice + 1) * 65_536), picked["low_res_masks"]!.data);
      assert.equal(scores[choice], picked["iou_predictions"]!.data[0]);
    }
    await one.close();
    await four.close();
  });
});

function tensor(values: ArrayLike<number>, dims: number[]): GraphTensor {
  return { data: Float32Array.from(values), dims };
}
