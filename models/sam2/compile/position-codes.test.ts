import assert from "node:assert/strict";
import test from "node:test";
import { sineCode } from "./position-codes.ts";

test("the row's sines and cosines come first, then the column's (numbers from PyTorch)", () => {
  const first = [0, -1, 0.031411, 0.999507];
  const second = [0, 1, 0.06279, 0.998027];
  const expected = [...first, ...first, ...first, ...second, ...second, ...first, ...second, ...second];
  const code = sineCode(2, 8);
  assert.equal(code.length, expected.length);
  for (const [index, value] of expected.entries()) assert.ok(Math.abs(code[index]! - value) < 5e-6, `${index}: ${code[index]}`);
});
