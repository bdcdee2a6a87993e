import assert from "node:assert/strict";
import { it } from "node:test";
import { coded } from "../../test/contracts/tracker.ts";
import type { View } from "../tracker.ts";
import { imageInput } from "./input.ts";

function view(width: number, height: number, channels: 1 | 3, pixels: number[]): View {
  return { window: { u0: 0, v0: 0, width, height }, box: [0, 0, width, height], width, height, channels, pixels: Float32Array.from(pixels), key: "" };
}

it("stretches a view to the square and normalises its grey as three colours", () => {
  const input = imageInput(view(4, 2, 1, [0, 0, 255, 255, 0, 0, 255, 255]), 4);
  const [black, white] = [(0 - 0.485) / 0.229, (1 - 0.485) / 0.229];
  for (const row of [0, 1, 2, 3]) for (const [x, wanted] of [black, black, white, white].entries()) assert.ok(Math.abs(input[4 * row + x]! - wanted!) < 1e-5);
  assert.ok(Math.abs(input[16]! - (0 - 0.456) / 0.224) < 1e-5 && Math.abs(input[32]! - (0 - 0.406) / 0.225) < 1e-5);
});

it("keeps red, green and blue apart", () => {
  const input = imageInput(view(1, 1, 3, [255, 127.5, 0]), 2);
  for (const [channel, wanted] of [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, (0 - 0.406) / 0.225].entries()) assert.ok(Math.abs(input[4 * channel + 3]! - wanted) < 1e-5);
});

it("refuses a view whose numbers do not fit together", () => {
  assert.throws(() => imageInput(view(2, 2, 1, [1, 2, 3]), 4), coded("shape_invalid"));
  assert.throws(() => imageInput({ ...view(1, 1, 1, [1]), box: [3, 3, 3, 4] }, 4), coded("shape_invalid"));
});
