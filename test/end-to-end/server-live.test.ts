import assert from "node:assert/strict";
import test from "node:test";
import { encodeFrame } from "#protocol/frame.ts";
import { MaskletError } from "#protocol/errors.ts";
import { codeOf, connect, isChanged, isEnding, isError, isMask, isNeed, openedOf, seqOf, valueOf } from "./live-client.ts";
import type { LiveClient, LiveRequest } from "./live-client.ts";
import { declaration, stepper, withServer } from "./server-under-test.ts";

const hello = { t: "hello", id: 1, protocol: 1, client: "test" } as const;

async function greeted(url: string, client = "test", masks: "bits" | "roi" | "geojson" = "bits"): Promise<LiveClient> {
  const live = await connect(url);
  assert.equal(codeOf(await live.ask({ ...hello, client, masks })), "");
  return live;
}

/** Opens the declared volume; its client answers every `need` with planes of its z value. */
async function opened(url: string, client = "test", masks: "bits" | "roi" | "geojson" = "bits"): Promise<{ live: LiveClient; sessionId: string; volumeId: string }> {
  const live = await greeted(url, client, masks);
  const { session, volume } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
  live.onMessage((message) => {
    if (!isNeed(message)) return;
    for (const plane of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane, data: new Uint8Array(140).fill(plane.z) });
  });
  return { live, sessionId: session.sessionId, volumeId: volume.volumeId };
}

const cut = (index: number) => ({ axis: "z" as const, index });

test("hello comes first, and its answer tells limits and models", () => withServer(async ({ url }) => {
  const live = await connect(url);
  assert.equal(codeOf(await live.ask({ t: "undo", id: 7, sessionId: "ses-aaaaaa" })), "hello_first");
  assert.equal(codeOf(await live.ask({ ...hello, id: 2, protocol: 9 })), "protocol_mismatch");
  const value = valueOf(await live.ask({ ...hello, id: 3 }));
  assert.ok("limits" in value && value.limits["maxFrameBytes"]! > 0 && value.models[0]!.id === "boxes" && value.protocol === 1);
  assert.equal(codeOf(await live.ask({ ...hello, id: 4 })), "request_invalid");
  await live.close();
}));

test("a prompt pulls just the pixels it needs, and answers with its mask", () => withServer(async ({ url }) => {
  const { live, sessionId, volumeId } = await opened(url);
  const answer = await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(2), box: [3, 2, 7, 6] });
  assert.deepEqual(valueOf(answer), { seq: 1, score: 0.875, model: "boxes" });
  assert.deepEqual(answer.masks.map(({ index, area, box }) => [index, area, box]), [[2, 16, [3, 2, 7, 6]]]);
  assert.deepEqual(live.received.filter(isNeed).map(({ planes }) => planes), [[{ t: 0, c: 0, z: 2 }]]);
  const again = await live.ask({ t: "prompt.set", id: 4, sessionId, objectId: 1, cut: cut(2), points: [[4, 4, 1]], add: true, multimask: true });
  const value = valueOf(again);
  assert.ok("candidates" in value && value.candidates?.length === 3 && value.seq === 2);
  assert.equal(again.masks[0]!.area, 16, "the box that was there is merged in");
  assert.equal(live.received.filter(isNeed).length, 1, "nothing is asked for twice");
  const preview = await live.ask({ t: "prompt.set", id: 5, sessionId, objectId: 9, cut: cut(2), box: [0, 0, 2, 2], preview: true });
  assert.equal(seqOf(preview), 2);

  live.send({ t: "slice.put", volumeId, plane: { t: 0, c: 0, z: 5 }, data: new Uint8Array(140) });
  assert.equal((await live.next(isError)).error.code, "pixels_unexpected");
  live.send({ t: "slice.put", volumeId, plane: { t: 0, c: 0, z: 2 }, data: new Uint8Array(139) });
  assert.equal((await live.next(isError)).error.code, "pixels_size");
  live.send({ t: "slice.put", volumeId, plane: { t: 0, c: 0, z: 2 }, data: new Uint8Array(140).fill(99) });
  assert.equal((await live.next(isError)).error.code, "volume_changed");
  live.send({ t: "slice.put", volumeId: "vol-nobody", plane: { t: 0, c: 0, z: 2 }, data: new Uint8Array(140) });
  assert.equal((await live.next(isError)).error.code, "not_found");
  await live.close();
}));

test("a propagation streams masks before its result, and undo takes all of it back", () => withServer(async ({ url }) => {
  const { live, sessionId } = await opened(url);
  await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(2), box: [3, 2, 7, 6] });
  const run = await live.ask({ t: "propagate", id: 4, sessionId });
  assert.deepEqual(run.masks.map(({ index }) => index), [2, 3, 4, 5]);
  assert.deepEqual(valueOf(run), { seq: 2, planes: 4, ends: [{ objectId: 1, direction: "forward", index: 5, reason: "range" }], model: "boxes" });
  assert.deepEqual(run.progress.at(-1), { done: 4, total: 4, unit: "planes" });
  assert.equal((await live.ask({ t: "labels.get", id: 5, sessionId, as: "planes" })).masks.length, 4);
  const labels = valueOf(await live.ask({ t: "labels.get", id: 6, sessionId, as: "labels" }));
  assert.ok("mediaType" in labels && labels.mediaType === "image/tiff" && labels.data![0] === 0x4d);
  assert.deepEqual(valueOf(await live.ask({ t: "undo", id: 7, sessionId })), { seq: 3, undone: "propagate" });
  assert.equal((await live.ask({ t: "labels.get", id: 8, sessionId, as: "planes" })).masks.length, 1);
  assert.deepEqual(valueOf(await live.ask({ t: "redo", id: 9, sessionId })), { seq: 4, undone: "propagate" });
  assert.equal(codeOf(await live.ask({ t: "redo", id: 10, sessionId })), "nothing_to_undo");
  await live.close();
}));

test("a cancelled run, an undone run and a failed run keep what arrived, as one edit", () => withServer(async ({ url, pace }) => {
  const { live, sessionId } = await opened(url);
  await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(0), box: [3, 2, 7, 6] });
  const planes = async (id: number): Promise<number> => (await live.ask({ t: "labels.get", id, sessionId, as: "planes" })).masks.length;

  const gate = stepper(pace);
  const cancelled = live.ask({ t: "propagate", id: 4, sessionId });
  gate.allow(2);
  for (let count = 0; count < 4; count++) await live.next(isMask);
  live.send({ t: "cancel", id: 4 });
  assert.deepEqual((await cancelled).end, { t: "cancelled", id: 4, seq: 2 });
  assert.equal(await planes(5), 3);

  const undone = live.ask({ t: "propagate", id: 6, sessionId });
  const quick = await live.ask({ t: "undo", id: 7, sessionId });
  assert.deepEqual(valueOf(quick), { seq: 4, undone: "propagate" });
  assert.deepEqual((await undone).end, { t: "cancelled", id: 6, seq: 3 });
  assert.equal(await planes(8), 3);

  pace.beforePlane = async (index) => { if (index === 2) throw MaskletError.of("model_host_died", { why: "test" }); };
  assert.equal(codeOf(await live.ask({ t: "propagate", id: 9, sessionId })), "model_host_died");
  assert.equal(await planes(10), 3);
  pace.beforePlane = async () => undefined;
  assert.equal((await live.ask({ t: "propagate", id: 11, sessionId })).masks.length, 6);
  await live.close();
}));

test("two clients on one session hear of each other, and a stale edit is a conflict", () => withServer(async ({ url }) => {
  const { live: fiji, sessionId } = await opened(url, "fiji");
  const qupath = await greeted(url, "qupath");
  const joined = openedOf(await qupath.ask({ t: "volume.open", id: 2, sessionId }));
  assert.equal(joined.resumed, true);
  const seen = seqOf(await fiji.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(2), box: [3, 2, 7, 6] }));
  assert.deepEqual(await qupath.next(isChanged), { t: "changed", sessionId, seq: 1, kind: "prompt.set", objects: [1], by: "fiji" });
  assert.equal(codeOf(await qupath.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(2), box: [3, 2, 8, 6], baseSeq: seen })), "");
  assert.equal((await fiji.next(isChanged)).by, "qupath");
  const stale = await fiji.ask({ t: "object.remove", id: 4, sessionId, objectId: 1, baseSeq: seen });
  assert.equal(codeOf(stale), "conflict");
  assert.equal(codeOf(await fiji.ask({ t: "prompt.remove", id: 5, sessionId, objectId: 1, cut: cut(2), baseSeq: 2 })), "");
  assert.deepEqual(valueOf(await qupath.ask({ t: "undo", id: 6, sessionId })), { seq: 4, undone: "prompt.remove" });
  assert.equal(fiji.received.filter(isChanged).filter(({ by }) => by === "fiji").length, 0);
  // The one who declared the volume has gone: nobody can give the pixels of another plane.
  await fiji.close();
  assert.equal(codeOf(await qupath.ask({ t: "prompt.set", id: 7, sessionId, objectId: 1, cut: cut(4), box: [3, 2, 8, 6] })), "pixels_missing");
  await qupath.close();
}));

test("a client that drops in the middle of a run leaves what arrived, and resumes it", () => withServer(async ({ url, pace }) => {
  const { live, sessionId } = await opened(url);
  await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(0), box: [3, 2, 7, 6] });
  const gate = stepper(pace);
  live.send({ t: "propagate", id: 4, sessionId });
  gate.allow(1);
  for (let count = 0; count < 3; count++) await live.next(isMask);
  live.drop();
  const next = await opened(url);
  assert.equal(next.sessionId, sessionId);
  assert.equal((await next.live.ask({ t: "labels.get", id: 5, sessionId, as: "planes" })).masks.length, 2);
  pace.beforePlane = async () => undefined;
  assert.equal((await next.live.ask({ t: "propagate", id: 6, sessionId })).masks.length, 6, "its place in the session's row was given back");
  await next.live.close();
}));

test("masks carry a ROI or a GeoJSON feature when hello asked for it", () => withServer(async ({ url }) => {
  for (const form of ["roi", "geojson"] as const) {
    const { live, sessionId } = await opened(url, "test", form);
    const { masks } = await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(2), box: [3, 2, 7, 6] });
    if (form === "roi") assert.equal(Buffer.from(masks[0]!.roi!.subarray(0, 4)).toString(), "Iout");
    else assert.equal(JSON.parse(masks[0]!.geojson!).geometry.type, "Polygon");
    await live.close();
  }
}));

test("an id still running is refused without ending the one that runs; it is free after", () => withServer(async ({ url, pace }) => {
  const { live, sessionId } = await opened(url);
  await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(0), box: [3, 2, 7, 6] });
  const gate = stepper(pace);
  const run = live.ask({ t: "propagate", id: 4, sessionId });
  live.send({ t: "undo", id: 4, sessionId });
  const refused = await live.next(isError);
  assert.deepEqual([refused.id, refused.error.code, refused.error.details], [0, "id_in_use", { id: 4 }]);
  gate.allow(9);
  assert.equal((await run).end.t, "result");
  assert.equal((await live.ask({ t: "undo", id: 4, sessionId })).end.t, "result");
  assert.equal(live.received.filter(isEnding).filter(({ id }) => id === 4).length, 2);
  await live.close();
}));

test("what is wrong with a request is said in its error, and changes nothing", () => withServer(async ({ url }) => {
  const { live, sessionId } = await opened(url);
  const box: [number, number, number, number] = [3, 2, 7, 6];
  const wrong: readonly (readonly [LiveRequest, string])[] = [
    [{ t: "prompt.set", id: 10, sessionId, objectId: 1, cut: cut(6), box }, "plane_off_volume"],
    [{ t: "prompt.set", id: 11, sessionId, objectId: 1, cut: cut(1), box: [3, 2, 7, 60] }, "prompt_off_image"],
    [{ t: "prompt.set", id: 12, sessionId, objectId: 1, cut: cut(1) }, "prompt_empty"],
    [{ t: "prompt.set", id: 13, sessionId, objectId: 1, cut: cut(1), box, model: "nobody" }, "model_unknown"],
    [{ t: "prompt.set", id: 14, sessionId: "ses-nobody", objectId: 1, cut: cut(1), box }, "not_found"],
    [{ t: "propagate", id: 15, sessionId }, "nothing_prompted"],
    [{ t: "propagate", id: 16, sessionId, objects: [4] }, "object_unknown"],
    [{ t: "object.remove", id: 17, sessionId, objectId: 4 }, "object_unknown"],
    [{ t: "prompt.remove", id: 18, sessionId, objectId: 4, cut: cut(1) }, "object_unknown"],
    [{ t: "undo", id: 19, sessionId }, "nothing_to_undo"],
    [{ t: "labels.get", id: 20, sessionId, as: "rois" }, "export_empty"],
    [{ t: "volume.open", id: 21 }, "request_invalid"],
    [{ t: "volume.open", id: 22, path: "/etc/passwd" }, "path_forbidden"],
    [{ t: "volume.open", id: 23, sessionId: "ses-nobody" }, "not_found"],
    [{ t: "volume.open", id: 24, volume: { ...declaration, dtype: "float32" } }, "volume_changed"],
  ];
  for (const [message, code] of wrong) assert.equal(codeOf(await live.ask(message)), code, JSON.stringify(message));
  assert.equal(openedOf(await live.ask({ t: "volume.open", id: 30, volume: declaration })).session.seq, 0);
  await live.close();
}));

test("frames cut anywhere, with bytes flipped, or as text are told as errors; the connection goes on", () => withServer(async ({ url }) => {
  const { live, sessionId } = await opened(url);
  const whole = encodeFrame({ t: "prompt.set", id: 77, sessionId, objectId: 1, cut: cut(2), box: [3, 2, 7, 6], points: [[4.5, 4, 1]], baseSeq: 0 });
  live.sendRaw("hello");
  assert.equal((await live.next(isError)).error.code, "frame_invalid");
  for (let length = 0; length < whole.length; length++) {
    live.sendRaw(whole.subarray(0, length));
    const { error } = await live.next(isError);
    assert.ok(error.code === "frame_invalid" || error.code === "request_invalid", `${length} bytes: ${error.code}`);
  }
  let seed = 5;
  const next = (bound: number): number => (seed = (seed * 48271) % 2147483647) % bound;
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    const bent = Uint8Array.from(whole);
    for (let flips = 1 + next(3); flips > 0; flips--) bent[next(bent.length)]! ^= 1 << next(8);
    const before = live.received.length;
    live.sendRaw(bent);
    // A barrier: what this frame led to at once comes before the answer to a question that needs no waiting.
    await live.ask({ t: "labels.get", id: 1000 + round, sessionId: "ses-nobody", as: "planes" });
    refused += live.received.slice(before).filter(isError).filter(({ id }) => id !== 1000 + round).length;
  }
  assert.ok(refused > 100, `${refused} refused`);
  assert.equal((await live.ask({ t: "volume.open", id: 9999, volume: declaration })).end.t, "result");
  await live.close();
}));
