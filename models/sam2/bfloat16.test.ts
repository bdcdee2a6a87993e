import assert from "node:assert/strict";
import { it } from "node:test";
import { fromBfloat16Into, toBfloat16 } from "./bfloat16.ts";

it("rounds to eight bits of precision, ties to even", () => {
  const values = Float32Array.of(1, 1 + 1 / 256, 1 + 3 / 256, -0.1, 3.4e38, NaN, -Infinity);
  const back = new Float32Array(values.length + 1);
  fromBfloat16Into(toBfloat16(values), back, 1);
  assert.deepEqual([...back], [0, 1, 1, 1 + 4 / 256, Math.fround(-0.10009765625), Infinity, NaN, -Infinity]);
});
