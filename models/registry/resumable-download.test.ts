import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Watch } from "#protocol/types.ts";
import { openFileServer } from "../../test/file-server.ts";
import type { FileServer } from "../../test/file-server.ts";
import { downloadFile } from "./resumable-download.ts";

const bytes = new Uint8Array(300_000).map((_, at) => (at * 7919) % 251);

describe("downloadFile", async () => {
  const root = await mkdtemp(join(tmpdir(), "masklet-download-"));
  after(() => rm(root, { recursive: true, force: true }));

  async function withServer(work: (server: FileServer, folder: string) => Promise<void>): Promise<void> {
    const server = await openFileServer(bytes);
    try {
      await work(server, await mkdtemp(join(root, "parts-")));
    } finally {
      await server.close();
    }
  }

  const get = (server: FileServer, folder: string, watch: Watch = {}) => downloadFile({ model: "m", address: server.address, folder, waitMs: 0 }, {
    ...watch,
    onProgress: (progress) => {
      watch.onProgress?.(progress);
      server.arrived(progress.done);
    },
  });

  it("brings the file, says how far it is, and leaves nothing once it is discarded", () => withServer(async (server, folder) => {
    const seen: number[] = [];
    const file = await get(server, folder, { onProgress: ({ done, total, unit }) => {
      assert.deepEqual([total, unit], [bytes.length, "bytes"]);
      seen.push(done);
    } });
    assert.equal(seen.at(-1), bytes.length);
    assert.deepEqual(new Uint8Array(await readFile(file.path)), bytes);
    await file.discard();
    assert.deepEqual(await readdir(folder), []);
  }));

  it("goes on where connections were cut, as long as something comes", () => withServer(async (server, folder) => {
    // More cuts than tries are allowed without anything new.
    server.served.cuts.push(...Array.from({ length: 8 }, () => 20_000));
    const file = await get(server, folder);
    assert.deepEqual(new Uint8Array(await readFile(file.path)), bytes);
    assert.equal(server.asked[0], "whole");
    assert.ok(server.asked.slice(1).every((range) => range.startsWith("bytes=")), server.asked.join());
  }));

  it("keeps what came when it fails or is cancelled, and goes on from there", () => withServer(async (server, folder) => {
    server.served.cuts.push(50_000, 0, 0, 0, 0, 0, 0);
    await assert.rejects(get(server, folder), { code: "download_failed", message: /bytes are kept/ });
    server.served.cuts.length = 0;
    const abort = new AbortController();
    await assert.rejects(get(server, folder, { signal: abort.signal, onProgress: () => abort.abort() }), { code: "cancelled" });
    await assert.rejects(get(server, folder, { signal: abort.signal }), { code: "cancelled" });
    server.asked.length = 0;
    const file = await get(server, folder);
    assert.deepEqual(new Uint8Array(await readFile(file.path)), bytes);
    assert.deepEqual([server.asked.length, server.asked[0]!.startsWith("bytes=")], [1, true]);
  }));

  it("takes a file that came whole before, without its body again", () => withServer(async (server, folder) => {
    await get(server, folder);
    let progress = 0;
    const file = await get(server, folder, { onProgress: () => progress++ });
    assert.deepEqual(new Uint8Array(await readFile(file.path)), bytes);
    assert.equal(progress, 0);
  }));

  it("begins anew when the file has changed meanwhile, whatever the server tells of it", async () => {
    const other = bytes.map((one) => 255 - one);
    const changes: ((server: FileServer) => void)[] = [
      ({ served }) => Object.assign(served, { bytes: other, etag: '"v2"' }),
      ({ served }) => Object.assign(served, { bytes: other.subarray(0, 10_000), etag: '"v2"' }),
      // Longer, without validators: only the length tells.
      ({ served }) => Object.assign(served, { bytes: new Uint8Array(bytes.length + 1).fill(7), etag: undefined }),
    ];
    for (const [at, change] of changes.entries()) {
      await withServer(async (server, folder) => {
        if (at === 2) server.served.etag = undefined;
        server.served.cuts.push(50_000, 0, 0, 0, 0, 0);
        await assert.rejects(get(server, folder), { code: "download_failed" });
        server.served.cuts.length = 0;
        change(server);
        assert.deepEqual(new Uint8Array(await readFile((await get(server, folder)).path)), server.served.bytes, `change ${at}`);
      });
    }
  });

  it("begins anew where ranges are not answered, and where nothing says what a part is of", () => withServer(async (server, folder) => {
    server.served.ranges = false;
    server.served.cuts.push(50_000, 60_000);
    assert.deepEqual(new Uint8Array(await readFile((await get(server, folder)).path)), bytes);
    server.served.ranges = true;
    const note = (await readdir(folder)).find((name) => name.endsWith(".json"))!;
    await writeFile(join(folder, note), "{");
    assert.deepEqual(new Uint8Array(await readFile((await get(server, folder)).path)), bytes);
    assert.equal(server.asked.at(-1), "whole");
  }));

  it("tries again what may pass, not what was refused", () => withServer(async (server, folder) => {
    server.served.refusals.push(503, 429, 500);
    await get(server, folder);
    for (const status of [404, 403, 410]) {
      server.served.refusals.push(status);
      server.asked.length = 0;
      const fresh = await mkdtemp(join(root, "parts-"));
      await assert.rejects(get(server, fresh), { code: "download_failed", message: new RegExp(`answered ${status}`) });
      assert.equal(server.asked.length, 1);
    }
  }));

  it("follows where it is sent on to, but not round and round or out into the open", () => withServer(async (server, folder) => {
    server.served.redirects.push("/elsewhere/weights.pt");
    assert.deepEqual(new Uint8Array(await readFile((await get(server, folder)).path)), bytes);
    const fresh = await mkdtemp(join(root, "parts-"));
    server.served.redirects.push(...Array.from({ length: 6 }, () => server.address));
    await assert.rejects(get(server, fresh), { code: "download_failed", message: /more than 5 times/ });
    server.served.redirects.length = 0;
    server.served.redirects.push("http://example.org/weights.pt");
    await assert.rejects(get(server, fresh), { code: "download_failed", message: /not https/ });
    server.served.redirects.push("file:///etc/passwd");
    await assert.rejects(get(server, fresh), { code: "download_failed", message: /not https/ });
  }));

  it("refuses addresses that could be changed on the way, or would give a secret away", async () => {
    for (const address of ["http://example.org/x.pt", "ftp://example.org/x.pt", "https://me:secret@example.org/x.pt", "https://"]) {
      await assert.rejects(downloadFile({ model: "m", address, folder: root }), { code: "usage" }, address);
    }
  });

  it("says when nobody answers, and when there is no place to write", async () => {
    const server = await openFileServer(bytes);
    await server.close();
    await assert.rejects(get(server, root), { code: "download_failed", message: /ECONNREFUSED/ });
    await writeFile(join(root, "file"), "");
    await assert.rejects(get(server, join(root, "file", "parts")), { code: "file_not_written" });
  });
});
