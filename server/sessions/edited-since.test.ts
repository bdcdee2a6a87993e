import assert from "node:assert/strict";
import test from "node:test";
import type { Along, Axis, Mask } from "#protocol/types.ts";
import { editedSince } from "./edited-since.ts";
import { addRecord, emptyHistory, type History } from "./fold.ts";
import type { Author, Change, HeldPrompt, JournalRecord, Remake, RunParams } from "./record.ts";

const ann: Author = { id: "a1", name: "ann" };
const mask: Mask = { objectId: 1, axis: "z", index: 0, t: 0, box: [0, 0, 8, 1], bits: Uint8Array.of(0xff), score: 0.9, area: 8 };
const held = (index: number, axis: Axis = "z"): HeldPrompt => ({ cut: { axis, index, t: 0, c: 0 }, parts: { box: [0, 0, 4, 4] } });
const set = (index: number, objectId = 1, axis: Axis = "z"): Change => ({ kind: "prompt.set", objectId, ...held(index, axis), mask, model: "m" });
const remove = (index: number): Change => ({ kind: "prompt.remove", objectId: 1, cut: held(index).cut });
const run = (more: Partial<RunParams> = {}): Change => ({ kind: "propagate", run: { objects: [1], along: "z", direction: "both", window: "object", model: "m", ...more } });
const done = "done";

/** Edits in order; `done` says that the run before it came to its end. */
function historyOf(changes: readonly (Change | typeof done)[]): History {
  const history = emptyHistory();
  for (const change of changes) {
    const seq = history.edits.length;
    const record: JournalRecord = change === done ? { r: "done", seq } : { r: "edit", seq: seq + 1, at: "2025-01-01T00:00:00.000Z", author: ann, change };
    addRecord(history, record);
  }
  return history;
}

function edited(changes: readonly (Change | typeof done)[], along: Along = "z"): readonly string[] | undefined {
  return editedSince(historyOf(changes), 1, along)?.map(({ axis, index }) => `${axis}${index}`);
}

const put = (...indices: number[]): Change => ({ kind: "prompts.put", objects: [{ objectId: 1, prompts: indices.map((index) => held(index)) }] });
const remake = (more: Pick<Remake, "removes" | "prompts">): Change => ({ kind: "split", masks: [], ...more });

const cases: [string, readonly (Change | typeof done)[], readonly string[] | undefined][] = [
  ["never followed", [set(3)], undefined],
  ["a run that did not come to its end", [set(3), run(), set(5)], undefined],
  ["followed, and nothing since", [set(3), run(), done], []],
  ["prompts set and removed since", [set(3), set(9), run(), done, set(5), remove(9)], ["z5", "z9"]],
  ["another object's edits and runs", [set(3), run(), done, set(5), set(6, 2), run({ objects: [2] }), done], ["z5"]],
  ["a run along another axis", [set(3), run(), done, set(5), set(5, 1, "y"), run({ along: "y" }), done], ["z5", "y5"]],
  ["a later run that was cut short", [set(3), run(), done, set(5), run()], ["z5"]],
  ["a run within a range leaves what lies outside it", [set(3), set(20), run({ range: { start: 0, end: 10 } }), done, set(5)], ["z20", "z5"]],
  ["all prompts put anew", [put(3, 4), run(), done, put(4, 8)], ["z3", "z4", "z8"]],
  ["an undone run", [set(3), run(), done, { kind: "undo", of: 2 }], undefined],
  ["an undone prompt", [set(3), run(), done, set(5), { kind: "undo", of: 3 }], []],
  ["removed and begun anew", [set(3), run(), done, { kind: "object.remove", objectId: 1 }, set(3)], undefined],
  ["its masks were taken away", [set(3), run(), done, remake({ removes: { masks: [{ objectId: 1 }], prompts: [1] }, prompts: [{ objectId: 1, prompts: [held(7)] }] })], undefined],
  ["another object was split", [set(3), run(), done, remake({ removes: { masks: [{ objectId: 2 }], prompts: [2] }, prompts: [{ objectId: 3, prompts: [held(7)] }] })], []],
];
for (const [what, changes, expected] of cases) {
  test(what, () => assert.deepEqual(edited(changes), expected));
}
