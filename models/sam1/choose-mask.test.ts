import assert from "node:assert/strict";
import test from "node:test";
import type { PixelBox } from "#protocol/types.ts";
import { byScore, choosePrompted, chooseProjected } from "./choose-mask.ts";
import type { DecodedMask } from "./predictor.ts";

const found = (choice: number, box: PixelBox, score: number): DecodedMask =>
  ({ choice, score, mask: { box, data: new Uint8Array((box[2] - box[0]) * (box[3] - box[1])).fill(1) } });
const decoded = [found(0, [10, 10, 40, 40], 0.9), found(1, [10, 10, 15, 15], 0.95), found(2, [11, 11, 20, 21], 0.8), found(3, [0, 0, 0, 0], 0.1)];

test("a box alone is answered by the mask that fills it", () => {
  assert.equal(choosePrompted(decoded, { box: [10, 10, 21, 21] }).choice, 2);
  assert.equal(choosePrompted(decoded, { box: [10, 10, 40, 40] }).choice, 0);
});

test("of masks that fill it alike, the one the network trusts", () => {
  assert.equal(choosePrompted([found(0, [0, 0, 9, 9], 0.5), found(1, [0, 0, 9, 9], 0.6)], { box: [0, 0, 9, 9] }).choice, 1);
});

test("a lone click is answered by the alternative trusted most, anything said more fully by the first mask", () => {
  assert.equal(choosePrompted(decoded, { points: [[12, 12, 1]] }).choice, 1);
  assert.equal(choosePrompted(decoded, { points: [[12, 12, 1], [30, 30, 0]] }).choice, 0);
  assert.equal(choosePrompted(decoded, { box: [10, 10, 21, 21], points: [[12, 12, 1]] }).choice, 0);
});

test("carried on, the alternative trusted most; candidates come best first", () => {
  assert.equal(chooseProjected(decoded).choice, 1);
  assert.deepEqual(byScore(decoded).map(({ choice }) => choice), [1, 0, 2, 3]);
});
