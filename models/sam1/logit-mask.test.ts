import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cropped, maskIou } from "#protocol/mask.ts";
import { logitsFromMask, maskFromLogits } from "./logit-mask.ts";
import { LOGIT_SIDE, netFrame } from "./net-frame.ts";

describe("maskFromLogits", () => {
  it("looks at the logits from each plane pixel's centre", () => {
    // 8 x 4 pixels: 32 logits each. Columns from 80 are above 0, so pixels 0 and 1 (centres 16, 48) are not, 2 (centre 80) is.
    const logits = new Float32Array(LOGIT_SIDE * LOGIT_SIDE).map((_, at) => (at % LOGIT_SIDE >= 79 ? 1 : -1));
    const mask = maskFromLogits(logits, netFrame({ box: [10, 20, 18, 24], width: 8, height: 4 }));
    assert.deepEqual(mask.box, [12, 20, 18, 24]);
    assert.equal(mask.data.every((bit) => bit === 1), true);
  });

  it("interpolates between logits before it compares with 0", () => {
    const logits = new Float32Array(LOGIT_SIDE * LOGIT_SIDE).fill(-1);
    for (let y = 0; y < LOGIT_SIDE; y++) logits[y * LOGIT_SIDE] = 2;
    // 512 pixels: centres at a quarter and three quarters of each logit. 0 crosses two thirds of the way from column 0 to 1.
    const mask = maskFromLogits(logits, netFrame({ box: [0, 0, 512, 512], width: 512, height: 512 }));
    assert.deepEqual(mask.box, [0, 0, 2, 512]);
  });

  it("ignores the padding, and is empty where nothing is above 0", () => {
    const frame = netFrame({ box: [0, 0, 64, 32], width: 64, height: 32 });
    const logits = new Float32Array(LOGIT_SIDE * LOGIT_SIDE).map((_, at) => (at >= 140 * LOGIT_SIDE ? 5 : -5));
    assert.deepEqual(maskFromLogits(logits, frame), { box: [0, 0, 0, 0], data: new Uint8Array(0) });
  });

  it("gives back the mask it was told, whatever the scale", () => {
    const disc = new Uint8Array(40 * 30).map((_, at) => (((at % 40) - 20) ** 2 + (Math.floor(at / 40) - 15) ** 2 < 120 ? 1 : 0));
    for (const [width, height, size] of [[64, 48, 64], [90, 100, 100], [300, 500, 500]] as const) {
      const frame = netFrame({ box: [7, 3, 7 + width, 3 + height], width, height });
      const mask = cropped({ box: [10, 8, 50, 38], data: disc });
      const back = maskFromLogits(logitsFromMask(mask, frame), frame);
      const least = size > 256 ? 0.7 : 0.9;
      assert.ok(maskIou(mask, back) > least, `${size}: ${maskIou(mask, back)}`);
    }
  });
});
