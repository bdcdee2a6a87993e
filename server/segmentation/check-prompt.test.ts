import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError, type ErrorCode } from "#protocol/errors.ts";
import type { Cut, MaskBits, PromptParts } from "#protocol/types.ts";
import { checkPrompt } from "./check-prompt.ts";

const shape = { t: 2, c: 1, z: 3, y: 40, x: 50 };
const here: Cut = { axis: "z", index: 2 };
const bits: MaskBits = { box: [1, 1, 3, 3], bits: Uint8Array.of(0x80, 0x40) };

test("what lies on the plane is accepted, its very edge too", () => {
  const good: PromptParts[] = [{ box: [0, 0, 50, 40] }, { points: [[50, 40, 1], [0, 0, 0]] }, { polygon: [[0, 0], [50, 0], [50, 40]] }, { mask: bits }, { box: [1, 1, 2, 2], points: [[1, 1, 0]] }];
  for (const parts of good) checkPrompt(shape, { ...here, t: 1 }, parts);
});

test("on planes along y and x, v counts z; a single picture has none", () => {
  checkPrompt(shape, { axis: "y", index: 39 }, { box: [0, 0, 50, 3] });
  checkPrompt(shape, { axis: "x", index: 49 }, { box: [0, 0, 40, 3] });
  for (const axis of ["y", "x"] as const) {
    assert.throws(() => checkPrompt({ ...shape, z: 1 }, { axis, index: 2 }, { box: [0, 0, 1, 1] }), { code: "axis_unsupported", message: /single lines/ });
  }
});

const bad: [ErrorCode, Cut, PromptParts][] = [
  ["plane_off_volume", { axis: "z", index: 3 }, { box: [0, 0, 1, 1] }],
  ["plane_off_volume", { ...here, t: 2 }, { box: [0, 0, 1, 1] }],
  ["plane_off_volume", { ...here, c: 1 }, { box: [0, 0, 1, 1] }],
  ["plane_off_volume", { axis: "y", index: 40 }, { box: [0, 0, 1, 1] }],
  ["plane_off_volume", { axis: "x", index: 50 }, { box: [0, 0, 1, 1] }],
  ["prompt_off_image", { axis: "y", index: 2 }, { box: [0, 0, 1, 4] }],
  ["prompt_off_image", { axis: "x", index: 2 }, { box: [0, 0, 41, 1] }],
  ["prompt_empty", here, {}],
  ["prompt_empty", here, { box: [5, 5, 5, 9] }],
  ["prompt_empty", here, { points: [[5, 5, 0]] }],
  ["prompt_empty", here, { mask: { box: [1, 1, 3, 3], bits: Uint8Array.of(0, 0) } }],
  ["prompt_empty", here, { mask: { box: [0, 0, 0, 0], bits: new Uint8Array(0) } }],
  ["prompt_off_image", here, { box: [-1, 0, 5, 5] }],
  ["prompt_off_image", here, { box: [0, 0, 50.5, 5] }],
  ["prompt_off_image", here, { points: [[51, 5, 1]] }],
  ["prompt_off_image", here, { polygon: [[0, 0], [5, 0], [5, 41]] }],
  ["prompt_off_image", here, { mask: { box: [49, 0, 51, 1], bits: Uint8Array.of(0xc0) } }],
  ["request_invalid", here, { box: [NaN, 0, 5, 5] }],
  ["request_invalid", here, { points: [[Infinity, 5, 1]] }],
  ["request_invalid", here, { mask: { box: [1, 1, 3, 3], bits: Uint8Array.of(0x80) } }],
];
for (const [code, cut, parts] of bad) {
  test(`${code}: ${JSON.stringify([cut, parts])}`, () => {
    assert.throws(() => checkPrompt(shape, cut, parts), (thrown) => thrown instanceof MaskletError && thrown.code === code);
  });
}
