import assert from "node:assert/strict";
import test from "node:test";
import { extremesOf } from "#server/classical/kernels/extremes.ts";
import { extremesNeeded, heldRange } from "./held-range.ts";

const held = (...odd: readonly number[]): ReturnType<typeof heldRange> =>
  heldRange(extremesOf(Float32Array.of(...odd, ...Float32Array.from({ length: 1101 }, (_, at) => Math.min(1000, Math.max(0, at - 50)))), extremesNeeded));

test("what lies far outside all others is held, on its side alone", () => {
  assert.equal(held(), undefined);
  assert.equal(held(16_000, -15_000), undefined);
  assert.deepEqual(held(1e9), { low: 0, high: 1960, warning: "All but a few values lie between 14 and 987; what is as far off as 1000000000 was taken for 1960." });
  assert.match(held(-3e38, 3e38)!.warning, /-3e\+38 was taken for -961, and 3e\+38 was taken for 1961/);
});

test("more than a handful of them, or others that are all one, are not judged", () => {
  assert.equal(held(...new Float32Array(66).fill(1e9)), undefined);
  assert.equal(heldRange(extremesOf(Float32Array.of(7, ...new Float32Array(500)), extremesNeeded)), undefined);
  assert.equal(heldRange(extremesOf(Float32Array.of(1, 2, 3e38), extremesNeeded)), undefined);
});
