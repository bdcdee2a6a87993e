import assert from "node:assert/strict";
import { it } from "node:test";
import { chooseAnswer, gated } from "./sam-heads.ts";

const config = { imageSize: 32, width: 2 };
const size = 64;

/** Mask k is all `first` for k = 0, else all 10 + k; pointers are [k, k]. */
function decoded(first: number, ious: number[]) {
  const masks = Float32Array.from({ length: 4 * size }, (_, at) => (at < size ? first : 10 + Math.floor(at / size)));
  return { masks, ious: Float32Array.from(ious), pointers: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3), objectScores: Float32Array.of(4) };
}

it("takes the best alternative of an ambiguous prompt, with its pointer", () => {
  const answer = chooseAnswer(decoded(3, [0.99, 0.25, 0.75, 0.5]), true, config);
  assert.deepEqual([answer.logits[0], answer.iou, answer.pointer[0], answer.objectScore], [12, 0.75, 2, 4]);
});

it("takes the first mask of any other, unless it is unstable: then the pointer stays the first's", () => {
  assert.equal(chooseAnswer(decoded(3, [0.25, 0.5, 0.75, 0.5]), false, config).logits[0], 3);
  assert.equal(chooseAnswer(decoded(-3, [0.25, 0.5, 0.75, 0.5]), false, config).logits[0], -3, "an empty mask is stable");
  const unstable = chooseAnswer(decoded(0.01, [0.25, 0.5, 0.75, 0.5]), false, config);
  assert.deepEqual([unstable.logits[0], unstable.iou, unstable.pointer[0]], [12, 0.75, 0]);
});

it("gives an absent object no mask and the learned pointer, also for a score that is not a number", () => {
  const sight = chooseAnswer(decoded(3, [1, 0, 0, 0]), false, config);
  assert.equal(gated(sight, Float32Array.of(7, 7)), sight);
  for (const objectScore of [0, -1, NaN]) {
    const absent = gated({ ...sight, objectScore }, Float32Array.of(7, 7));
    assert.ok(absent.logits.every((logit) => logit === -1024));
    assert.deepEqual([...absent.pointer], [7, 7]);
  }
});
