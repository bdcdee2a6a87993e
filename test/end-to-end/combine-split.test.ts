// combine and split through a server whose models are real but for the network: a tracker that follows what is bright.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { validate } from "#protocol/schema.ts";
import type { Declaration, Mask, Schema } from "#protocol/types.ts";
import { thresholdTrackers } from "../contracts/threshold-tracker.ts";
import { codeOf, connect, isChanged, isNeed, openedOf, seqOf, valueOf } from "./live-client.ts";
import type { Answer, LiveClient, LiveRequest } from "./live-client.ts";
import { withServer } from "./server-under-test.ts";
import type { Pace, ServerUnderTest } from "./server-under-test.ts";

const size = { z: 9, y: 20, x: 40 };
const declaration: Declaration = { name: "blocks", shape: { t: 1, c: 1, ...size }, dtype: "uint8", displayRange: [0, 255], identity: "blocks-1", spacing: { z: 1, y: 1, x: 1 } };

/** Two blocks of 5 x 8 x 8 with a bridge of 1 x 2 x 4 between them, and a third block apart. */
function inside(z: number, y: number, x: number): boolean {
  const block = (from: number): boolean => z >= 2 && z < 7 && y >= 5 && y < 13 && x >= from && x < from + 8;
  return block(3) || block(15) || block(29) || (z === 4 && y >= 8 && y < 10 && x >= 11 && x < 15);
}

function plane(z: number): Uint8Array {
  return Uint8Array.from({ length: size.y * size.x }, (_, at) => (inside(z, Math.floor(at / size.x), at % size.x) ? 200 : 10));
}

const withBlocks = (work: (server: ServerUnderTest) => Promise<void>, given?: string): Promise<void> => withServer(work, {}, given, (real, pace) => ({
  segmenter: {
    ...real.segmenter,
    propagate: async (scene, request, events) => {
      await pace.beforePlane(0, events.signal);
      return real.segmenter.propagate(scene, request, events);
    },
  },
  models: {
    resolve: async () => "threshold", state: () => "ready", trackers: thresholdTrackers(),
    list: async () => [{ id: "threshold", family: "sam1", licence: "none", installed: true, sizeBytes: 0, integrity: "recorded" }],
  },
}));

async function opened(url: string, client = "test"): Promise<{ live: LiveClient; sessionId: string }> {
  const live = await connect(url);
  live.onMessage((message) => {
    if (isNeed(message)) for (const wanted of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane: wanted, data: plane(wanted.z) });
  });
  await live.ask({ t: "hello", id: 1, protocol: 1, client });
  return { live, sessionId: openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration, view: { sigma: 0 } })).session.sessionId };
}

/** Stops the next run before its second direction until it is let go or cancelled. */
function stopAtSecond(pace: Pace): { reached: Promise<void>; letGo: () => void } {
  const state = { calls: 0, reach: (): void => undefined, letGo: (): void => undefined };
  const reached = new Promise<void>((resolve) => { state.reach = resolve; });
  const gone = new Promise<void>((resolve) => { state.letGo = resolve; });
  pace.beforePlane = async (_index, signal) => {
    if (++state.calls !== 2) return;
    state.reach();
    await Promise.race([gone, new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }))]);
  };
  return { reached, letGo: () => state.letGo() };
}

/** Ids of requests, none given twice. */
function asker(live: LiveClient): (message: LiveRequest) => Promise<Answer> {
  const last = { id: 100 };
  return (message) => live.ask({ ...message, id: ++last.id });
}

function objectsResult(answer: Answer): Schema<"ObjectsResult"> {
  const value = valueOf(answer);
  assert.ok("objects" in value, JSON.stringify(value));
  return value;
}

const onZ = (index: number) => ({ axis: "z" as const, index });
const planesOf = async (ask: (message: LiveRequest) => Promise<Answer>, sessionId: string): Promise<readonly Mask[]> => (await ask({ t: "labels.get", id: 0, sessionId, as: "planes" })).masks;
const voxels = (masks: readonly Mask[], objectId: number): number => masks.filter((mask) => mask.objectId === objectId).reduce((sum, mask) => sum + mask.area, 0);
const promptsOf = async (url: string, sessionId: string): Promise<[number, string[]][]> => {
  const session = validate("Session", await (await fetch(`${url}/v1/sessions/${sessionId}`)).json());
  return session.objects.map(({ objectId, prompts }) => [objectId, prompts.map(({ axis, index }) => `${axis}${index}`).sort()]);
};

test("directions: masks come after the edit is kept, others hear of it, and one undo gives back what was there", () => withBlocks(async ({ url }) => {
  const { live, sessionId } = await opened(url, "fiji");
  const other = await opened(url, "qupath");
  const ask = asker(live);
  await ask({ t: "prompt.set", id: 0, sessionId, objectId: 4, cut: onZ(4), box: [29, 5, 37, 13] });
  const before = await planesOf(ask, sessionId);
  const answer = await ask({ t: "combine", id: 0, sessionId, how: "directions" });
  assert.deepEqual(objectsResult(answer), { seq: 2, objects: [4], disagreements: [{ objectId: 4, voxels: 320, disputed: 0, dice: 1 }], model: "threshold" });
  assert.deepEqual(answer.masks.map(({ axis, index, area, box }) => [axis, index, area, box]), [2, 3, 4, 5, 6].map((z) => ["z", z, 64, [29, 5, 37, 13]]));
  assert.deepEqual(answer.progress.at(-1), { done: 69, total: 69, unit: "planes" });
  const after = await planesOf(ask, sessionId);
  assert.deepEqual(after, answer.masks);
  assert.equal((await other.live.next(isChanged)).kind, "prompt.set");
  assert.deepEqual(await other.live.next(isChanged), { t: "changed", sessionId, seq: 2, kind: "combine", objects: [4], by: "fiji" });
  assert.deepEqual(valueOf(await ask({ t: "undo", id: 0, sessionId })), { seq: 3, undone: "combine" });
  assert.deepEqual(await planesOf(ask, sessionId), before);
  await ask({ t: "redo", id: 0, sessionId });
  assert.deepEqual(await planesOf(ask, sessionId), after);
  assert.deepEqual(await promptsOf(url, sessionId), [[4, ["z4"]]]);
  await Promise.all([live.close(), other.live.close()]);
}));

test("directions, cancelled or overtaken by an edit of the object: nothing is changed", () => withBlocks(async ({ url, pace }) => {
  const { live, sessionId } = await opened(url);
  const ask = asker(live);
  await ask({ t: "prompt.set", id: 0, sessionId, objectId: 4, cut: onZ(4), box: [29, 5, 37, 13] });
  const before = await planesOf(ask, sessionId);
  const first = stopAtSecond(pace);
  const running = live.ask({ t: "combine", id: 50, sessionId, how: "directions", axes: ["z", "y"] });
  await first.reached;
  live.send({ t: "cancel", id: 50 });
  assert.deepEqual((await running).end, { t: "cancelled", id: 50 });
  assert.deepEqual(await planesOf(ask, sessionId), before);

  const second = stopAtSecond(pace);
  const overtaken = live.ask({ t: "combine", id: 51, sessionId, how: "directions", axes: ["z", "y"] });
  await second.reached;
  assert.equal(seqOf(await ask({ t: "prompt.set", id: 0, sessionId, objectId: 4, cut: onZ(3), box: [29, 5, 37, 13] })), 2, "it holds no edit up");
  second.letGo();
  const { end } = await overtaken;
  assert.deepEqual(end.t === "error" && [end.error.code, end.error.details], ["conflict", { objectId: 4, seq: 2, baseSeq: 1 }]);
  assert.equal((await planesOf(ask, sessionId)).length, 2);
  await live.close();
}));

test("union and split: ids, prompts and masks go where they belong, undo restores, and a killed server has it all", () => withBlocks(async ({ url, home }) => {
  const { live, sessionId } = await opened(url);
  const ask = asker(live);
  await ask({ t: "prompt.set", id: 0, sessionId, objectId: 2, cut: onZ(3), box: [3, 5, 11, 13] });
  await ask({ t: "prompt.set", id: 0, sessionId, objectId: 9, cut: onZ(5), box: [15, 5, 23, 13] });
  await ask({ t: "prompt.set", id: 0, sessionId, objectId: 4, cut: onZ(4), box: [29, 5, 37, 13] });
  await ask({ t: "propagate", id: 0, sessionId });
  const start = await planesOf(ask, sessionId);
  // On z 4 both blocks hang together, so each object has grown over the other there and beyond; together they are both blocks.
  const united = await ask({ t: "combine", id: 0, sessionId, how: "union", objects: [9, 2] });
  assert.deepEqual(objectsResult(united), { seq: 5, objects: [9] });
  assert.equal(voxels(united.masks, 9), 648);
  assert.deepEqual(await promptsOf(url, sessionId), [[4, ["z4"]], [9, ["z3", "z5"]]]);
  const joined = await planesOf(ask, sessionId);

  const parted = await ask({ t: "split", id: 0, sessionId, objectId: 9 });
  assert.deepEqual(objectsResult(parted), { seq: 6, objects: [9, 10] });
  assert.deepEqual([voxels(parted.masks, 9), voxels(parted.masks, 10), voxels(parted.masks, 9) + voxels(parted.masks, 10)], [324, 324, 648]);
  assert.ok(parted.masks.filter((mask) => mask.objectId === 9).every(({ box }) => box[2] <= 13));
  assert.deepEqual((await promptsOf(url, sessionId)).sort(([a], [b]) => a - b), [[4, ["z4"]], [9, ["z3"]], [10, ["z5"]]]);
  const split = await planesOf(ask, sessionId);

  // Journals are only ever added to, so a copy taken now is what a kill now would leave.
  const copy = await mkdtemp(join(tmpdir(), "masklet-killed-"));
  try {
    await cp(home, copy, { recursive: true, filter: (path) => !path.endsWith("lock") });
    await withBlocks(async (again) => {
      const resumed = await opened(again.url);
      assert.equal(resumed.sessionId, sessionId);
      assert.deepEqual(await planesOf(asker(resumed.live), sessionId), split);
      assert.deepEqual(valueOf(await asker(resumed.live)({ t: "undo", id: 0, sessionId })), { seq: 7, undone: "split" });
      assert.deepEqual(await planesOf(asker(resumed.live), sessionId), joined);
      await resumed.live.close();
    }, copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }

  await ask({ t: "undo", id: 0, sessionId });
  assert.deepEqual(await planesOf(ask, sessionId), joined);
  const seeded = await ask({ t: "split", id: 0, sessionId, objectId: 9, seeds: [[22.5, 6, 2], [0, 0, 0]] });
  assert.deepEqual(objectsResult(seeded).objects, [9, 11], "the id that was undone is not used again");
  assert.ok(seeded.masks.filter((mask) => mask.objectId === 9).every(({ box }) => box[0] >= 12), "the first seed's part keeps the id");
  for (let back = 0; back < 2; back++) await ask({ t: "undo", id: 0, sessionId });
  assert.deepEqual(await planesOf(ask, sessionId), start);
  await live.close();
}));

test("as jobs over HTTP, with the same results", () => withBlocks(async ({ url }) => {
  const { live, sessionId } = await opened(url);
  const ask = asker(live);
  await ask({ t: "prompt.set", id: 0, sessionId, objectId: 1, cut: onZ(4), box: [3, 5, 11, 13] });
  const job = async (operation: string, params: object): Promise<Schema<"Job">> => {
    const posted = await fetch(`${url}/v1/jobs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ operation, sessionId, params }) });
    assert.equal(posted.status, 202);
    const { id } = validate("Job", await posted.json());
    await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
    return validate("Job", await (await fetch(`${url}/v1/jobs/${id}`)).json());
  };
  const combined = await job("combine", { how: "directions", axes: ["z", "x"] });
  assert.equal(combined.state, "done", JSON.stringify(combined.error));
  assert.deepEqual(combined.result, { seq: 2, objects: [1], disagreements: [{ objectId: 1, voxels: 648, disputed: 0, dice: 1 }], model: "threshold" });
  const parted = await job("split", { objectId: 1, depth: 1.5, parts: 5 });
  assert.deepEqual(parted.result, { seq: 3, objects: [1, 2] });
  const failed = await job("split", { objectId: 2 });
  assert.deepEqual([failed.state, failed.error?.code], ["failed", "split_impossible"]);
  await live.close();
}));

test("what cannot be combined or split is said, and changes nothing", () => withBlocks(async ({ url }) => {
  const { live, sessionId } = await opened(url);
  const ask = asker(live);
  await ask({ t: "prompt.set", id: 0, sessionId, objectId: 1, cut: onZ(4), box: [29, 5, 37, 13] });
  const wrong: readonly (readonly [LiveRequest, string])[] = [
    [{ t: "combine", id: 0, sessionId, how: "union", objects: [1, 8] }, "object_unknown"],
    [{ t: "combine", id: 0, sessionId, how: "union", objects: [1, 1] }, "request_invalid"],
    [{ t: "combine", id: 0, sessionId, how: "union" }, "request_invalid"],
    [{ t: "combine", id: 0, sessionId, how: "directions", objects: [8] }, "object_unknown"],
    [{ t: "combine", id: 0, sessionId, how: "directions", axes: ["y", "x"] }, "prompt_off_axis"],
    [{ t: "combine", id: 0, sessionId, how: "directions", axes: ["z", "x"], votes: 3 }, "request_invalid"],
    [{ t: "split", id: 0, sessionId, objectId: 8 }, "object_unknown"],
    [{ t: "split", id: 0, sessionId, objectId: 1 }, "split_impossible"],
    [{ t: "split", id: 0, sessionId, objectId: 1, frame: 1 }, "plane_off_volume"],
    [{ t: "split", id: 0, sessionId, objectId: 1, seeds: [[30, 6, 4], [30, 6, 9]] }, "plane_off_volume"],
    [{ t: "split", id: 0, sessionId, objectId: 1, seeds: [[30, 6, 4], [41, 6, 4]] }, "prompt_off_image"],
    [{ t: "split", id: 0, sessionId, objectId: 1, seeds: [[0, 0, 0], [1, 1, 1]] }, "split_impossible"],
  ];
  for (const [message, code] of wrong) assert.equal(codeOf(await ask(message)), code, JSON.stringify(message));
  assert.equal(openedOf(await ask({ t: "volume.open", id: 0, volume: declaration })).session.seq, 1);
  await live.close();
}));
