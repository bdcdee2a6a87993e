import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PixelBox } from "#protocol/types.ts";
import type { View } from "../tracker.ts";
import { contrastOf } from "./contrast.ts";

describe("contrastOf", () => {
  const mask = { box: [8, 6, 10, 9] satisfies PixelBox, data: Uint8Array.of(1, 0, 1, 1, 1, 1) };

  it("is the mean inside less the mean of a ring around the box", () => {
    const view = viewOf((u, v) => (u >= 8 && u < 10 && v >= 6 && v < 9 ? 40 : 100));
    assert.equal(contrastOf(mask, view), -60);
  });

  it("looks at the ring alone, not farther", () => {
    const view = viewOf((u, v) => (u >= 8 && u < 10 && v >= 6 && v < 9 ? 40 : u >= 5 && u < 13 && v >= 3 && v < 12 ? 100 : 255));
    assert.equal(contrastOf(mask, view), -60);
  });

  it("is 0 for nothing and where the view has no ring", () => {
    assert.equal(contrastOf({ box: [0, 0, 0, 0], data: new Uint8Array(0) }, viewOf(() => 5)), 0);
    assert.equal(contrastOf({ box: [0, 0, 20, 16], data: new Uint8Array(320).fill(1) }, viewOf(() => 5)), 0);
  });

  it("follows a view that was averaged down", () => {
    const view: View = { window: { u0: 0, v0: 0, width: 20, height: 20 }, box: [0, 0, 20, 16], width: 10, height: 8, channels: 1, pixels: new Float32Array(80).fill(9), key: "" };
    assert.equal(contrastOf({ box: [8, 6, 12, 10], data: new Uint8Array(16).fill(1) }, view), 0);
    view.pixels.fill(3, 3 * 10 + 4, 3 * 10 + 6);
    view.pixels.fill(3, 4 * 10 + 4, 4 * 10 + 6);
    assert.equal(contrastOf({ box: [8, 6, 12, 10], data: new Uint8Array(16).fill(1) }, view), -6);
  });
});

function viewOf(grey: (u: number, v: number) => number): View {
  const pixels = new Float32Array(20 * 16).map((_, at) => grey(at % 20, Math.floor(at / 20)));
  return { window: { u0: 0, v0: 0, width: 20, height: 20 }, box: [0, 0, 20, 16], width: 20, height: 16, channels: 1, pixels, key: "" };
}
