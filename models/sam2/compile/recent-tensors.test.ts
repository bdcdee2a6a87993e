import assert from "node:assert/strict";
import test from "node:test";
import { recentTensors } from "./recent-tensors.ts";

test("the two tensors used last are not read again", async () => {
  const read: string[] = [];
  const tensors = recentTensors({ shape: () => [1], read: async (name) => (read.push(name), Float32Array.of(name.length)) }, 2);
  for (const name of ["a", "bb", "a", "ccc", "a", "bb", "ccc"]) assert.deepEqual(await tensors.read(name), Float32Array.of(name.length));
  assert.deepEqual(read, ["a", "bb", "ccc", "bb", "ccc"]);
  assert.deepEqual(tensors.shape("a"), [1]);
});
