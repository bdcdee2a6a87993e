import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { fallingOrder } from "./falling-order.ts";

test("the highest first, equal ones as they come, whatever the sign", () => {
  assert.deepEqual([...fallingOrder(Float32Array.of(1, -2, Infinity, 0, -0, 1, -Infinity, 1e-40))], [2, 0, 5, 7, 3, 4, 1, 6]);
  assert.deepEqual([...fallingOrder(new Float32Array(0))], []);
});

test("as a stable sort", () => {
  const random = seededRandom(4);
  const values = Float32Array.from({ length: 3000 }, () => random.whole(-50, 50) * random.whole(0, 3) * 0.1);
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
  assert.deepEqual([...fallingOrder(values)], order);
});
