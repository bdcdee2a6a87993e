import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reframe } from "#protocol/mask.ts";
import { logitsOfGiven, maskFromLogits, maskPromptOfGiven, modelMask } from "./mask-logits.ts";
import { resized } from "./resample.ts";

describe("maskFromLogits", () => {
  it("stretches the logits over the view's box, in plane pixels", () => {
    const logits = Float32Array.of(1, 1, -1, -1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    assert.deepEqual(maskFromLogits(logits, [10, 20, 18, 22]).mask, { box: [10, 20, 14, 21], data: Uint8Array.of(1, 1, 1, 1) });
  });

  it("leaves no pixel out by looking only where logits are", () => {
    const side = 8;
    for (let seed = 1; seed <= 30; seed++) {
      const logits = Float32Array.from({ length: side * side }, (_, at) => (((Math.imul(seed * 7919 + at, 2_654_435_761) >>> 0) / 2 ** 32) ** 6) * 40 - 6);
      const [width, height] = [5 + 3 * seed, 90 - 2 * seed];
      const whole = resized(logits, { width: side, height: side }, { width, height }, { antialias: false });
      const { mask, stability } = maskFromLogits(logits, [0, 0, width, height], 2);
      assert.deepEqual([...reframe(mask, [0, 0, width, height]).data], Array.from(whole, (logit) => (logit > 0 ? 1 : 0)), `seed ${seed}`);
      const perhaps = whole.filter((logit) => logit > -2).length;
      assert.equal(stability, perhaps === 0 ? 0 : whole.filter((logit) => logit > 2).length / perhaps, `seed ${seed}`);
    }
  });

  it("says how much of the mask hangs on the threshold", () => {
    const logits = Float32Array.of(3, 0.5, -0.5, -3);
    assert.equal(maskFromLogits(logits, [0, 0, 2, 2], 1).stability, 1 / 3);
    assert.deepEqual(maskFromLogits(logits.fill(-1), [0, 0, 2, 2], 0), { mask: { box: [0, 0, 0, 0], data: new Uint8Array(0) }, stability: 0 });
  });
});

describe("a given mask", () => {
  it("is seen at the input's size, its part inside the view", () => {
    const mask = { box: [3, 0, 6, 3] satisfies [number, number, number, number], data: new Uint8Array(9).fill(1) };
    assert.deepEqual([...modelMask(mask, { box: [2, 1, 4, 3], side: 4 })], [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it("does not vanish when it is thinner than the input's pixels", () => {
    const mask = { box: [5, 0, 6, 16] satisfies [number, number, number, number], data: new Uint8Array(16).fill(1) };
    const seen = modelMask(mask, { box: [0, 0, 16, 16], side: 4 });
    assert.deepEqual([...seen.subarray(0, 4)], [1, 1, 0, 0]);
  });

  it("becomes sure logits, and a mask prompt by the learned convolution", () => {
    const mask = new Float32Array(64).fill(1, 0, 32);
    const logits = logitsOfGiven(mask);
    assert.equal(logits.length, 4);
    assert.ok(logits[0]! > 5 && logits[0]! < 10 && logits[3]! < -5, `${logits.join()}`);
    const weight = Float32Array.from({ length: 16 }, (_, at) => at);
    assert.deepEqual([...maskPromptOfGiven(mask, { weight, bias: 0.5 })], [120.5, 120.5, 0.5, 0.5]);
    const corner = new Float32Array(64);
    corner[8 * 5 + 2] = 1;
    assert.deepEqual([...maskPromptOfGiven(corner, { weight, bias: 0 })], [0, 0, 6, 0]);
  });
});
