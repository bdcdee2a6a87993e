// What a union does to a session: masks of all axes and frames, prompts that meet on one plane, undo. Directions have their own tests.
import assert from "node:assert/strict";
import test from "node:test";
import type { Mask, Volume } from "#protocol/types.ts";
import { createTurns } from "#server/jobs/turns.ts";
import type { HeldPrompt } from "#server/sessions/record.ts";
import { masksOf } from "#server/sessions/session.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";
import { withSessionAlone } from "../../test/session-alone.ts";
import { combine } from "./combine.ts";

const volume: Volume = { volumeId: "vol-000000", name: "three", shape: { t: 2, c: 1, z: 5, y: 7, x: 15 }, dtype: "uint8", planesHeld: 0 };
const author = { id: "a", name: "ann" };
const box = (axis: "z" | "y", index: number, u0: number): HeldPrompt => ({ cut: { axis, index, t: 0, c: 0 }, parts: { box: [u0, 0, u0 + 2, 2] } });

test("masks of every axis and frame become those of the first object named, and no prompt is lost", () => withSessionAlone(volume, async (domains, sessionId) => {
  const session = await domains.sessions.open(sessionId);
  const masks: Mask[] = [
    maskOfRows(0, 0, ["##"], { objectId: 2, index: 1, score: 1 }),
    maskOfRows(4, 0, ["##", "##"], { objectId: 9, index: 1, score: 0.25, warnings: ["drift"] }),
    maskOfRows(6, 0, ["#", "#", "#"], { objectId: 9, axis: "y", index: 3, score: 0.5 }),
    maskOfRows(8, 5, ["#"], { objectId: 9, index: 4, t: 1, score: 0.75 }),
    maskOfRows(9, 6, ["#"], { objectId: 5, index: 1 }),
  ];
  const prompts = [
    { objectId: 2, prompts: [box("z", 1, 0), box("y", 3, 0)] },
    { objectId: 9, prompts: [box("z", 1, 4), box("y", 3, 6), box("z", 2, 6)] },
    { objectId: 5, prompts: [box("z", 1, 9)] },
  ];
  await session.edit({ kind: "combine", removes: { masks: [], prompts: [] }, prompts, masks }, author);
  const before = session.state().objects;

  const sent: Mask[] = [];
  const union = await combine(domains, createTurns(), { sessionId, how: "union", objects: [9, 2, 9] }, { author, onMask: (mask) => void sent.push(mask) });
  assert.deepEqual(union, { seq: 2, objects: [9] });
  const { objects } = session.state();
  assert.deepEqual([...objects.keys()].sort(), [5, 9]);
  const told = sent.map(({ axis, index, t, area, score, warnings }) => [axis, index, t, area, Math.round(score * 1e6) / 1e6, warnings ?? []]);
  assert.deepEqual(told, [["z", 0, 0, 1, 0.5, []], ["z", 1, 0, 7, Math.round(((2 * 1 + 4 * 0.25 + 0.5) / 7) * 1e6) / 1e6, ["drift"]], ["z", 2, 0, 1, 0.5, []], ["z", 4, 1, 1, 0.75, []]]);
  assert.deepEqual(masksOf(session.state(), [9]), sent);
  const joined = sent[1]!;
  assert.deepEqual([...objects.get(9)!.prompts], [
    ["z 1 0 0", { cut: { axis: "z", index: 1, t: 0, c: 0 }, parts: { mask: { box: joined.box, bits: joined.bits } } }],
    ["y 3 0 0", box("y", 3, 6)],
    ["z 2 0 0", box("z", 2, 6)],
  ]);
  await session.undo(author);
  assert.deepEqual(session.state().objects, before);
}));
