import assert from "node:assert/strict";
import test from "node:test";
import { enlarge } from "./bicubic.ts";

test("two channels of 3 x 3 become 5 x 5 vectors, as PyTorch makes them", () => {
  const grid = Float32Array.from({ length: 18 }, (_, index) => index ** 1.5 / 10);
  const expected = [
    -0.05782, 2.51639, -0.03003, 2.70242, 0.0328, 3.01588, 0.14271, 3.34231, 0.21897, 3.5417,
    0.11759, 3.09981, 0.17985, 3.29771, 0.29585, 3.63063, 0.44748, 3.97584, 0.54643, 4.18639,
    0.4927, 4.10602, 0.60551, 4.323, 0.8, 4.68722, 1.01482, 5.06267, 1.14857, 5.29123,
    1.10432, 5.21827, 1.24883, 5.45256, 1.49424, 5.84524, 1.75516, 6.24836, 1.91564, 6.49341,
    1.52326, 5.91088, 1.68283, 6.15522, 1.95302, 6.56443, 2.23806, 6.98366, 2.41292, 7.23833,
  ];
  const enlarged = enlarge(grid, 2, 3, 5);
  assert.equal(enlarged.length, expected.length);
  for (const [index, value] of expected.entries()) assert.ok(Math.abs(enlarged[index]! - value) < 2e-5, `${index}: ${enlarged[index]}`);
});
