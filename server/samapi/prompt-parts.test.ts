import assert from "node:assert/strict";
import test from "node:test";
import { promptParts } from "./prompt-parts.ts";

const side = { width: 20, height: 10 };
const box = (...of: [number, number, number, number]) => promptParts({ box: of, points: [] }, side);

test("a point is the middle of its pixel, a box is corners", () => {
  assert.deepEqual(promptParts({ box: [2, 3, 8, 9], points: [[1, 1, 0], [4, 5, 1]] }, side), { box: [2, 3, 8, 9], points: [[1.5, 1.5, 0], [4.5, 5.5, 1]] });
});

test("what reaches past the picture is cut off, and what lies outside says nothing", () => {
  assert.deepEqual(box(-5, -5, 8, 30), { box: [0, 0, 8, 10] });
  assert.deepEqual(box(8, 9, 2, 3), { box: [2, 3, 8, 9] }, "corners in any order");
  assert.deepEqual(box(5, 5, 5, 5), { box: [5, 5, 6, 6] }, "a click without a drag");
  for (const outside of [[20, 0, 30, 5], [0, 10, 5, 20], [-9, 0, 0, 5], [-9, -9, -3, -3]] as const) assert.equal(promptParts({ box: outside, points: [] }, side), undefined);
  assert.deepEqual(promptParts({ box: undefined, points: [[19, 9, 1], [20, 9, 0], [-1, 0, 0]] }, side), { points: [[19.5, 9.5, 1]] });
  assert.equal(promptParts({ box: undefined, points: [[3, 3, 0], [30, 3, 1]] }, side), undefined, "nothing says where it is");
});
