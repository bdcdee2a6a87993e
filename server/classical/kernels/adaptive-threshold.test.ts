import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws } from "../../../test/neighbourhood-laws.ts";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { adaptiveThreshold, localThreshold } from "./adaptive-threshold.ts";

test("on a slope, what stands out of its surroundings is found", () => {
  const values = Uint8Array.of(10, 20, 45, 40, 50, 60, 85, 80, 90);
  assert.deepEqual([...adaptiveThreshold(values, [1, 1, 9], { method: "mean", radius: 1, offset: -5 })], [0, 0, 1, 0, 0, 0, 1, 0, 0]);
  assert.deepEqual([...adaptiveThreshold(values, [1, 1, 9], { method: "gaussian", sigma: 1, offset: -5 })], [0, 0, 1, 0, 0, 0, 1, 0, 0]);
});

test("Niblack and Sauvola by hand", () => {
  const values = Float32Array.of(10, 30, 10, 30);
  const close = (found: Float32Array, wanted: number): void => assert.ok(Math.abs(found[1]! - wanted) < 1e-4, `${found[1]} for ${wanted}`);
  const middle = 50 / 3;
  const deviation = Math.sqrt((2 * 100 + 900) / 3 - middle ** 2);
  close(localThreshold(values, [1, 1, 4], { method: "niblack", radius: [0, 0, 1], k: 0.5 }), middle - 0.5 * deviation);
  close(localThreshold(values, [1, 1, 4], { method: "sauvola", radius: [0, 0, 1], range: 128 }), middle * (1 + 0.2 * (deviation / 128 - 1)));
});

test("a value in the midst of the data keeps small deviations exact", () => {
  const random = seededRandom(4);
  const values = Uint16Array.from({ length: 7 * 8 * 9 }, () => 60_000 + random.whole(-5, 5));
  const near = Float32Array.from(values, (value) => value - 60_000);
  const size = [7, 8, 9] as const;
  const found = localThreshold(values, size, { method: "niblack", radius: 2, k: 1, around: 60_000 });
  const wanted = localThreshold(near, size, { method: "niblack", radius: 2, k: 1 });
  found.forEach((value, at) => assert.ok(Math.abs(value - 60_000 - wanted[at]!) < 0.01));
});

for (const how of [{ method: "mean", radius: 2 }, { method: "gaussian", sigma: 0.7 }, { method: "niblack", radius: 2 }, { method: "sauvola", radius: 1, range: 1000 }] as const) {
  test(`laws of a neighbourhood: ${how.method}`, () => {
    assertNeighbourhoodLaws({ reach: 3, exchangeTolerance: 2e-3, filter: (values, size) => localThreshold(values, size, how) });
  });
}
