import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { polygonMask } from "./polygon-mask.ts";

describe("polygonMask", () => {
  it("takes the pixels whose centres lie inside", () => {
    assert.deepEqual(polygonMask([[1.4, 2], [4.6, 2], [4.6, 4], [1.4, 4]], [0, 0, 9, 8]), { box: [1, 2, 5, 4], data: Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1) });
    assert.deepEqual(polygonMask([[1.6, 2], [4.4, 2], [4.4, 4], [1.6, 4]], [0, 0, 9, 8]).box, [2, 2, 4, 4]);
  });

  it("leaves a hole where it crosses itself, and what lies outside the view", () => {
    const eight: [number, number][] = [[0, 0], [6, 0], [6, 6], [0, 6], [0, 0], [2, 2], [4, 2], [4, 4], [2, 4], [2, 2]];
    const mask = polygonMask(eight, [0, 0, 5, 5]);
    assert.deepEqual([...mask.data], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1]);
  });

  it("is empty off the view", () => {
    assert.deepEqual(polygonMask([[50, 50], [60, 50], [60, 60]], [0, 0, 9, 8]).box, [0, 0, 0, 0]);
  });
});
