import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { View } from "../tracker.ts";
import { encoderInput } from "./input.ts";
import { NET_SIDE } from "./net-frame.ts";

const plane = NET_SIDE * NET_SIDE;

describe("encoderInput", () => {
  it("normalises grey as three equal colours and pads with zeros after normalising", () => {
    const input = encoderInput(viewOf(4, 2, 1, Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0)));
    assert.equal(input.length, 3 * plane);
    near(input[0]!, -123.675 / 58.395);
    near(input[plane]!, -116.28 / 57.12);
    near(input[2 * plane]!, -103.53 / 57.375);
    // 4 x 2 becomes 1024 x 512.
    near(input[511 * NET_SIDE + 1023]!, -123.675 / 58.395);
    assert.equal(input[512 * NET_SIDE], 0);
  });

  it("enlarges bilinearly between pixel centres, and repeats the border", () => {
    const input = encoderInput(viewOf(2, 1, 1, Float32Array.of(0, 100)));
    const grey = (x: number): number => input[x]! * 58.395 + 123.675;
    near(grey(0), 0);
    near(grey(255), 0);
    near(grey(256), (0.5 / 512) * 100);
    near(grey(511), (255.5 / 512) * 100);
    near(grey(512), (256.5 / 512) * 100);
    near(grey(1023), 100);
  });

  it("refuses a view whose numbers do not fit together", () => {
    const bad: View[] = [
      { ...viewOf(2, 2, 1, new Float32Array(4)), channels: 3 },
      { ...viewOf(2, 2, 1, new Float32Array(3)) },
      { ...viewOf(0, 0, 1, new Float32Array(0)) },
      { ...viewOf(2, 2, 1, new Float32Array(4)), box: [5, 5, 5, 7] },
    ];
    for (const view of bad) assert.throws(() => encoderInput(view), (thrown) => thrown instanceof MaskletError && thrown.code === "shape_invalid");
  });

  it("keeps red, green and blue apart", () => {
    const input = encoderInput(viewOf(1, 1, 3, Float32Array.of(10, 20, 30)));
    near(input[5]!, (10 - 123.675) / 58.395);
    near(input[plane + 5]!, (20 - 116.28) / 57.12);
    near(input[2 * plane + 5]!, (30 - 103.53) / 57.375);
  });
});

function viewOf(width: number, height: number, channels: 1 | 3, pixels: Float32Array): View {
  return { window: { u0: 0, v0: 0, width: Math.max(width, height), height: Math.max(width, height) }, box: [0, 0, width, height], width, height, channels, pixels, key: "" };
}

function near(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) < 1e-3, `${found} instead of ${wanted}`);
}
