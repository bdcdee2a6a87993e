import assert from "node:assert/strict";
import test from "node:test";
import { packRows, unpackRows } from "./packed-rows.ts";

test("a row is the number of its runs, their starts and ends, and their values", () => {
  const values = new Uint32Array(400);
  values.set([0, 7, 8, 0, 0, 9]);
  values[399] = 5;
  assert.deepEqual([...packRows(values, 100)!], [5, 13, 14, 15, 19, 2, 1, 3, 5, 6, 7, 8, 9, 0, 0, 1, 99, 100, 5]);
});

test("what would not become smaller is not packed", () => {
  assert.equal(packRows(new Uint32Array(60).fill(1), 20), undefined);
  assert.equal(packRows(Uint32Array.from({ length: 60 }, (_, at) => at % 2), 20), undefined);
  assert.equal(packRows(new Uint32Array(2), 1), undefined);
});

test("a part of a row is cut out of its runs; what lies around it is left alone", () => {
  const values = new Uint32Array(400);
  values.set([1, 2, 3, 0, 4, 5], 100);
  values.set([6, 7], 298);
  const packed = packRows(values, 100)!;
  const out = new Uint32Array(12);
  out[0] = 99;
  unpackRows({ places: packed.subarray(1, 4), words: packed.subarray(packed[1]) }, 0, 2, { out, at: 1, width: 5, x0: 1, x1: 5 });
  assert.deepEqual([...out], [99, 2, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
  unpackRows({ places: packed.subarray(1, 4), words: packed.subarray(packed[1]) }, 1, 1, { out, at: 10, width: 5, x0: 98, x1: 100 });
  assert.deepEqual([...out.subarray(10)], [6, 7]);
});
