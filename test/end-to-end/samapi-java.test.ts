// The QuPath SAM extension's HTTP client, real, against a server whose model is a box: what it sends must be understood, and no wait
// may be too long for it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Segmenter } from "#server/operations/contract.ts";
import { askFromJava } from "../java-http/prepare.ts";
import { base64, disc, gson, jpeg, png } from "../samapi-client.ts";
import { skipWithout } from "../tools.ts";
import { withServer } from "./server-under-test.ts";

const skip = skipWithout("java", "javac", "mvn");
const picture = disc(40, 30, { x: 20, y: 15, radius: 6 });
const prompt = { type: "vit_l", bbox: [12, 8, 27, 22], b64img: base64(png(picture)), multimask_output: true, checkpoint_url: "masklet:boxes" };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-samapi-java-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Answers by boxes, after a while, unless the client has gone. */
function slowly(real: Segmenter, ms: number): Segmenter {
  const wait = (signal: AbortSignal | undefined): Promise<void> => new Promise<void>((over) => {
    const timer = setTimeout(over, ms);
    signal?.addEventListener("abort", () => { clearTimeout(timer); over(); });
  }).then(() => throwIfCancelled(signal));
  return {
    ...real,
    segmentPlane: async (_scene, request, watch) => {
      await wait(watch.signal);
      const [u0, v0, u1, v1] = request.parts.box ?? [0, 0, 1, 1];
      const rowBytes = (u1 - u0 + 7) >> 3;
      const mask = { objectId: request.objectId, axis: "z" as const, index: 0, t: 0, box: [u0, v0, u1, v1] satisfies [number, number, number, number], bits: new Uint8Array(rowBytes * (v1 - v0)).fill(255), area: (u1 - u0) * (v1 - v0), score: 0.5 };
      return { mask, candidates: [mask] };
    },
    automask: async (_scene, _request, watch) => {
      await wait(watch.signal);
      return [];
    },
  };
}

test("its GETs offer TLS and are answered beside a listening WebSocket; its POSTs and uploads are understood", { skip }, () => inFolder((folder) => withServer(async ({ url }) => {
  const offered: (string | undefined)[] = [];
  const listener = createServer((request, response) => {
    offered.push(request.headers.upgrade, String(request.headers["accept-encoding"]));
    response.end("[]");
  });
  await new Promise<void>((ready) => listener.listen(0, "127.0.0.1", ready));
  const at = listener.address();
  const sam = `${url}/sam/`;
  await writeFile(join(folder, "prompt.json"), gson(prompt));
  const dirname = "5b2f4f0e-6a4e-4a61-9f0b-1c1d2e3f4a5b";
  const frames = Array.from({ length: 24 }, (_, nth) => join(folder, `${String(nth).padStart(2, "0")}.jpg`));
  for (const [nth, file] of frames.entries()) await writeFile(file, jpeg(disc(40, 30, { x: 10 + nth, y: 15, radius: 6 })));
  const object = { obj_id: 4, bbox: [10, 9, 24, 21], point_coords: [[16, 15]], point_labels: [1], builderAsGroovyScript: "PromptObject.builder()" };
  await writeFile(join(folder, "video.json"), gson({ type: "sam2_l", dirname, axes: "XYZ", plane_position: 1, start_frame_idx: 0, objs: { 2: [object] }, checkpointUrl: "masklet:boxes" }));
  try {
    const [seen, ...replies] = await askFromJava([
      ["GET", `http://127.0.0.1:${typeof at === "object" && at !== null ? at.port : 0}/`],
      ...["version/", "weights/?type=vit_l", "weights/cancel/", "progress/"].map((path) => ["GET", `${sam}${path}`]),
      ["POST", sam, join(folder, "prompt.json")],
      ["POST", sam.slice(0, -1), join(folder, "prompt.json")],
      ["UPLOAD", `${sam}upload/`, dirname, ...[...frames].reverse()],
      ["POST", `${sam}video/`, join(folder, "video.json")],
      ["POST", `${sam}video/`, join(folder, "video.json")],
    ]);
    assert.equal(seen?.status, 200);
    assert.equal(offered[0], "TLS/1.2", "else this shows nothing");
    assert.match(offered[1] ?? "", /gzip/);
    const [version, weights, cancel, progress, first, second, ...rest] = replies;
    assert.deepEqual([version?.status, version?.text], [200, "0.7.1"]);
    assert.deepEqual([weights?.status, JSON.parse(weights?.text ?? "")], [200, [{ type: "vit_l", name: "boxes (SAM ViT-L not installed)", url: "masklet:boxes" }]]);
    assert.deepEqual([cancel?.status, cancel?.text], [200, "Cancel signal sent"]);
    assert.deepEqual([progress?.status, progress?.text], [200, '{"message":null,"percent":-1}']);
    for (const reply of [first, second]) {
      const features = JSON.parse(reply?.text ?? "");
      assert.deepEqual([reply?.status, features.length, features[0].geometry], [200, 3, { type: "Polygon", coordinates: [[[27, 8], [27, 22], [12, 22], [12, 8], [27, 8]]] }]);
      assert.deepEqual(features[0].properties, { label: "object", quality: 0.875, sam_model: "boxes" });
    }
    const uploads = rest.slice(0, 24);
    assert.deepEqual(uploads.map(({ status, text }) => [status, JSON.parse(text).filename]), [...frames.keys()].reverse().map((nth) => [200, `${String(nth).padStart(2, "0")}.jpg`]));
    const [video, again] = rest.slice(24);
    const features = JSON.parse(video?.text ?? "");
    assert.deepEqual(features.map((feature: { geometry: { plane: unknown } }) => feature.geometry.plane), Array.from({ length: 22 }, (_, nth) => ({ c: -1, z: nth + 2, t: 1 })));
    assert.equal(features[0].properties.object_idx, 4);
    assert.equal(again?.status, 404, "the frames are gone");
  } finally {
    listener.close();
  }
})));

for (const path of ["", "automask/"]) {
  test(`it waits longer than its patience for /sam/${path}, because blanks come`, { skip }, () => inFolder((folder) => withServer(async ({ url }) => {
    await writeFile(join(folder, "body.json"), gson(prompt));
    const [reply] = await askFromJava([["POST", `${url}/sam/${path}`, join(folder, "body.json")]], 1000);
    assert.equal(reply?.status, 200, reply?.text);
    assert.ok(reply.ms > 3000, `${reply.ms} ms`);
    assert.match(reply.text, /^ {5,}\[/);
    assert.ok(Array.isArray(JSON.parse(reply.text)));
  }, { samapi: { heartbeatMs: 300 } }, undefined, (real) => ({ segmenter: slowly(real.segmenter, 3200) }))));
}

test("without blanks it gives up: what the tests before this one show", { skip }, () => inFolder((folder) => withServer(async ({ url, log }) => {
  await writeFile(join(folder, "body.json"), gson(prompt));
  const [reply] = await askFromJava([["POST", `${url}/sam/`, join(folder, "body.json")]], 1000);
  assert.equal(reply?.status, 0);
  assert.match(reply.text, /SocketTimeoutException/);
  assert.deepEqual(log, [], "a client that goes is no fault");
}, { samapi: { heartbeatMs: 60_000 } }, undefined, (real) => ({ segmenter: slowly(real.segmenter, 3200) }))));

test("a video that takes its time is waited for, too", { skip }, () => inFolder((folder) => withServer(async ({ url, pace }) => {
  pace.beforePlane = () => new Promise((over) => setTimeout(over, 800));
  const b64imgs = Array.from({ length: 5 }, (_, nth) => base64(jpeg(disc(40, 30, { x: 10 + nth, y: 15, radius: 6 }))));
  await writeFile(join(folder, "video.json"), gson({ type: "sam2_t", b64imgs, axes: "XYZ", objs: { 0: [{ obj_id: 1, bbox: [4, 9, 16, 21] }] } }));
  const [reply] = await askFromJava([["POST", `${url}/sam/video/`, join(folder, "video.json")]], 1000);
  assert.equal(reply?.status, 200, reply?.text);
  assert.ok(reply.ms > 2500, `${reply.ms} ms`);
  assert.equal(JSON.parse(reply.text).length, 5);
}, { samapi: { heartbeatMs: 200 } })));
