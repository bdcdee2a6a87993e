import assert from "node:assert/strict";
import { it } from "node:test";
import { pannedMemory } from "./pan-memory.ts";

/** 4 x 4 cells of one token value each, named by row and column. */
const tokens = Uint16Array.from({ length: 16 }, (_, at) => 10 * Math.floor(at / 4) + (at % 4));

it("moves a memory with the picture, by the nearest whole cells", () => {
  const moved = pannedMemory(tokens, { loose: 0, side: 4 }, [0, 0, 40, 80], [11, 20, 51, 100]);
  assert.deepEqual([...moved], [11, 12, 13, 13, 21, 22, 23, 23, 31, 32, 33, 33, 31, 32, 33, 33]);
});

it("leaves it where nothing moved by half a cell, or the window has another size", () => {
  assert.equal(pannedMemory(tokens, { loose: 0, side: 4 }, [0, 0, 40, 80], [4, 0, 44, 80]), tokens);
  assert.equal(pannedMemory(tokens, { loose: 0, side: 4 }, [0, 0, 40, 80], [20, 0, 61, 80]), tokens);
});

it("moves all of a token", () => {
  const pairs = Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  assert.deepEqual([...pannedMemory(pairs, { loose: 0, side: 2 }, [0, 0, 2, 2], [-1, 0, 1, 2])], [1, 2, 1, 2, 5, 6, 5, 6]);
});

it("leaves tokens that lie nowhere as they are", () => {
  assert.deepEqual([...pannedMemory(Uint16Array.of(9, 9, 8, 1, 2, 3, 4), { loose: 3, side: 2 }, [0, 0, 2, 2], [-1, 0, 1, 2])], [9, 9, 8, 1, 1, 3, 3]);
});
