// The edits of automask, combine, split and classical.run in the fold: what they take away and put, and that undo gives back exactly what was there.
import assert from "node:assert/strict";
import test from "node:test";
import type { Mask } from "#protocol/types.ts";
import { fold } from "./fold.ts";
import type { SessionState } from "./fold.ts";
import { encodeRecord, journalHeader, readRecords } from "./record.ts";
import type { Author, Change, HeldPrompt, JournalRecord, Remake } from "./record.ts";

const ann: Author = { id: "a1", name: "ann" };
const mask = (objectId: number, index: number, area: number, t = 0): Mask => ({ objectId, axis: "z", index, t, box: [0, 0, 8, 1], bits: new Uint8Array([0xff]), score: 0.9, area });
const edit = (seq: number, change: Change): JournalRecord => ({ r: "edit", seq, at: "2025-01-01T00:00:00.000Z", author: ann, change });
const set = (objectId: number, index: number, t = 0): Change => ({ kind: "prompt.set", objectId, cut: { axis: "z", index, t, c: 0 }, parts: { box: [0, 0, 4, 4] }, mask: mask(objectId, index, 10 * objectId, t), model: "m" });
const prompt = (index: number): HeldPrompt => ({ cut: { axis: "z", index, t: 0, c: 0 }, parts: { mask: { box: [0, 0, 8, 1], bits: new Uint8Array([0xff]) } } });

/** `object: planes with areas; prompted planes`, for every object. */
function told(state: SessionState): string[] {
  return [...state.objects].map(([id, { prompts, masks }]) =>
    `${id}: ${[...masks.values()].map((held) => `${held.mask.index}@${held.mask.t}=${held.mask.area} ${held.from}`).sort().join(", ")}; ${[...prompts.values()].map(({ cut }) => `${cut.index}@${cut.t}`).sort().join(" ")}`).sort();
}

const before = [edit(1, set(1, 5)), edit(2, set(1, 6, 1)), edit(3, set(2, 7))];
const union: Remake = { kind: "combine", removes: { masks: [{ objectId: 1 }, { objectId: 2 }], prompts: [2] }, prompts: [{ objectId: 1, prompts: [prompt(7)] }], masks: [mask(1, 5, 11), mask(1, 7, 17)] };

test("what goes goes first, then prompts and masks are put", () => {
  const state = fold([...before, edit(4, union)]);
  assert.deepEqual(told(state), ["1: 5@0=11 run, 7@0=17 run; 5@0 6@1 7@0"]);
  assert.deepEqual([1, 2].map((id) => state.touched.get(id)?.seq), [4, 4]);
});

test("masks of one frame go alone, and an object may keep its place with nothing but prompts", () => {
  const part: Remake = { kind: "split", removes: { masks: [{ objectId: 1, t: 1 }], prompts: [] }, prompts: [], masks: [mask(3, 6, 5, 1)] };
  assert.deepEqual(told(fold([...before, edit(4, part)])), ["1: 5@0=10 prompt; 5@0 6@1", "2: 7@0=20 prompt; 7@0", "3: 6@1=5 run; "]);
});

test("undo gives back what was there, redo what came of it, exactly", () => {
  const undone = [...before, edit(4, union), edit(5, { kind: "undo", of: 4 })];
  assert.deepEqual(fold(undone).objects, fold(before).objects);
  assert.deepEqual([1, 2].map((id) => fold(undone).touched.get(id)?.seq), [5, 5]);
  assert.deepEqual(fold([...undone, edit(6, { kind: "redo", of: 4 })]).objects, fold([...before, edit(4, union)]).objects);
});

test("what a recipe found may be taken away by a later run that ends before it, for it is no answer to its prompt", () => {
  const found: Remake = { kind: "classical", removes: { masks: [{ objectId: 1, t: 0 }], prompts: [1] }, prompts: [{ objectId: 1, prompts: [prompt(5)] }, { objectId: 4, prompts: [prompt(8)] }], masks: [mask(1, 5, 15), mask(4, 8, 48), mask(4, 9, 49)] };
  const state = fold([...before, edit(4, found)]);
  assert.deepEqual(told(state), ["1: 5@0=15 run, 6@1=10 prompt; 5@0", "2: 7@0=20 prompt; 7@0", "4: 8@0=48 run, 9@0=49 run; 8@0"]);
  assert.deepEqual([1, 2, 4].map((id) => state.touched.get(id)?.seq), [4, 3, 4]);
  assert.deepEqual(fold([...before, edit(4, found), edit(5, { kind: "undo", of: 4 })]).objects, fold(before).objects);
  const run: JournalRecord[] = [
    edit(5, { kind: "propagate", run: { objects: [4], along: "z", direction: "both", window: "object", model: "m" } }),
    { r: "mask", seq: 5, mask: mask(4, 8, 80) }, { r: "end", seq: 5, end: { objectId: 4, direction: "forward", index: 8, reason: "lost" } },
  ];
  assert.equal(told(fold([...before, edit(4, found), ...run])).at(-1), "4: 8@0=80 run; 8@0");
});

const stack: readonly JournalRecord[] = [
  ...before, edit(4, { kind: "automask.stack", removes: { masks: [], prompts: [] }, prompts: [], masks: [], model: "m" }),
  { r: "object", seq: 4, object: { objectId: 8, prompts: [prompt(2)] } }, { r: "mask", seq: 4, mask: mask(8, 2, 82) }, { r: "mask", seq: 4, mask: mask(8, 3, 83) },
];

test("objects that an edit makes while it goes on are its own: they count as edited by it, and undo takes them all", () => {
  const state = fold(stack);
  assert.deepEqual(told(state).at(-1), "8: 2@0=82 prompt, 3@0=83 run; 2@0");
  assert.equal(state.touched.get(8)?.seq, 4);
  const undone = fold([...stack, edit(5, { kind: "undo", of: 4 })]);
  assert.deepEqual(undone.objects, fold(before).objects);
  assert.equal(undone.touched.get(8)?.seq, 5);
});

test("a journal with these edits, cut at any byte, is the state after the last whole record", () => {
  const records = [...stack, edit(5, union), edit(6, { ...union, kind: "classical" })];
  const bytes = Buffer.concat([journalHeader, ...records.map(encodeRecord)]);
  const ends = records.map((_, count) => journalHeader.length + records.slice(0, count + 1).reduce((sum, record) => sum + encodeRecord(record).length, 0));
  for (let length = journalHeader.length; length <= bytes.length; length++) {
    const reading = readRecords(Uint8Array.from(bytes.subarray(0, length)));
    assert.equal(reading.damagedAt, undefined);
    assert.equal(reading.records.length, ends.filter((end) => end <= length).length);
  }
  assert.deepEqual(told(fold(readRecords(Uint8Array.from(bytes)).records)), told(fold(records)));
});
