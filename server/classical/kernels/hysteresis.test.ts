import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { connectedTo } from "./connected-to.ts";
import { hysteresisThreshold } from "./hysteresis.ts";

test("weak voxels stay where a strong one hangs together with them", () => {
  const values = Uint8Array.of(
    5, 5, 0, 5,
    0, 0, 9, 0,
    0, 0, 0, 0,
    5, 5, 0, 0,

    0, 0, 0, 0,
    0, 0, 0, 5,
    0, 0, 0, 0,
    0, 0, 0, 0,
  );
  const kept = (connectivity?: 6 | 18 | 26): string => hysteresisThreshold(values, [2, 4, 4], { low: 5, high: 9, ...(connectivity === undefined ? {} : { connectivity }) }).join("");
  assert.equal(kept(), ["1101", "0010", "0000", "0000", "0000", "0001", "0000", "0000"].join(""));
  assert.equal(kept(18), kept(26));
  assert.equal(kept(6), ["0000", "0010", "0000", "0000", "0000", "0000", "0000", "0000"].join(""));
});

test("both thresholds are in; NaN is in none; equal or crossed ones are one threshold", () => {
  const values = Float32Array.of(1, 2, NaN, 2, 3, 2, 1, 2);
  assert.deepEqual([...hysteresisThreshold(values, [1, 1, 8], { low: 2, high: 3 })], [0, 0, 0, 1, 1, 1, 0, 0]);
  assert.deepEqual([...hysteresisThreshold(values, [1, 1, 8], { low: 2, high: 2 })], [0, 1, 0, 1, 1, 1, 0, 1]);
  assert.deepEqual([...hysteresisThreshold(values, [1, 1, 8], { low: 2, high: 0 })], [0, 1, 0, 1, 1, 1, 0, 1]);
});

test("as a flood from the strong voxels", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size = [random.whole(1, 6), random.whole(1, 9), random.whole(1, 12)] as const;
    const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, () => random.uniform());
    const [low, high] = [random.between(0.6, 0.9), random.between(0.85, 1)];
    const seeds = [...values.keys()].filter((at) => values[at]! >= Math.max(low, high));
    assert.deepEqual(hysteresisThreshold(values, size, { low, high: Math.max(low, high) }), connectedTo(Uint8Array.from(values, (value) => Number(value >= low)), size, seeds), `seed ${seed}`);
  }
});
