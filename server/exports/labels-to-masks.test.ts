import assert from "node:assert/strict";
import { test } from "node:test";
import { labelsToMasks } from "./labels-to-masks.ts";

test("each id becomes one mask of its plane", () => {
  const ids = Uint16Array.of(
    0, 0, 9, 9, 0, 0, 0, 0, 0, 0, 9,
    0, 4, 4, 9, 0, 0, 0, 0, 0, 0, 0,
    0, 4, 0, 9, 0, 0, 0, 0, 0, 0, 0,
  );
  assert.deepEqual(labelsToMasks({ ids, width: 11, t: 2, z: 5 }), [
    { objectId: 4, axis: "z", index: 5, t: 2, box: [1, 1, 3, 3], bits: Uint8Array.of(0b11000000, 0b10000000), score: 1, area: 3 },
    { objectId: 9, axis: "z", index: 5, t: 2, box: [2, 0, 11, 3], bits: Uint8Array.of(0b11000000, 0b10000000, 0b01000000, 0, 0b01000000, 0), score: 1, area: 5 },
  ]);
});

test("an empty plane has no mask", () => {
  assert.deepEqual(labelsToMasks({ ids: new Float32Array(6), width: 3, t: 0, z: 0 }), []);
});

test("numbers that are no ids are refused by their place", () => {
  const refused = (value: number): unknown => labelsToMasks({ ids: Float64Array.of(0, 0, 0, value), width: 2, t: 0, z: 3 });
  assert.throws(() => refused(1.5), { code: "request_invalid", message: /t=0\/z=3\/y=1\/x=1: 1.5/ });
  assert.throws(() => refused(-1), { code: "request_invalid" });
  assert.throws(() => refused(Number.NaN), { code: "request_invalid" });
  assert.throws(() => refused(Number.POSITIVE_INFINITY), { code: "request_invalid" });
  assert.throws(() => refused(16_777_217), { code: "labels_too_many" });
});
