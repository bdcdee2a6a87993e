import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { unzipSync } from "fflate";
import { createApp } from "#server/app.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { codeOf, connect } from "./live-client.ts";
import { declaration, stepper, withServer } from "./server-under-test.ts";

/** JSON as it comes; a member that is not there reads as undefined and fails the comparison. */
type Json = ReturnType<typeof JSON.parse>;

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Json;
  readonly bytes: Uint8Array;
}

async function call(url: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const raw = body instanceof Uint8Array || typeof body === "string";
  const response = await fetch(`${url}${path}`, {
    method, headers: { ...(body === undefined || raw ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const type = response.headers.get("Content-Type") ?? "";
  return { status: response.status, type, bytes, body: type.includes("json") ? JSON.parse(Buffer.from(bytes).toString()) : Buffer.from(bytes).toString("latin1") };
}

/** Status and code of a refusal; every refusal must be a whole problem. */
function refusal({ status, type, body }: Reply): string {
  assert.equal(type, "application/problem+json");
  assert.ok(body.title && body.type && body.detail === body.message && body.hint && body.status === status);
  return `${status} ${body.code}`;
}

/** Requests fetch would not let a page make: other Host and Origin, upgrades. */
function rawRequest(url: string, path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}${path}`, { headers }, (response) => {
      let body = "";
      response.on("data", (piece) => { body += piece; });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, body: "" });
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function prompted(url: string): Promise<{ volumeId: string; sessionId: string }> {
  const { volumeId } = (await call(url, "POST", "/v1/volumes", declaration)).body;
  const { sessionId } = (await call(url, "POST", "/v1/sessions", { volumeId })).body;
  const put = await call(url, "PUT", `/v1/sessions/${sessionId}/prompts`, { objects: [{ id: 3, prompts: [{ z: 1, box: [2, 1, 6, 5], points: [[3, 3, 1]] }] }, { id: 5, prompts: [{ z: 4, box: [8, 2, 12, 9] }] }] });
  assert.equal(put.status, 200);
  assert.deepEqual(put.body.objects.map((object: Json) => [object.objectId, object.prompts.length, object.masks]), [[3, 1, 0], [5, 1, 0]]);
  return { volumeId, sessionId };
}

test("from a declaration to every result, over HTTP alone", () => withServer(async ({ url, home }) => {
  assert.deepEqual((await call(url, "GET", "/v1/health")).body, { name: "masklet", version: "0.1.0", protocol: 1, model: "ready" });
  assert.equal((await call(url, "GET", "/v1/models")).body[0].id, "boxes");
  const { volumeId, sessionId } = await prompted(url);
  assert.equal((await call(url, "PUT", `/v1/volumes/${volumeId}/planes/0/0/1`, new Uint8Array(140), { "Content-Type": "application/octet-stream" })).status, 204);
  assert.equal((await call(url, "GET", `/v1/volumes/${volumeId}`)).body.planesHeld, 1);

  const job = await call(url, "POST", "/v1/jobs", { operation: "propagate", sessionId, params: { direction: "forward" } });
  assert.equal(job.status, 202);
  const events = (await call(url, "GET", `/v1/jobs/${job.body.id}/events`)).body;
  assert.match(events, /event: end\ndata: \{.*"state":"done"/);
  const done = (await call(url, "GET", `/v1/jobs/${job.body.id}`)).body;
  assert.deepEqual([done.state, done.sessionId, done.result.seq, done.result.planes, done.result.model], ["done", sessionId, 2, 7, "boxes"]);

  const labels = await call(url, "GET", `/v1/sessions/${sessionId}/labels.tif?overlap=first`);
  assert.equal(labels.type, "image/tiff");
  await writeFile(join(home, "got.tif"), labels.bytes);
  const volume = await openVolume(join(home, "got.tif"));
  const voxels = await volume.read({ t: 0, c: 0, z: [0, 6], y: [0, 10], x: [0, 14] });
  const count = (id: number): number => Array.from(voxels).filter((value) => value === id).length;
  assert.deepEqual([count(3), count(5), volume.shape], [5 * 16, 2 * 28, declaration.shape]);
  await volume.close();
  const rois = await call(url, "GET", `/v1/sessions/${sessionId}/rois.zip`);
  assert.equal(Object.keys(unzipSync(rois.bytes)).length, 7);
  assert.equal((await call(url, "GET", `/v1/sessions/${sessionId}/objects.geojson`)).body.features.length, 7);
  const csv = await call(url, "GET", `/v1/sessions/${sessionId}/measurements.csv`);
  assert.match(csv.type, /^text\/csv/);
  assert.equal(csv.body.trim().split("\n").length, 3);

  const prompts = (await call(url, "GET", `/v1/sessions/${sessionId}/prompts`)).body;
  assert.deepEqual(prompts.objects[0], { id: 3, axis: "z", c: 0, prompts: [{ z: 1, t: 0, box: [2, 1, 6, 5], points: [[3, 3, 1]] }] });
  assert.equal((await call(url, "PUT", `/v1/sessions/${sessionId}/prompts`, prompts)).status, 200, "what was got can be put");
  assert.equal((await call(url, "GET", "/v1/sessions")).body[0].sessionId, sessionId);
  const undo = await call(url, "POST", "/v1/jobs", { operation: "undo", sessionId });
  await call(url, "GET", `/v1/jobs/${undo.body.id}/events`);
  assert.equal((await call(url, "GET", `/v1/jobs/${undo.body.id}`)).body.result.undone, "prompts.put");
}));

test("a job whose caller supplies pixels waits for the planes that the volume says it needs", () => withServer(async ({ url }) => {
  const { volumeId, sessionId } = await prompted(url);
  const start = async (supply: boolean): Promise<string> => (await call(url, "POST", "/v1/jobs", { operation: "prompt.set", sessionId, params: { objectId: 7, cut: { axis: "z", index: 2 }, box: [2, 1, 6, 5] }, supply })).body.id;
  const ended = async (id: string): Promise<Json> => {
    await call(url, "GET", `/v1/jobs/${id}/events`);
    return (await call(url, "GET", `/v1/jobs/${id}`)).body;
  };
  assert.equal((await ended(await start(false))).error.code, "pixels_missing");
  const id = await start(true);
  for (;;) {
    const { planesNeeded } = (await call(url, "GET", `/v1/volumes/${volumeId}`)).body;
    if (planesNeeded === undefined) continue;
    assert.deepEqual(planesNeeded, [{ t: 0, c: 0, z: 2 }]);
    break;
  }
  assert.equal((await call(url, "PUT", `/v1/volumes/${volumeId}/planes/0/0/2`, new Uint8Array(140), { "Content-Type": "application/octet-stream" })).status, 204);
  assert.equal((await ended(id)).state, "done");
  assert.equal((await call(url, "GET", `/v1/volumes/${volumeId}`)).body.planesNeeded, undefined);

  // Cancelled while it waits: nobody is asked any more.
  const { id: waiting } = (await call(url, "POST", "/v1/jobs", { operation: "prompt.set", sessionId, params: { objectId: 7, cut: { axis: "z", index: 3 }, box: [2, 1, 6, 5] }, supply: true })).body;
  while ((await call(url, "GET", `/v1/volumes/${volumeId}`)).body.planesNeeded === undefined);
  await call(url, "DELETE", `/v1/jobs/${waiting}`);
  assert.equal((await ended(waiting)).state, "cancelled");
  assert.equal((await call(url, "GET", `/v1/volumes/${volumeId}`)).body.planesNeeded, undefined);
}));

test("events tell progress and masks as they come; DELETE cancels and keeps what came", () => withServer(async ({ url, pace }) => {
  const { sessionId } = await prompted(url);
  const gate = stepper(pace);
  const { id } = (await call(url, "POST", "/v1/jobs", { operation: "propagate", sessionId, params: { objects: [3] } })).body;
  const events = call(url, "GET", `/v1/jobs/${id}/events`);
  gate.allow(1);
  for (;;) {
    const { body } = await call(url, "GET", `/v1/jobs/${id}`);
    if (body.progress.done === 2) break;
  }
  assert.equal((await call(url, "DELETE", `/v1/jobs/${id}`)).status, 202);
  const text: string = (await events).body;
  const names = [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
  assert.equal(names[0], "progress");
  assert.equal(names.at(-1), "end");
  assert.equal(JSON.parse(/event: mask\ndata: (.*)/.exec(text)?.[1] ?? "{}").objectId, 3);
  assert.equal((await call(url, "GET", `/v1/jobs/${id}`)).body.state, "cancelled");
  assert.equal((await call(url, "GET", `/v1/sessions/${sessionId}`)).body.objects[0].masks, 2);
}));

test("what is wrong is a problem with its code", () => withServer(async ({ url }) => {
  const { volumeId, sessionId } = await prompted(url);
  const json = { "Content-Type": "application/json" };
  const plane = `/v1/volumes/${volumeId}/planes`;
  const cases: readonly (readonly [string, string, string, unknown, Record<string, string>?])[] = [
    ["404 route_unknown", "GET", "/v1/nothing", undefined],
    ["404 route_unknown", "PATCH", "/v1/sessions", undefined],
    ["400 request_invalid", "POST", "/v1/volumes", "{", json],
    ["400 request_invalid", "POST", "/v1/volumes", "[1]", json],
    ["400 request_invalid", "POST", "/v1/volumes", JSON.stringify(declaration), { "Content-Type": "text/plain" }],
    ["400 request_invalid", "POST", "/v1/volumes", { ...declaration, shape: { ...declaration.shape, z: 0 } }],
    ["400 request_invalid", "POST", "/v1/volumes", { ...declaration, extra: 1 }],
    ["422 shape_invalid", "POST", "/v1/volumes", { ...declaration, shape: { t: 1, c: 1, z: 1e9, y: 60000, x: 60000 } }],
    ["403 path_forbidden", "POST", "/v1/volumes", { path: "/etc/passwd" }],
    ["422 tiff_invalid", "POST", "/v1/volumes?name=a.tif", new Uint8Array([1, 2, 3]), { "Content-Type": "image/tiff" }],
    ["404 not_found", "GET", "/v1/volumes/vol-nobody", undefined],
    ["404 not_found", "GET", "/v1/volumes/..%2f..%2fetc", undefined],
    ["400 request_invalid", "GET", "/v1/volumes/%ff", undefined],
    ["404 not_found", "POST", "/v1/sessions", { volumeId: "vol-nobody" }],
    ["404 not_found", "GET", "/v1/sessions/ses-nobody", undefined],
    ["400 request_invalid", "POST", "/v1/sessions", { volumeId, view: { range: [5, 5] } }],
    ["400 request_invalid", "PUT", `/v1/sessions/${sessionId}/prompts`, { objects: [{ id: 0, prompts: [{}] }] }],
    ["422 prompt_empty", "PUT", `/v1/sessions/${sessionId}/prompts`, { objects: [{ id: 1, prompts: [{ z: 1 }] }] }],
    ["422 plane_off_volume", "PUT", `/v1/sessions/${sessionId}/prompts`, { objects: [{ id: 1, prompts: [{ z: 6, box: [0, 0, 2, 2] }] }] }],
    ["400 request_invalid", "PUT", `/v1/sessions/${sessionId}/prompts`, { objects: [{ id: 1, prompts: [{ z: 1, mask: "/etc/passwd" }] }] }],
    ["400 request_invalid", "GET", `/v1/sessions/${sessionId}/labels.tif?overlap=best`, undefined],
    ["422 export_empty", "GET", `/v1/sessions/${sessionId}/labels.tif`, undefined],
    ["422 export_empty", "GET", `/v1/sessions/${sessionId}/measurements.csv`, undefined],
    ["404 not_found", "POST", "/v1/jobs", { operation: "undo", sessionId: "ses-nobody" }],
    ["400 request_invalid", "POST", "/v1/jobs", { operation: "hello", sessionId }],
    ["400 request_invalid", "POST", "/v1/jobs", { operation: "prompt.set", sessionId, params: { objectId: 1 } }],
    ["400 request_invalid", "POST", "/v1/jobs", { operation: "undo", sessionId, params: { sessionId: "ses-another" } }],
    ["404 not_found", "GET", "/v1/jobs/job-nobody", undefined],
    ["404 not_found", "GET", "/v1/jobs/job-nobody/events", undefined],
    ["404 not_found", "DELETE", "/v1/jobs/job-nobody", undefined],
    ["422 pixels_size", "PUT", `${plane}/0/0/1`, new Uint8Array(139)],
    ["422 pixels_size", "PUT", `${plane}/0/0/1`, new Uint8Array(141)],
    ["422 plane_off_volume", "PUT", `${plane}/0/0/6`, new Uint8Array(140)],
    ["400 request_invalid", "PUT", `${plane}/0/x/1`, new Uint8Array(140)],
    ["400 request_invalid", "PUT", `${plane}/0/0/99999999999`, new Uint8Array(140)],
  ];
  for (const [expected, method, path, body, headers] of cases) assert.equal(refusal(await call(url, method, path, body, headers)), expected, `${method} ${path}`);
  assert.equal((await call(url, "PUT", `${plane}/0/0/1`, new Uint8Array(140))).status, 204);
  assert.equal(refusal(await call(url, "PUT", `${plane}/0/0/1`, new Uint8Array(140).fill(1))), "409 volume_changed");
  assert.equal((await call(url, "GET", `/v1/sessions/${sessionId}`)).body.seq, 1, "none of it was an edit");
}));

test("bodies that are too large or stop in the middle leave the server as it was", () => withServer(async ({ url, log }) => {
  const { port } = new URL(url);
  const send = (head: string): Promise<string> => new Promise((resolve) => {
    const socket = connectSocket(Number(port), "127.0.0.1", () => socket.write(`${head}\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
    let text = "";
    socket.on("data", (piece) => { text += piece; });
    socket.on("close", () => resolve(text));
    socket.on("error", () => undefined);
  });
  assert.match(await send("POST /v1/volumes HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 99999999999"), /^HTTP\/1.1 413 .*too_large/s);
  assert.match(await send("POST /v1/volumes HTTP/1.1\r\nContent-Type: image/tiff\r\nContent-Length: 99999999999"), /^HTTP\/1.1 413 .*too_large/s);

  const { volumeId } = (await call(url, "POST", "/v1/volumes", declaration)).body;
  for (const head of [`PUT /v1/volumes/${volumeId}/planes/0/0/0`, "POST /v1/volumes", "POST /v1/jobs"]) {
    await new Promise<void>((resolve) => {
      const socket = connectSocket(Number(port), "127.0.0.1", () => {
        socket.write(`${head} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: ${head.startsWith("PUT") ? "application/octet-stream" : "application/json"}\r\nContent-Length: 140\r\n\r\n{"half":`, () => socket.destroy());
      });
      socket.on("close", () => resolve());
    });
  }
  assert.equal((await call(url, "GET", `/v1/volumes/${volumeId}`)).body.planesHeld, 0);
  assert.deepEqual(log, []);
}));

test("only this machine's names and this server's own pages are served", () => withServer(async ({ url }) => {
  const { host, port } = new URL(url);
  const code = async (headers: Record<string, string>, path = "/v1/health"): Promise<string> => {
    const { status, body } = await rawRequest(url, path, headers);
    return status === 200 || status === 101 ? String(status) : `${status} ${JSON.parse(body).code}`;
  };
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };
  for (const good of ["localhost", `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "LOCALHOST"]) assert.equal(await code({ Host: good }), "200", good);
  for (const bad of ["evil.example", `evil.example:${port}`, "localhost.evil.example", "127.0.0.1.evil.example"]) {
    assert.equal(await code({ Host: bad }), "403 host_forbidden", bad);
    assert.equal(await code({ Host: bad, ...upgrade }, "/v1/live"), "403 host_forbidden", bad);
  }
  assert.equal(await code({ Origin: `http://${host}` }), "200");
  assert.equal(await code({ Origin: `http://${host}`, ...upgrade }, "/v1/live"), "101");
  for (const bad of ["http://evil.example", "null", "http://localhost:1", `https://${host}.evil.example`]) {
    assert.equal(await code({ Origin: bad }), "403 origin_forbidden", bad);
    assert.equal(await code({ Origin: bad, ...upgrade }, "/v1/live"), "403 origin_forbidden", bad);
  }
  assert.equal(await code(upgrade, "/v1/elsewhere"), "404 route_unknown");
}));

test("an Upgrade header that is not for a WebSocket is an ordinary request", () => withServer(async ({ url }) => {
  for (const upgrade of ["TLS/1.2", "h2c", "TLS/1.2, HTTP/1.1"]) {
    const { status, body } = await rawRequest(url, "/v1/health", { Connection: "Upgrade", Upgrade: upgrade });
    assert.equal(status, 200, upgrade);
    assert.equal(JSON.parse(body).name, "masklet");
    assert.equal((await rawRequest(url, "/v1/sessions/ses-nobody", { Connection: "Upgrade", Upgrade: upgrade })).status, 404);
  }
  assert.equal((await rawRequest(url, "/v1/health", { Connection: "Upgrade", Upgrade: "TLS/1.2", "Content-Length": "3" })).status, 400);
}));

test("a server with a token answers nobody without it", () => withServer(async ({ url }) => {
  assert.equal(refusal(await call(url, "GET", "/v1/health")), "401 token_missing");
  assert.equal(refusal(await call(url, "GET", "/v1/health", undefined, { Authorization: "Bearer wrong" })), "401 token_wrong");
  assert.equal(refusal(await call(url, "GET", "/v1/health", undefined, { Authorization: "Basic c2VjcmV0" })), "401 token_missing");
  const right = { Authorization: "Bearer secret" };
  assert.equal((await call(url, "GET", "/v1/health", undefined, right)).status, 200);
  assert.equal((await call(url, "GET", "/openapi.json")).status, 200);

  const hello = { t: "hello", id: 1, protocol: 1, client: "test" } as const;
  const known = await connect(url, { headers: right });
  assert.equal(codeOf(await known.ask(hello)), "");
  await known.close();
  const page = await connect(url);
  assert.equal(codeOf(await page.ask({ ...hello, token: "secret" })), "");
  await page.close();
  for (const [token, code] of [[undefined, "token_missing"], ["wrong", "token_wrong"]] as const) {
    const stranger = await connect(url);
    assert.equal(codeOf(await stranger.ask({ ...hello, ...(token === undefined ? {} : { token }) })), code);
    assert.equal((await stranger.closed).code, 1008);
  }
  await assert.rejects(connect(url, { headers: { Authorization: "Bearer wrong" } }), /401/);
}, { token: "secret" }));

test("other machines' addresses need a token, and a port in use is said to be", () => withServer(async ({ url, home }) => {
  const config = { home: join(home, "second"), port: Number(new URL(url).port), host: "127.0.0.1", roots: [], onLog: () => undefined };
  for (const [more, code] of [[{}, "port_in_use"], [{ host: "0.0.0.0", port: 0 }, "token_required"], [{ host: "192.0.2.1", port: 0 }, "token_required"]] as const) {
    const app = createApp({ ...config, ...more });
    await assert.rejects(app.listen(), { code });
    await app.close();
  }
}));

test("a TIFF is uploaded, or opened where it lies under a root", async () => {
  const root = await mkdtemp(join(tmpdir(), "masklet-root-"));
  try {
    await withServer(async ({ url }) => {
      const { sessionId } = await prompted(url);
      const job = await call(url, "POST", "/v1/jobs", { operation: "propagate", sessionId });
      await call(url, "GET", `/v1/jobs/${job.body.id}/events`);
      const { bytes } = await call(url, "GET", `/v1/sessions/${sessionId}/labels.tif`);
      const uploaded = await call(url, "POST", "/v1/volumes?name=seen.tif", bytes, { "Content-Type": "image/tiff" });
      assert.deepEqual([uploaded.status, uploaded.body.name, uploaded.body.shape, uploaded.body.dtype], [201, "seen.tif", declaration.shape, "uint16"]);
      await mkdir(join(root, "in"));
      await writeFile(join(root, "in", "a.tif"), bytes);
      await copyFile(join(root, "in", "a.tif"), join(root, "b.tif"));
      assert.equal((await call(url, "POST", "/v1/volumes", { path: join(root, "in", "a.tif") })).status, 201);
      assert.equal(refusal(await call(url, "POST", "/v1/volumes", { path: join(root, "b.tif") })), "403 path_forbidden");
      assert.equal(refusal(await call(url, "POST", "/v1/volumes", { path: join(root, "in", "..", "b.tif") })), "403 path_forbidden");
      assert.equal(refusal(await call(url, "POST", "/v1/volumes", { path: join(root, "in", "none.tif") })), "404 file_missing");
    }, { roots: [join(root, "in")] });
  } finally {
    await rm(root, { recursive: true });
  }
});
