// prompts.put over a live connection: many objects as one edit, with their masks as they come. The segmenter sees boxes alone; another prompt is one pixel.
import assert from "node:assert/strict";
import test from "node:test";
import { codeOf, connect, isMask, isNeed, openedOf, seqOf, valueOf } from "./live-client.ts";
import type { LiveClient, LiveRequest } from "./live-client.ts";
import { declaration, withServer } from "./server-under-test.ts";

const cut = (index: number) => ({ axis: "z" as const, index });
type Put = Extract<LiveRequest, { t: "prompts.put" }>;
const objects: Put["objects"] = [
  { objectId: 5, prompts: [{ cut: cut(4), box: [2, 2, 6, 5] }, { cut: cut(1), box: [3, 2, 7, 6] }] },
  { objectId: 9, prompts: [{ cut: cut(2), mask: { box: [0, 0, 8, 2], bits: new Uint8Array([0xff, 0x0f]) } }] },
];

/** @param given the slices whose pixels the client sends */
async function opened(url: string, given: readonly number[]): Promise<{ live: LiveClient; sessionId: string; told(id: number): Promise<string[]> }> {
  const live = await connect(url);
  await live.ask({ t: "hello", id: 1, protocol: 1, client: "test" });
  const { session: { sessionId } } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
  live.onMessage((message) => {
    if (!isNeed(message)) return;
    for (const plane of message.planes) if (given.includes(plane.z)) live.send({ t: "slice.put", volumeId: message.volumeId, plane, data: new Uint8Array(140) });
  });
  const told = async (id: number): Promise<string[]> => (await live.ask({ t: "labels.get", id, sessionId, as: "planes" })).masks.map(({ objectId, index, area }) => `${objectId}: ${index} ${area}`);
  return { live, sessionId, told };
}

test("with segment each prompted plane gets its mask, in one edit that one undo takes back", () => withServer(async ({ url }) => {
  const { live, sessionId, told } = await opened(url, [1, 2, 4]);
  const put = await live.ask({ t: "prompts.put", id: 3, sessionId, objects, segment: true });
  assert.deepEqual(valueOf(put), { seq: 1, model: "boxes" });
  assert.deepEqual(put.masks.map(({ objectId, index }) => `${objectId}: ${index}`), ["5: 1", "9: 2", "5: 4"], "plane by plane");
  assert.deepEqual(await told(4), ["5: 1 16", "5: 4 12", "9: 2 1"]);
  assert.deepEqual(valueOf(await live.ask({ t: "undo", id: 5, sessionId })), { seq: 2, undone: "prompts.put" });
  assert.deepEqual(await told(6), []);
  await live.ask({ t: "redo", id: 7, sessionId });
  assert.deepEqual(await told(8), ["5: 1 16", "5: 4 12", "9: 2 1"]);
  await live.close();
}));

test("without segment no pixel is asked for", () => withServer(async ({ url }) => {
  const { live, sessionId, told } = await opened(url, []);
  assert.deepEqual(valueOf(await live.ask({ t: "prompts.put", id: 3, sessionId, objects })), { seq: 1 });
  assert.deepEqual([await told(4), live.received.filter(isNeed).length], [[], 0]);
  await live.close();
}));

test("cancelled, what arrived stays with the edit", () => withServer(async ({ url }) => {
  const { live, sessionId, told } = await opened(url, [1, 2]);
  const put = live.ask({ t: "prompts.put", id: 3, sessionId, objects, segment: true });
  for (let count = 0; count < 2; count++) await live.next(isMask);
  live.send({ t: "cancel", id: 3 });
  assert.deepEqual((await put).end, { t: "cancelled", id: 3, seq: 1 });
  assert.deepEqual(await told(4), ["5: 1 16", "9: 2 1"]);
  assert.equal(seqOf(await live.ask({ t: "undo", id: 5, sessionId })), 2);
  assert.deepEqual(await told(6), []);
  await live.close();
}));

test("undone while it goes on it stops", () => withServer(async ({ url }) => {
  const { live, sessionId } = await opened(url, [1, 2]);
  const put = live.ask({ t: "prompts.put", id: 3, sessionId, objects, segment: true });
  for (let count = 0; count < 2; count++) await live.next(isMask);
  assert.deepEqual(valueOf(await live.ask({ t: "undo", id: 4, sessionId })), { seq: 2, undone: "prompts.put" });
  assert.deepEqual((await put).end, { t: "cancelled", id: 3, seq: 1 });
  await live.close();
}));

test("what is wrong is said before anything is changed", () => withServer(async ({ url }) => {
  const { live, sessionId } = await opened(url, []);
  const refused = async (id: number, given: Put["objects"], model = "auto"): Promise<string> => codeOf(await live.ask({ t: "prompts.put", id, sessionId, objects: given, segment: true, model }));
  assert.equal(await refused(3, [...objects, objects[0]!]), "request_invalid");
  assert.equal(await refused(4, [{ objectId: 1, prompts: [{ cut: cut(1), box: [0, 0, 2, 2] }, { cut: { ...cut(1), t: 0 }, points: [[1, 1, 1]] }] }]), "request_invalid");
  assert.equal(await refused(5, [{ objectId: 1, prompts: [{ cut: cut(6), box: [0, 0, 2, 2] }] }]), "plane_off_volume");
  assert.equal(await refused(6, [{ objectId: 1, prompts: [{ cut: cut(1) }] }]), "prompt_empty");
  assert.equal(await refused(7, objects, "gone-1"), "model_unknown");
  assert.equal(seqOf(await live.ask({ t: "prompts.put", id: 8, sessionId, objects })), 1);
  await live.close();
}));
