import assert from "node:assert/strict";
import test from "node:test";
import { limits } from "#protocol/limits.ts";
import { freeIds, newObjectIds } from "./object-ids.ts";
import { fold } from "./fold.ts";
import type { JournalRecord } from "./record.ts";

test("ids go on above the highest, and fill gaps only when nothing is left above", () => {
  assert.deepEqual(freeIds(new Set(), 2), [1, 2]);
  assert.deepEqual(freeIds(new Set([7, 2]), 2), [8, 9]);
  assert.deepEqual(freeIds(new Set([1, 3, limits.maxObjectId - 1]), 3), [limits.maxObjectId, 2, 4]);
  const full = new Set(Array.from({ length: 9 }, (_, at) => at + 1));
  assert.deepEqual(freeIds(full, 1), [10]);
});

test("an object that was undone keeps its id to itself", () => {
  const author = { id: "a", name: "ann" };
  const put: JournalRecord = { r: "edit", seq: 1, at: "", author, change: { kind: "prompts.put", objects: [{ objectId: 5, prompts: [{ cut: { axis: "z", index: 0, t: 0, c: 0 }, parts: { box: [0, 0, 1, 1] } }] }] } };
  const undo: JournalRecord = { r: "edit", seq: 2, at: "", author, change: { kind: "undo", of: 1 } };
  assert.deepEqual(newObjectIds(fold([put, undo]), 2), [6, 7]);
});
