// automask and automask.stack through a server whose models are real but for the network: clicks and a tracker that take what is bright.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import test from "node:test";
import { validate } from "#protocol/schema.ts";
import type { Declaration, Mask, Schema } from "#protocol/types.ts";
import { thresholdTrackers } from "../contracts/threshold-tracker.ts";
import { codeOf, connect, isChanged, isNeed, openedOf, valueOf } from "./live-client.ts";
import type { Answer, LiveClient } from "./live-client.ts";
import { withServer } from "./server-under-test.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

const size = { z: 9, y: 20, x: 40 };
const declaration: Declaration = { name: "blocks", shape: { t: 1, c: 1, ...size }, dtype: "uint8", displayRange: [0, 255], identity: "blocks-2", spacing: { z: 1, y: 1, x: 1 } };

/** One block on z 0 to 3, and one on z 2 to 8. */
function plane(z: number): Uint8Array {
  const inside = (y: number, x: number): boolean => (z < 4 && y >= 3 && y < 9 && x >= 4 && x < 12) || (z >= 2 && y >= 8 && y < 17 && x >= 22 && x < 32);
  return Uint8Array.from({ length: size.y * size.x }, (_, at) => (inside(Math.floor(at / size.x), at % size.x) ? 200 : 10));
}

const withBlocks = (work: (server: ServerUnderTest) => Promise<void>, given?: string): Promise<void> => withServer(work, {}, given, (real, pace) => ({
  segmenter: {
    ...real.segmenter,
    automask: async (scene, request, watch) => {
      await pace.beforePlane(request.cut.index, watch.signal);
      return real.segmenter.automask(scene, request, watch);
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

function objectsResult(answer: Answer): Schema<"ObjectsResult"> {
  const value = valueOf(answer);
  assert.ok("objects" in value, JSON.stringify(value));
  return value;
}

const grid = { pointsPerSide: 8 };
const told = (masks: readonly Mask[]): string[] => masks.map(({ objectId, axis, index, box }) => `${objectId} ${axis}${index} ${box.join(" ")}`);
const planesOf = async (live: LiveClient, id: number, sessionId: string): Promise<string[]> => told((await live.ask({ t: "labels.get", id, sessionId, as: "planes" })).masks);
const small = (id: number, ...planes: number[]): string[] => planes.map((z) => `${id} z${z} 4 3 12 9`);
const large = (id: number, ...planes: number[]): string[] => planes.map((z) => `${id} z${z} 22 8 32 17`);

test("live: a plane's objects come as masks after their edit, others hear of it, undo and redo; a fault changes nothing", () => withBlocks(async ({ url }) => {
  const { live, sessionId } = await opened(url, "fiji");
  const other = await opened(url, "qupath");
  const answer = await live.ask({ t: "automask", id: 10, sessionId, cut: { axis: "z", index: 3 }, grid });
  assert.deepEqual(objectsResult(answer), { seq: 1, objects: [1, 2], model: "threshold" });
  const found = [...small(1, 3), ...large(2, 3)];
  assert.deepEqual(told(answer.masks), found);
  assert.deepEqual(answer.progress.at(-1), { done: 64, total: 64, unit: "objects" });
  assert.deepEqual(await other.live.next(isChanged), { t: "changed", sessionId, seq: 1, kind: "automask", objects: [1, 2], by: "fiji" });
  const session = validate("Session", await (await fetch(`${url}/v1/sessions/${sessionId}`)).json());
  assert.deepEqual(session.objects.map(({ objectId, prompts }) => [objectId, prompts]), [1, 2].map((id) => [id, [{ axis: "z", index: 3, t: 0, c: 0 }]]));
  assert.deepEqual(valueOf(await live.ask({ t: "undo", id: 11, sessionId })), { seq: 2, undone: "automask" });
  assert.deepEqual(await planesOf(live, 12, sessionId), []);
  assert.deepEqual(valueOf(await live.ask({ t: "redo", id: 13, sessionId })), { seq: 3, undone: "automask" });
  assert.deepEqual(await planesOf(live, 14, sessionId), found);
  assert.equal(codeOf(await live.ask({ t: "automask", id: 15, sessionId, cut: { axis: "z", index: 9 } })), "plane_off_volume");
  assert.equal(codeOf(await live.ask({ t: "automask", id: 16, sessionId, cut: { axis: "z", index: 3 }, region: [0, 0, 41, 4] })), "prompt_off_image");
  assert.deepEqual(await planesOf(live, 17, sessionId), found);
  await Promise.all([live.close(), other.live.close()]);
}));

test("live: a stack that is cancelled at its second plane keeps what came; a killed server has it; one undo takes it back", () => withBlocks(async ({ url, pace, home }) => {
  const { live, sessionId } = await opened(url);
  const state = { reach: (): void => undefined };
  const reached = new Promise<void>((resolve) => { state.reach = resolve; });
  pace.beforePlane = async (index, signal) => {
    if (index === 0) return;
    state.reach();
    await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
  };
  const running = live.ask({ t: "automask.stack", id: 20, sessionId, every: 4, grid });
  await reached;
  const copy = await mkdtemp(join(tmpdir(), "masklet-killed-"));
  try {
    // Journals are only ever added to, so a copy taken now is what a kill now would leave.
    await cp(home, copy, { recursive: true, filter: (path) => basename(path) !== "lock" });
    live.send({ t: "cancel", id: 20 });
    const { end, masks } = await running;
    assert.deepEqual(end, { t: "cancelled", id: 20, seq: 1 });
    assert.deepEqual(told(masks), small(1, 0, 1, 2, 3));
    assert.deepEqual(await planesOf(live, 21, sessionId), told(masks));
    await withBlocks(async (again) => {
      const resumed = await opened(again.url);
      assert.equal(resumed.sessionId, sessionId);
      assert.deepEqual(await planesOf(resumed.live, 22, sessionId), told(masks));
      await resumed.live.close();
    }, copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  assert.deepEqual(valueOf(await live.ask({ t: "undo", id: 23, sessionId })), { seq: 2, undone: "automask.stack" });
  assert.deepEqual(await planesOf(live, 24, sessionId), []);
  await live.close();
}));

test("as jobs over HTTP, with the same results", () => withBlocks(async ({ url }) => {
  const { live, sessionId } = await opened(url);
  const job = async (operation: string, params: object): Promise<{ job: Schema<"Job">; events: string }> => {
    const posted = await fetch(`${url}/v1/jobs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ operation, sessionId, params }) });
    assert.equal(posted.status, 202);
    const { id } = validate("Job", await posted.json());
    const events = await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
    return { job: validate("Job", await (await fetch(`${url}/v1/jobs/${id}`)).json()), events };
  };
  const stack = await job("automask.stack", { every: 4, grid });
  assert.deepEqual([stack.job.state, stack.job.result], ["done", { seq: 1, objects: [1, 2], model: "threshold" }]);
  assert.equal([...stack.events.matchAll(/^event: mask$/gm)].length, 11);
  assert.deepEqual(await planesOf(live, 30, sessionId), [...small(1, 0, 1, 2, 3), ...large(2, 2, 3, 4, 5, 6, 7, 8)]);
  const region = await job("automask", { cut: { axis: "z", index: 3 }, region: [0, 0, 20, 20], grid });
  assert.deepEqual(region.job.result, { seq: 2, objects: [3], model: "threshold" });
  const nothing = await job("automask", { cut: { axis: "z", index: 3 }, grid: { ...grid, minArea: 200 } });
  assert.deepEqual(nothing.job.result, { seq: 2, objects: [], model: "threshold" });
  const failed = await job("automask", { cut: { axis: "y", index: 20 } });
  assert.deepEqual([failed.job.state, failed.job.error?.code], ["failed", "plane_off_volume"]);
  await live.close();
}));
