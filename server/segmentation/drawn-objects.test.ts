// Masks of several objects as voxels of boxes, at a place of their own in the volume.
import assert from "node:assert/strict";
import test from "node:test";
import { maskOfRows } from "../../test/mask-of-rows.ts";
import { drawnObjects } from "./drawn-objects.ts";

const first = [maskOfRows(2, 1, ["##.", ".##"], { objectId: 4, index: 3 }), maskOfRows(0, 3, ["#", "#"], { objectId: 4, axis: "y", index: 5 })];
const second = [maskOfRows(3, 1, ["##########"], { objectId: 9, index: 3 })];

/** Rows of text, one string a plane. */
const told = (data: ArrayLike<number>, [depth, height, width]: readonly [number, number, number]): string[] =>
  Array.from({ length: depth }, (_, z) => Array.from({ length: height }, (__, y) => Array.from({ length: width }, (___, x) => data[(z * height + y) * width + x]).join("")).join(" "));

test("where several lie the first is meant, and y planes count where they cross", () => {
  const drawn = drawnObjects([first, second], [0, 0, 0]);
  const box = { start: [3, 1, 0], end: [5, 6, 7] } as const;
  assert.deepEqual(told(drawn.numbers(box), [2, 5, 7]), ["0011222 0001100 0000000 0000000 1000000", "0000000 0000000 0000000 0000000 1000000"]);
  assert.deepEqual(told(drawn.mask(box), [2, 5, 7])[0], "0011111 0001100 0000000 0000000 1000000");
});

test("boxes count from the origin, and cut what lies over their edges", () => {
  const drawn = drawnObjects([first, second], [2, 1, 3]);
  assert.deepEqual(told(drawn.numbers({ start: [0, 0, 0], end: [2, 2, 2] }), [2, 2, 2]), ["00 00", "12 11"]);
  assert.deepEqual(told(drawn.numbers({ start: [1, 0, 8], end: [2, 1, 12] }), [1, 1, 4]), ["2200"]);
});
