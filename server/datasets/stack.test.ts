import assert from "node:assert/strict";
import test from "node:test";
import { inverseTurn, stackAlong, turnCount, turnStack } from "./stack.ts";

const square = { size: [1, 2, 3] as const, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

test("the eight turns of two rows, written out", () => {
  const turned = Array.from({ length: turnCount }, (_, turn) => turnStack(square, turn));
  assert.deepEqual(turned.map(({ size, data }) => [size.slice(1), [...data]]), [
    [[2, 3], [1, 2, 3, 4, 5, 6]],
    [[3, 2], [4, 1, 5, 2, 6, 3]],
    [[2, 3], [6, 5, 4, 3, 2, 1]],
    [[3, 2], [3, 6, 2, 5, 1, 4]],
    [[2, 3], [3, 2, 1, 6, 5, 4]],
    [[3, 2], [6, 3, 5, 2, 4, 1]],
    [[2, 3], [4, 5, 6, 1, 2, 3]],
    [[3, 2], [1, 4, 2, 5, 3, 6]],
  ]);
  assert.deepEqual([...square.data], [1, 2, 3, 4, 5, 6]);
});

test("each plane turns by itself, every turn is undone by its inverse", () => {
  const stack = { size: [3, 4, 5] as const, data: Uint16Array.from({ length: 60 }, (_, at) => at * 1000) };
  assert.deepEqual([...turnStack(stack, 1).data.subarray(20, 24)], [35, 30, 25, 20].map((at) => at * 1000));
  for (let turn = 0; turn < turnCount; turn++) assert.deepEqual(turnStack(turnStack(stack, turn), inverseTurn(turn)), stack);
});

test("a box becomes planes along each axis", () => {
  const box = Uint8Array.from({ length: 2 * 3 * 4 }, (_, at) => Math.floor(at / 12) * 100 + (Math.floor(at / 4) % 3) * 10 + (at % 4));
  assert.deepEqual(stackAlong(box, [2, 3, 4], "z"), { size: [2, 3, 4], data: box });
  const alongY = stackAlong(box, [2, 3, 4], "y");
  assert.deepEqual([alongY.size, [...alongY.data.subarray(8, 16)]], [[3, 2, 4], [10, 11, 12, 13, 110, 111, 112, 113]]);
  const alongX = stackAlong(box, [2, 3, 4], "x");
  assert.deepEqual([alongX.size, [...alongX.data.subarray(6, 12)]], [[4, 2, 3], [1, 11, 21, 101, 111, 121]]);
});
