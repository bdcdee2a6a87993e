// The typed client on the server as it is, but for what looks at pixels.
import assert from "node:assert/strict";
import { openAsBlob } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { unzipSync } from "fflate";
import { openapiDocument } from "#protocol/schema.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { byteMembers } from "../../client-typescript/bytes.ts";
import { connect, type Mask, type MaskletClient, type Progress, type PromptsFile } from "../../client-typescript/client.ts";
import { declaration, stepper, withServer } from "./server-under-test.ts";

const prompts: PromptsFile = { objects: [{ id: 3, prompts: [{ z: 1, box: [2, 1, 6, 5] }] }] };

async function prompted(masklet: MaskletClient): Promise<string> {
  const { volumeId } = await masklet.declare(declaration);
  const { sessionId } = await masklet.openSession(volumeId);
  for (let z = 0; z < declaration.shape.z; z++) await masklet.putPlane(volumeId, { t: 0, c: 0, z }, new Uint8Array(140));
  await masklet.setPrompts(sessionId, prompts);
  return sessionId;
}

test("from a TIFF to every result; a job is followed as it runs", () => withServer(async ({ url, home }) => {
  const masklet = connect({ url });
  assert.deepEqual([(await masklet.health()).name, (await masklet.models())[0]!.id, (await masklet.recipes()).recipes.some(({ name }) => name === "fds")], ["masklet", "boxes", true]);
  const file = join(home, "cells.tif");
  await writeImagejTiff(file, { shape: declaration.shape, dtype: "uint8", spacing: { z: 2, y: 0.5, x: 0.5 } }, Array.from({ length: 6 }, (_, z) => new Uint8Array(140).fill(z)));
  const volume = await masklet.upload(new Uint8Array(await readFile(file)), "cells of mine.tif");
  assert.deepEqual([volume.name, volume.shape, volume.spacing], ["cells of mine.tif", declaration.shape, { z: 2, y: 0.5, x: 0.5 }]);
  assert.equal((await masklet.upload(await openAsBlob(file), "cells of mine.tif")).volumeId, volume.volumeId, "a Blob is the same file");
  const { sessionId } = await masklet.openSession(volume.volumeId, { range: [0, 5] });
  assert.deepEqual((await masklet.setPrompts(sessionId, prompts)).objects.map(({ objectId }) => objectId), [3]);
  assert.deepEqual((await masklet.prompts(sessionId)).objects[0]!.prompts[0]!.box, [2, 1, 6, 5]);

  const masks: Mask[] = [];
  const progress: Progress[] = [];
  const result = await masklet.run({ operation: "propagate", sessionId, params: { direction: "forward" } }, { onMask: (mask) => masks.push(mask), onProgress: (now) => progress.push(now) });
  assert.deepEqual([result.planes, result.model, result.ends.map(({ reason }) => reason)], [5, "boxes", ["range"]]);
  assert.ok(masks.length >= 1 && progress.length >= 1 && masks.every(({ bits }) => bits instanceof Uint8Array && bits.length === 4), "bits are bytes");
  const inPlace = await masklet.run({ operation: "prompt.set", sessionId, params: { objectId: 4, cut: { axis: "z", index: 2 }, mask: { box: [8, 2, 10, 4], bits: Uint8Array.of(0xc0, 0xc0) }, box: [8, 2, 10, 4], multimask: true } });
  assert.deepEqual(inPlace.candidates?.map(({ area, bits }) => [area, bits instanceof Uint8Array]), Array(3).fill([4, true]));

  await writeFile(join(home, "got.tif"), await masklet.labels(sessionId, "first"));
  const got = await openVolume(join(home, "got.tif"));
  const voxels = await got.read({ t: 0, c: 0, z: [0, 6], y: [0, 10], x: [0, 14] });
  await got.close();
  assert.deepEqual([3, 4].map((id) => Array.from(voxels).filter((value) => value === id).length), [5 * 16, 4]);
  assert.equal(Object.keys(unzipSync(await masklet.rois(sessionId))).length, 6);
  assert.equal(JSON.parse(await masklet.geojson(sessionId)).features.length, 6);
  assert.match(await masklet.measurements(sessionId), /^object_id,.*\n3,\d+,0,80,/);
  assert.deepEqual([(await masklet.sessions())[0]!.sessionId, (await masklet.session(sessionId)).seq], [sessionId, 3]);
  assert.equal((await masklet.run({ operation: "undo", sessionId })).undone, "prompt.set");
}));

test("events are an iterator; leaving it, also by a signal, leaves the job, and cancel keeps what came", () => withServer(async ({ url, pace }) => {
  const masklet = connect({ url });
  const sessionId = await prompted(masklet);
  const gate = stepper(pace);
  const job = await masklet.start({ operation: "propagate", sessionId });
  assert.deepEqual([job.operation, ["queued", "running"].includes(job.state)], ["propagate", true]);
  gate.allow(2);
  for await (const { event, data } of masklet.events(job)) if (event === "progress" && data.done === 3) break;
  const away = new AbortController();
  const unheard = masklet.events(job, away.signal);
  assert.equal((await unheard.next()).done, false);
  away.abort();
  await assert.rejects(unheard.next(), { code: "cancelled" });
  assert.equal((await masklet.job(job)).state, "running");
  await masklet.cancel(job);
  const seen: string[] = [];
  for await (const { event, data } of masklet.events(job)) seen.push(event === "end" ? `end ${data.state} ${data.error?.code}` : event);
  assert.equal(seen.at(-1), "end cancelled cancelled");
  assert.equal((await masklet.session(sessionId)).objects[0]!.masks, 3);
}));

test("the signal of a run cancels its job; one that fired before starts none", () => withServer(async ({ url, pace }) => {
  const masklet = connect({ url });
  const sessionId = await prompted(masklet);
  const gate = stepper(pace);
  const stop = new AbortController();
  gate.allow(1);
  await assert.rejects(masklet.run({ operation: "propagate", sessionId }, { signal: stop.signal, onProgress: ({ done }) => { if (done === 2) stop.abort(); } }), { name: "MaskletError", code: "cancelled" });
  const { objects, seq } = await masklet.session(sessionId);
  assert.equal(objects[0]!.masks, 2);
  await assert.rejects(masklet.run({ operation: "propagate", sessionId }, { signal: stop.signal }), { code: "cancelled" });
  assert.equal((await masklet.session(sessionId)).seq, seq);
}));

test("every failure is a coded error that says what to do", () => withServer(async ({ url }) => {
  const masklet = connect({ url, token: "right" });
  const sessionId = await prompted(masklet);
  await assert.rejects(masklet.session("ses-absent"), { name: "MaskletError", code: "not_found", status: 404, message: 'There is no session "ses-absent".', hint: /check the session's id/ });
  await assert.rejects(masklet.upload(Uint8Array.of(1, 2, 3), "a.tif"), { code: "tiff_invalid", status: 422 });
  await assert.rejects(masklet.openPath("/etc/passwd"), { code: "path_forbidden" });
  await assert.rejects(masklet.run({ operation: "propagate", sessionId, params: { objects: [9] } }), { code: "object_unknown", details: { objectId: 9 } });
  await assert.rejects(connect({ url }).health(), { code: "token_missing" });
  await assert.rejects(connect({ url, token: "wrong" }).sessions(), { code: "token_wrong", status: 401 });
  await assert.rejects(connect({ url: "http://127.0.0.1:1" }).health(), { code: "server_unreachable", hint: /npm start/ });
  for (const written of ["127.0.0.1:8000", "localhost", "htp://x", ""]) assert.throws(() => connect({ url: written }), { code: "server_unreachable", message: /looks like http:\/\/127\.0\.0\.1:8000/ }, written);
  assert.equal((await connect({ url: `\u200b ${url}/\u00a0`, token: "right" }).health()).name, "masklet", "what cannot be seen in a pasted address does not count");
}, { token: "right" }));

async function withListener(listener: RequestListener, work: (masklet: MaskletClient) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  try {
    await work(connect({ url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/prefix` }));
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

test("a line that breaks is taken up again; one that says nothing is not, and a proxy's page is no answer", async () => {
  const asked: string[] = [];
  const progress = 'event: progress\ndata: {"done":1,"total":2,"unit":"planes"}\n\n';
  await withListener((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    if (asked.length === 1) response.write(progress, () => response.destroy());
    else response.end(`${progress}event: end\ndata: {"id":"job-000001","operation":"undo","state":"done","progress":{"done":2,"total":2,"unit":"planes"},"result":{"seq":1}}\n\n`);
  }, async (masklet) => {
    const seen: string[] = [];
    for await (const { event } of masklet.events({ id: "job-000001" })) seen.push(event);
    assert.deepEqual(seen, ["progress", "progress", "end"]);
    assert.deepEqual(asked, ["/prefix/v1/jobs/job-000001/events", "/prefix/v1/jobs/job-000001/events"]);
  });
  await withListener((_request, response) => void response.writeHead(200).end(), async (masklet) => {
    await assert.rejects(masklet.events({ id: "job-000001" }).next(), { code: "server_unreachable", message: /broke off/ });
  });
  await withListener((_request, response) => void response.writeHead(504, { "Content-Type": "text/html" }).end("<h1>504</h1>"), async (masklet) => {
    await assert.rejects(masklet.health(), { code: "server_unreachable", message: /status 504, and an answer that is not Masklet's/ });
  });
  await withListener((_request, response) => void response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>log in</h1>"), async (masklet) => {
    await assert.rejects(masklet.health(), { code: "server_unreachable", message: /not Masklet's/ });
  });
});

test("members that are bytes are known by their names, and no other member has such a name", () => {
  const bytes = new Set<string>();
  const others = new Set<string>();
  const look = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [name, schema] of Object.entries("properties" in node && typeof node.properties === "object" ? node.properties ?? {} : {})) {
      (JSON.stringify(schema).includes('"format":"binary"') ? bytes : others).add(name);
    }
    for (const child of Object.values(node)) look(child);
  };
  look(openapiDocument().components.schemas);
  assert.deepEqual([...bytes].sort(), [...byteMembers].sort());
  assert.deepEqual([...bytes].filter((name) => others.has(name)), []);
});
