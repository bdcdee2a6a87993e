import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClicksRequest, View } from "../tracker.ts";
import { answerClicks } from "./clicks.ts";
import { LOGIT_SIDE } from "./net-frame.ts";
import type { Decoded } from "./predictor.ts";
import type { DecoderPrompt } from "./prompt-tensors.ts";

const view: View = { window: { u0: 0, v0: 0, width: 256, height: 256 }, box: [0, 0, 256, 256], width: 256, height: 256, channels: 1, pixels: new Float32Array(256 * 256), key: "" };
const request: ClicksRequest = { points: [[40, 50], [100, 60]], multimask: true, refine: false, scoreThreshold: 0, stabilityThreshold: 0, stabilityOffset: 1 };

/** Squares from the corner: choice 1 of 8 x 8, 2 of 16 x 16 with an edge that wavers, 3 empty, 0 of 4 x 4. */
function decoded(): Decoded {
  const logits = new Float32Array(4 * LOGIT_SIDE * LOGIT_SIDE).fill(-9);
  const square = (choice: number, side: number, logit: number, from = 0): void => {
    for (let y = 0; y < side; y++) for (let x = from; x < side; x++) logits[choice * LOGIT_SIDE * LOGIT_SIDE + y * LOGIT_SIDE + x] = logit;
  };
  square(0, 4, 9);
  square(1, 8, 9);
  square(2, 16, 0.5);
  square(2, 8, 9);
  return { logits, scores: Float32Array.of(0.875, 0.75, 0.5, 0.25) };
}

async function ask(change: Partial<ClicksRequest>, heard: DecoderPrompt[] = [], signal?: AbortSignal) {
  const decode = async (_embedding: Float32Array, prompt: DecoderPrompt): Promise<Decoded> => {
    heard.push(prompt);
    return decoded();
  };
  return answerClicks(decode, new Float32Array(0), view, { ...request, ...change }, { signal });
}

describe("clicks on a SAM 1 network", () => {
  it("gives each point's alternatives in order, without empty masks", async () => {
    const heard: DecoderPrompt[] = [];
    const found = await ask({}, heard);
    assert.deepEqual(heard, [{ points: [[40, 50, 1]] }, { points: [[100, 60, 1]] }]);
    assert.deepEqual(found.map(({ point, mask, score }) => [point, mask.box, score]), [
      [[40, 50], [0, 0, 8, 8], 0.75], [[40, 50], [0, 0, 16, 16], 0.5], [[100, 60], [0, 0, 8, 8], 0.75], [[100, 60], [0, 0, 16, 16], 0.5],
    ]);
  });

  it("says how much of a mask hangs on the threshold", async () => {
    const [sharp, wavering] = await ask({ points: [[1, 1]] });
    assert.deepEqual([sharp!.stability, wavering!.stability], [1, 64 / 256]);
    assert.deepEqual((await ask({ points: [[1, 1]], stabilityThreshold: 0.3 })).map(({ mask }) => mask.box[2]), [8]);
    assert.equal((await ask({ points: [[1, 1]], stabilityOffset: 0.25 }))[1]!.stability, 1);
  });

  it("keeps greater scores alone, and the single mask where asked", async () => {
    assert.deepEqual((await ask({ points: [[1, 1]], scoreThreshold: 0.5 })).map(({ score }) => score), [0.75]);
    assert.deepEqual((await ask({ points: [[1, 1]], multimask: false })).map(({ score, mask }) => [score, mask.box[2]]), [[0.875, 4]]);
  });

  it("refines each mask with its own logits, within what networks are fed", async () => {
    const heard: DecoderPrompt[] = [];
    const found = await ask({ points: [[1, 1]], refine: true }, heard);
    assert.equal(heard.length, 4);
    assert.ok(heard.slice(1).every(({ logits }) => logits?.length === LOGIT_SIDE * LOGIT_SIDE && logits.every((one) => Math.abs(one) <= 32)));
    assert.deepEqual([heard[1]!.logits![0], heard[2]!.logits![15], heard[3]!.logits![0]], [9, 0.5, -9]);
    assert.deepEqual(found.map(({ score }) => score), [0.875, 0.875, 0.875]);
  });

  it("stops between runs", async () => {
    const abort = new AbortController();
    abort.abort();
    const heard: DecoderPrompt[] = [];
    await assert.rejects(ask({}, heard, abort.signal), { code: "cancelled" });
    assert.equal(heard.length, 0);
  });
});
