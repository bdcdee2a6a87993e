import assert from "node:assert/strict";
import test from "node:test";
import { sourceIndex } from "./border.ts";

test("what stands beyond a line of three, and of one", () => {
  const line = (length: number, border: Parameters<typeof sourceIndex>[2]) => Array.from({ length: length + 8 }, (_, at) => sourceIndex(at - 4, length, border)).join(" ");
  assert.equal(line(3, "replicate"), "0 0 0 0 0 1 2 2 2 2 2");
  assert.equal(line(3, "reflect"), "2 2 1 0 0 1 2 2 1 0 0");
  assert.equal(line(3, "wrap"), "2 0 1 2 0 1 2 0 1 2 0");
  assert.equal(line(3, "constant"), "-1 -1 -1 -1 0 1 2 -1 -1 -1 -1");
  assert.equal(line(1, "reflect"), "0 0 0 0 0 0 0 0 0");
  assert.equal(line(1, "wrap"), "0 0 0 0 0 0 0 0 0");
});
