import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { maskIou } from "#protocol/mask.ts";
import { disc, discBox, viewOf } from "../../test/contracts/tracker-scene.ts";
import { weightsHome, weightsModel } from "../../test/weights.ts";
import { createModelStore } from "../registry/store.ts";
import { netFrame } from "./net-frame.ts";
import { openPredictor } from "./predictor.ts";
import type { Predictor } from "./predictor.ts";

describe("the SAM predictor on real weights", () => {
  let opened: Predictor | undefined;
  before(async () => {
    opened = await openPredictor(await createModelStore({ home: weightsHome() }).open(weightsModel), { provider: "cpu" });
  });
  after(() => opened?.close());

  function predictor(): Predictor {
    assert.ok(opened);
    return opened;
  }

  it("answers a box with four masks in plane pixels, whatever part of the plane is seen and however finely", async () => {
    const view = viewOf(2);
    const halved = { ...view, width: view.width / 2, height: view.height / 2, pixels: averaged(view.pixels, view.width, view.height) };
    for (const seen of [view, viewOf(2, { u0: 31, v0: 17, width: 72, height: 72 }), viewOf(2, { u0: 0, v0: 0, width: 112, height: 112 }), halved]) {
      const masks = await predictor().decode(await predictor().encode(seen), { box: discBox(2) }, netFrame(seen));
      assert.deepEqual(masks.map((one) => one.choice), [0, 1, 2, 3]);
      for (const { mask, score } of masks) {
        assert.ok(maskIou(mask, disc(2)) > 0.8, `${seen.box.join()}: ${maskIou(mask, disc(2))}`);
        assert.ok(score > 0.5 && score <= 1);
      }
    }
  });

  it("fails on pixels that are not numbers, instead of seeing nothing", async () => {
    const view = viewOf(2);
    const pixels = Float32Array.from(view.pixels);
    pixels[77] = NaN;
    await assert.rejects(predictor().encode({ ...view, pixels }), (thrown) => thrown instanceof MaskletError && thrown.code === "model_failed");
  });
});

function averaged(pixels: Float32Array, width: number, height: number): Float32Array {
  const half = new Float32Array((width / 2) * (height / 2));
  for (let y = 0, at = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2, at++) {
      const from = y * width + x;
      half[at] = (pixels[from]! + pixels[from + 1]! + pixels[from + width]! + pixels[from + width + 1]!) / 4;
    }
  }
  return half;
}
