import assert from "node:assert/strict";
import test from "node:test";
import type { End, Mask } from "#protocol/types.ts";
import { fold } from "./fold.ts";
import type { SessionState } from "./fold.ts";
import type { Author, Change, JournalRecord, RunParams } from "./record.ts";

const ann: Author = { id: "a1", name: "ann" };

/** A mask whose area tells the tests apart. */
function mask(objectId: number, index: number, area: number, t = 0): Mask {
  return { objectId, axis: "z", index, t, box: [0, 0, 8, 1], bits: new Uint8Array([0xff]), score: 0.9, area };
}

function edit(seq: number, change: Change, author = ann): JournalRecord {
  return { r: "edit", seq, at: "2025-01-01T00:00:00.000Z", author, change };
}

function set(objectId: number, index: number, area: number, t = 0): Change {
  return { kind: "prompt.set", objectId, cut: { axis: "z", index, t, c: 0 }, parts: { box: [0, 0, 4, 4] }, mask: mask(objectId, index, area, t), model: "m" };
}

function run(more: Partial<RunParams> = {}): Change {
  return { kind: "propagate", run: { objects: [1], along: "z", direction: "both", window: "object", model: "m", ...more } };
}

const found = (seq: number, index: number, area: number, t = 0): JournalRecord => ({ r: "mask", seq, mask: mask(1, index, area, t) });
const ended = (seq: number, direction: "forward" | "backward", index: number, reason: End["reason"]): JournalRecord => ({ r: "end", seq, end: { objectId: 1, direction, index, reason } });

/** The areas of object 1, by plane. */
function areas(state: SessionState): Record<string, number> {
  const masks = [...(state.objects.get(1)?.masks.values() ?? [])].map((held) => held.mask);
  return Object.fromEntries(masks.sort((a, b) => a.t - b.t || a.index - b.index).map((m) => [m.t === 0 ? `${m.index}` : `${m.index}@${m.t}`, m.area]));
}

/** Prompt on plane 5, and a finished run over planes 3 to 8. */
const finished: readonly JournalRecord[] = [
  edit(1, set(1, 5, 50)), edit(2, run()),
  found(2, 5, 51), found(2, 6, 61), found(2, 7, 71), found(2, 8, 81), ended(2, "forward", 8, "lost"),
  found(2, 4, 41), found(2, 3, 31), ended(2, "backward", 3, "lost"),
];

test("an empty journal is an empty session", () => {
  const state = fold([]);
  assert.equal(state.seq, 0);
  assert.equal(state.objects.size, 0);
});

test("a prompt holds with its mask, and setting it again replaces both", () => {
  const state = fold([edit(1, set(1, 5, 50)), edit(2, set(1, 5, 55)), edit(3, set(1, 7, 70))]);
  assert.deepEqual(areas(state), { 5: 55, 7: 70 });
  assert.deepEqual([...state.objects.get(1)!.prompts.keys()], ["z 5 0 0", "z 7 0 0"]);
  assert.equal(state.seq, 3);
});

test("a run's masks replace those on its planes", () => {
  assert.deepEqual(areas(fold(finished)), { 3: 31, 4: 41, 5: 51, 6: 61, 7: 71, 8: 81 });
});

test("a second run that ends earlier takes the masks beyond its ends away", () => {
  const state = fold([...finished, edit(3, run()), found(3, 5, 52), found(3, 6, 62), ended(3, "forward", 6, "low-score"), found(3, 4, 42), ended(3, "backward", 4, "empty")]);
  assert.deepEqual(areas(state), { 4: 42, 5: 52, 6: 62 });
});

test("a cancelled run keeps what earlier ones found beyond where it came", () => {
  const state = fold([...finished, edit(3, run()), found(3, 5, 52), found(3, 6, 62), ended(3, "forward", 6, "cancelled")]);
  assert.deepEqual(areas(state), { 3: 31, 4: 41, 5: 52, 6: 62, 7: 71, 8: 81 });
});

test("a run clears only inside its own range", () => {
  const state = fold([...finished, edit(3, run({ range: { start: 4, end: 8 } })), found(3, 5, 52), ended(3, "forward", 5, "lost"), ended(3, "backward", 5, "lost")]);
  assert.deepEqual(areas(state), { 3: 31, 5: 52, 8: 81 });
});

test("an end leaves the answer to a prompt, and what lies behind the next prompted plane, alone", () => {
  const state = fold([...finished, edit(3, set(1, 7, 77)), edit(4, run()), found(4, 5, 52), ended(4, "forward", 5, "lost"), ended(4, "forward", 7, "cancelled")]);
  assert.deepEqual(areas(state), { 3: 31, 4: 41, 5: 52, 7: 77, 8: 81 });
});

test("a run through time clears later frames of its z plane only", () => {
  const first = [edit(1, set(1, 5, 50)), edit(2, run({ along: "t" })), found(2, 5, 11, 1), found(2, 5, 12, 2), ended(2, "forward", 2, "range")];
  const along = [edit(3, run()), found(3, 6, 61), ended(3, "forward", 6, "lost"), ended(3, "backward", 5, "lost")];
  const again = [edit(4, run({ along: "t" })), found(4, 5, 14, 1), ended(4, "forward", 1, "lost")];
  assert.deepEqual(areas(fold([...first, ...along])), { 5: 50, 6: 61, "5@1": 11, "5@2": 12 });
  assert.deepEqual(areas(fold([...first, ...along, ...again])), { 5: 50, 6: 61, "5@1": 14 });
});

test("undo takes a whole run back, redo brings it again, and both are edits", () => {
  const undone = fold([...finished, edit(3, { kind: "undo", of: 2 })]);
  assert.deepEqual(areas(undone), { 5: 50 });
  assert.deepEqual([undone.seq, undone.undoable, undone.redoable], [3, [1], [2]]);
  const redone = fold([...finished, edit(3, { kind: "undo", of: 2 }), edit(4, { kind: "redo", of: 2 })]);
  assert.deepEqual(redone.objects, fold(finished).objects);
  assert.equal(redone.touched.get(1)?.seq, 4);
});

test("masks that arrive for a run already undone do not show", () => {
  assert.deepEqual(areas(fold([...finished, edit(3, { kind: "undo", of: 2 }), found(2, 9, 91)])), { 5: 50 });
});

test("a prompt set while a run goes on is not overwritten by masks of that run", () => {
  const state = fold([edit(1, set(1, 5, 50)), edit(2, run()), edit(3, set(1, 6, 66)), found(2, 6, 60), found(2, 7, 70)]);
  assert.deepEqual(areas(state), { 5: 50, 6: 66, 7: 70 });
});

test("a new edit makes what was undone unreachable", () => {
  const state = fold([edit(1, set(1, 5, 50)), edit(2, { kind: "undo", of: 1 }), edit(3, set(1, 6, 60))]);
  assert.deepEqual([state.undoable, state.redoable], [[3], []]);
});

test("putting prompts replaces those of the objects named, as one step", () => {
  const put: Change = { kind: "prompts.put", objects: [
    { objectId: 1, prompts: [{ cut: { axis: "z", index: 9, t: 0, c: 0 }, parts: { points: [[1, 2, 1]] } }] },
    { objectId: 2, prompts: [{ cut: { axis: "z", index: 4, t: 0, c: 0 }, parts: { box: [0, 0, 2, 2] } }] },
  ] };
  const before = [edit(1, set(1, 5, 50)), edit(2, set(3, 5, 53))];
  const state = fold([...before, edit(3, put)]);
  assert.deepEqual([...state.objects.get(1)!.prompts.keys()], ["z 9 0 0"]);
  assert.equal(state.objects.get(1)!.masks.size, 0);
  assert.deepEqual([...state.objects.keys()].sort(), [1, 2, 3]);
  assert.deepEqual(fold([...before, edit(3, put), edit(4, { kind: "undo", of: 3 })]).objects, fold(before).objects);
  const answered = fold([...before, edit(3, put), found(3, 9, 90), edit(4, set(1, 9, 99))]);
  assert.deepEqual(areas(answered), { 9: 99 }, "an answer that came with it, and the later one in its place");
  assert.equal(fold([...before, edit(3, put), found(3, 9, 90)]).objects.get(1)!.masks.get("z 9 0")!.from, "prompt");
});

test("removing a prompt takes its answer, removing an object takes all", () => {
  const one = fold([edit(1, set(1, 5, 50)), edit(2, set(1, 7, 70)), edit(3, { kind: "prompt.remove", objectId: 1, cut: { axis: "z", index: 5, t: 0, c: 0 } })]);
  assert.deepEqual(areas(one), { 7: 70 });
  const none = fold([...finished, edit(3, { kind: "object.remove", objectId: 1 })]);
  assert.equal(none.objects.size, 0);
  assert.equal(none.touched.get(1)?.seq, 3);
});

test("records that do not follow from those before are damage", () => {
  for (const wrong of [edit(2, set(1, 5, 50)), edit(1, { kind: "undo", of: 1 }), found(3, 1, 1)]) {
    assert.throws(() => fold([wrong]), { code: "session_damaged" });
  }
});

test("planes on which a later run found nothing between its prompt and its end lose what an earlier one found there", () => {
  const records = [...finished, edit(3, run()), found(3, 5, 53), found(3, 6, 63), found(3, 8, 83), ended(3, "forward", 8, "lost"), found(3, 4, 43), found(3, 3, 33), ended(3, "backward", 3, "lost")];
  assert.deepEqual(areas(fold(records)), { 3: 33, 4: 43, 5: 53, 6: 63, 8: 83 });
});

test("a run that continued answers for its own gaps: what others found elsewhere stays", () => {
  const before: readonly JournalRecord[] = [
    edit(1, set(1, 5, 50)), edit(2, set(1, 5, 50, 1)), edit(3, run()),
    found(3, 5, 51), found(3, 6, 61), found(3, 7, 71), ended(3, "forward", 7, "lost"), ended(3, "backward", 5, "lost"),
    found(3, 5, 51, 1), found(3, 6, 61, 1), found(3, 7, 71, 1), found(3, 8, 81, 1), ended(3, "forward", 8, "lost"), ended(3, "backward", 5, "lost"),
    edit(4, set(1, 5, 55, 1)),
  ];
  const walked = [{ objectId: 1, fixed: 1, start: 6, end: 20 }, { objectId: 1, fixed: 1, start: 5, end: 6 }];
  const again = (more: Partial<RunParams>): readonly JournalRecord[] => [...before, edit(5, run(more)), found(5, 5, 56, 1), found(5, 6, 66, 1), ended(5, "forward", 6, "lost"), { r: "done", seq: 5 }];
  assert.deepEqual(areas(fold(again({ walked }))), { 5: 51, 6: 61, 7: 71, "5@1": 56, "6@1": 66 });
  assert.deepEqual(areas(fold(again({}))), { 5: 51, 6: 61, "5@1": 56, "6@1": 66 }, "a run that was to walk everything ended before plane 7 in both frames");
});
