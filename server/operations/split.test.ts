// What split does to a session with several frames, and with prompts on planes of every axis.
import assert from "node:assert/strict";
import test from "node:test";
import type { Mask, Volume } from "#protocol/types.ts";
import { createTurns } from "#server/jobs/turns.ts";
import { masksOf } from "#server/sessions/session.ts";
import type { HeldPrompt } from "#server/sessions/record.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";
import { withSessionAlone } from "../../test/session-alone.ts";
import type { OperationContext } from "./contract.ts";
import { split } from "./split.ts";

const volume: Volume = { volumeId: "vol-000000", name: "two", shape: { t: 2, c: 1, z: 5, y: 7, x: 15 }, dtype: "uint8", spacing: { z: 2, y: 0.5, x: 0.5 }, planesHeld: 0 };
const dumbbell = [".#####...#####.", ".#####...#####.", ".#############.", ".#####...#####.", ".#####...#####."];
const author = { id: "a", name: "ann" };
const at = (axis: "z" | "y" | "x", index: number, t: number, u: number, v: number): HeldPrompt => ({ cut: { axis, index, t, c: 0 }, parts: { points: [[u, v, 1]] } });

test("the frame asked for is split, others stay; prompts go with their parts, whatever plane they lie on", () => withSessionAlone(volume, async (domains, sessionId) => {
  const session = await domains.sessions.open(sessionId);
  const masks = [0, 1].flatMap((t) => [1, 2, 3].map((z): Mask => maskOfRows(0, 1, dumbbell, { objectId: 6, index: z, t, score: 0.25 * z, warnings: ["drift"] })));
  const prompts = [at("z", 2, 1, 11, 3), at("z", 2, 0, 11, 3), at("y", 3, 1, 3.5, 2.5), at("x", 12, 1, 2.5, 1.5), at("z", 4, 1, 14.5, 6.5)];
  await session.edit({ kind: "combine", removes: { masks: [], prompts: [] }, prompts: [{ objectId: 6, prompts }], masks }, author);
  const before = masksOf(session.state());

  const sent: Mask[] = [];
  const context: OperationContext = { author, onMask: (mask) => void sent.push(mask) };
  assert.deepEqual(await split(domains, createTurns(), { sessionId, objectId: 6, frame: 1 }, context), { seq: 2, objects: [6, 7] });
  const state = session.state();
  const told = masksOf(state).map(({ objectId, t, index, area, score, warnings }) => [objectId, t, index, area, score, warnings]);
  assert.deepEqual(told, [
    ...[1, 2, 3].map((z) => [6, 0, z, 53, 0.25 * z, ["drift"]]), ...[1, 2, 3].map((z) => [6, 1, z, 27, 0.25 * z, ["drift"]]), ...[1, 2, 3].map((z) => [7, 1, z, 26, 0.25 * z, ["drift"]]),
  ]);
  assert.deepEqual(sent.map(({ objectId, t }) => [objectId, t]), [6, 6, 6, 7, 7, 7].map((id) => [id, 1]));
  const cutsOf = (id: number): string[] => [...state.objects.get(id)!.prompts.keys()];
  assert.deepEqual(cutsOf(6), ["z 2 0 0", "y 3 1 0", "z 4 1 0"], "those of another frame, on the first part, and on none");
  assert.deepEqual(cutsOf(7), ["z 2 1 0", "x 12 1 0"]);
  await session.undo(author);
  assert.deepEqual(masksOf(session.state()), before);
  assert.equal(session.state().objects.get(6)!.prompts.size, 5);
}));
