// What goes wrong around a server: a full disk, places that are taken, a browser's token, a stranger's paths. Each is told with its
// code, and what was acknowledged before is there after.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { limits } from "#protocol/limits.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { fillDisk } from "./full-disk.ts";
import { codeOf, connect, isError, isMask, isNeed, openedOf } from "./live-client.ts";
import type { LiveClient, LiveRequest } from "./live-client.ts";
import { declaration, stepper, withServer } from "./server-under-test.ts";

const hello = { t: "hello", id: 1, protocol: 1, client: "test" } as const;
const box: [number, number, number, number] = [3, 2, 7, 6];
const cut = (index: number) => ({ axis: "z" as const, index });

/** @param sizeBytes of the planes the client answers with */
async function opened(url: string, sizeBytes = 140): Promise<{ live: LiveClient; sessionId: string; volumeId: string }> {
  const live = await connect(url);
  live.onMessage((message) => {
    if (isNeed(message)) for (const plane of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane, data: new Uint8Array(sizeBytes).fill(plane.z) });
  });
  assert.equal(codeOf(await live.ask(hello)), "");
  const { session, volume } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
  return { live, sessionId: session.sessionId, volumeId: volume.volumeId };
}

async function post(url: string, path: string, type: string, body: string | Uint8Array): Promise<{ status: number; code: string; told: string }> {
  const response = await fetch(`${url}${path}`, { method: "POST", headers: { "Content-Type": type }, body });
  const { code, message, hint } = JSON.parse(await response.text());
  return { status: response.status, code, told: `${message} ${hint}` };
}

test("a full disk refuses what is new, in words; what was acknowledged stays, and all goes on when there is space", () => withServer(async ({ url, home, log }) => {
  const { live, sessionId, volumeId } = await opened(url);
  assert.equal(codeOf(await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(2), box })), "");
  const tiff = join(home, "other.tif");
  await writeImagejTiff(tiff, { shape: { t: 1, c: 1, z: 1, y: 2, x: 3 }, dtype: "uint8", spacing: { z: 1, y: 1, x: 1 } }, [Uint8Array.of(1, 2, 3, 4, 5, 6)]);
  const bytes = await readFile(tiff);
  const sessions = await readdir(join(home, "sessions"));
  const disk = await fillDisk();
  try {
    assert.equal(codeOf(await live.ask({ t: "prompt.set", id: 4, sessionId, objectId: 1, cut: cut(2), box: [3, 2, 9, 6] })), "disk_full", "the journal");
    const started = performance.now();
    assert.equal(codeOf(await live.ask({ t: "prompt.set", id: 5, sessionId, objectId: 1, cut: cut(4), box })), "disk_full", "a plane");
    assert.ok(performance.now() - started < limits.pixelTimeoutMs / 2, "told at once, not after waiting for pixels that came");
    assert.equal((await live.next(isError)).error.code, "disk_full");
    assert.equal(codeOf(await live.ask({ t: "labels.get", id: 6, sessionId, as: "labels" })), "disk_full", "an export");
    const asked = [
      ["/v1/volumes?name=a.tif", "image/tiff", bytes], ["/v1/volumes", "application/json", JSON.stringify({ ...declaration, identity: "other" })],
      ["/v1/sessions", "application/json", JSON.stringify({ volumeId })],
    ] as const;
    for (const [path, type, body] of asked) {
      const { status, code, told } = await post(url, path, type, body);
      assert.deepEqual([status, code], [507, "disk_full"], path);
      assert.match(told, /^The disk is full: .*(a\.tif|vol-|ses-).* could not be written\..* Free some space/, path);
    }
  } finally {
    disk.free();
  }
  assert.equal((await live.ask({ t: "labels.get", id: 7, sessionId, as: "planes" })).masks[0]!.area, 16, "the mask that was answered");
  assert.equal(codeOf(await live.ask({ t: "prompt.set", id: 8, sessionId, objectId: 1, cut: cut(4), box })), "", "the plane that found no room is asked for again");
  assert.equal((await post(url, "/v1/volumes?name=a.tif", "image/tiff", bytes)).status, 201);
  assert.deepEqual(await readdir(join(home, "sessions")), sessions, "no half session is left");
  assert.deepEqual(await readdir(join(home, "scratch")), []);
  assert.ok(log.length > 0 && log.every((line) => /^disk_full: The disk is full: .*Free some space/.test(line) && !line.includes("\n")), log.join("\n"));
  await live.close();
}));

test("pixels of the wrong size end the wait for them with their own reason", () => withServer(async ({ url }) => {
  const { live, sessionId } = await opened(url, 139);
  assert.equal(codeOf(await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(2), box })), "pixels_size");
  await live.close();
}));

test("as many connections as maxConnections, and one more when one has gone", () => withServer(async ({ url }) => {
  const all: LiveClient[] = [];
  for (let count = 0; count < limits.maxConnections; count++) all.push(await connect(url));
  await assert.rejects(connect(url), /429/);
  assert.equal((await fetch(`${url}/v1/health`)).status, 200);
  assert.equal(codeOf(await all[0]!.ask(hello)), "");
  await all.pop()!.close();
  const next = await connect(url);
  assert.equal(codeOf(await next.ask(hello)), "");
  await Promise.all([...all, next].map((live) => live.close()));
}));

test("as many requests, and jobs, as maxPending; those that run are not disturbed", () => withServer(async ({ url, pace }) => {
  const { live, sessionId } = await opened(url);
  await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: cut(3), box });
  const gate = stepper(pace);
  const runs = Array.from({ length: limits.maxPending }, (_, at) => live.ask({ t: "propagate", id: 10 + at, sessionId }));
  await live.next(isMask);
  assert.equal(codeOf(await live.ask({ t: "undo", id: 9999, sessionId })), "too_many");
  for (let at = 1; at < runs.length; at++) live.send({ t: "cancel", id: 10 + at });
  for (const run of runs.slice(1)) assert.equal(codeOf(await run), "cancelled");
  const job = JSON.stringify({ operation: "propagate", sessionId });
  const jobs: string[] = [];
  for (let count = 0; count < limits.maxPending; count++) {
    const response = await fetch(`${url}/v1/jobs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: job });
    assert.equal(response.status, 202);
    jobs.push(JSON.parse(await response.text()).id);
  }
  const refused = await post(url, "/v1/jobs", "application/json", job);
  assert.deepEqual([refused.status, refused.code], [429, "too_many"]);
  for (const id of jobs) await fetch(`${url}/v1/jobs/${id}`, { method: "DELETE" });
  gate.allow(9);
  assert.equal((await runs[0]!).end.t, "result");
  assert.equal((await live.ask({ t: "undo", id: 9998, sessionId })).end.t, "result");
  await live.close();
}));

test("a browser's page gives its token in hello; a wrong one and none are refused and hung up on, and nothing is answered before", () => withServer(async ({ url }) => {
  // What a browser sends: where the page is from, and no Authorization, which it cannot set.
  const headers = { Origin: url };
  const page = await connect(url, { headers });
  assert.equal(codeOf(await page.ask({ t: "volume.open", id: 1, volume: declaration })), "hello_first");
  assert.equal(codeOf(await page.ask({ ...hello, id: 2, token: "secret" })), "");
  assert.equal(codeOf(await page.ask({ t: "volume.open", id: 3, volume: declaration })), "");
  await page.close();
  for (const [token, code] of [["wrong", "token_wrong"], ["", "token_missing"], [undefined, "token_missing"]] as const) {
    const stranger = await connect(url, { headers });
    assert.equal(codeOf(await stranger.ask({ ...hello, ...(token === undefined ? {} : { token }) })), code);
    assert.equal((await stranger.closed).code, 1008);
  }
  await assert.rejects(connect(url, { headers: { Origin: "http://evil.example" } }), /403/);
}, { token: "secret" }));

test("NaN and infinity are refused where they come in, over frames and JSON, so that no file has to hold them", () => withServer(async ({ url, app }) => {
  const { live, sessionId } = await opened(url);
  for (const [at, bad] of [NaN, Infinity, -Infinity].entries()) {
    const wrong: LiveRequest[] = [
      { t: "volume.open", id: 10 * at + 10, volume: { ...declaration, displayRange: [0, bad] } },
      { t: "volume.open", id: 10 * at + 11, volume: { ...declaration, spacing: { z: bad, y: 1, x: 1 } } },
      { t: "volume.open", id: 10 * at + 12, volume: { ...declaration, shape: { ...declaration.shape, z: bad } } },
      { t: "prompt.set", id: 10 * at + 13, sessionId, objectId: 1, cut: cut(2), box: [bad, 2, 7, 6] },
      { t: "prompt.set", id: 10 * at + 14, sessionId, objectId: 1, cut: cut(2), points: [[4, bad, 1]] },
      { t: "prompt.set", id: 10 * at + 15, sessionId, objectId: 1, cut: cut(bad), box },
      { t: "propagate", id: 10 * at + 16, sessionId, range: { start: 0, end: bad } },
    ];
    for (const message of wrong) assert.equal(codeOf(await live.ask(message)), "request_invalid", `${message.t} ${bad}`);
  }
  const shape = JSON.stringify(declaration).replace('"displayRange":[0,255]', '"displayRange":[0,1e999]');
  assert.equal((await post(url, "/v1/volumes", "application/json", shape)).code, "request_invalid");
  assert.equal((await app.operations["session.get"](sessionId)).seq, 0);
  await live.close();
}));

test("a link under a root to what lies outside it is as forbidden as that", async () => {
  const folder = await mkdtemp(join(tmpdir(), "masklet-links-"));
  try {
    await mkdir(join(folder, "root"));
    await writeFile(join(folder, "secret.tif"), "II*");
    await symlink(join(folder, "secret.tif"), join(folder, "root", "link.tif"));
    await symlink(folder, join(folder, "root", "up"), "junction");
    await withServer(async ({ url }) => {
      for (const path of [join(folder, "root", "link.tif"), join(folder, "root", "up", "secret.tif"), join(folder, "secret.tif"), join(folder, "root", "up", "none.tif")]) {
        const { status, code } = await post(url, "/v1/volumes", "application/json", JSON.stringify({ path }));
        // Of what lies outside it is not even told whether it is there.
        assert.deepEqual([status, code], [403, "path_forbidden"], path);
      }
    }, { roots: [join(folder, "root")] });
  } finally {
    await rm(folder, { recursive: true });
  }
});
