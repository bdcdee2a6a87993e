// Real, if shrunken, checkpoints through the whole of `masklet models add`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { openFileServer } from "../../test/file-server.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { ModelStore } from "./store.ts";
import { createModelStore } from "./store.ts";
import { checkLive } from "./verify-model.ts";

const fixture = fileURLToPath(new URL("../../fixtures/sam2/sam2.1_shrunken.safetensors", import.meta.url));
const other = fileURLToPath(new URL("../../fixtures/sam2/sam2_shrunken.safetensors", import.meta.url));
const hostile = fileURLToPath(new URL("../../fixtures/checkpoints/foreign.pt", import.meta.url));
const whole = await readFile(fixture);
const sha256 = createHash("sha256").update(whole).digest("hex");

describe("adding a checkpoint", async () => {
  const root = await mkdtemp(join(tmpdir(), "masklet-add-"));
  after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

  async function fresh(catalogue: readonly CatalogueEntry[] = []): Promise<{ home: string; models: string; store: ModelStore; log: string[] }> {
    const home = await mkdtemp(join(root, "home-"));
    const log: string[] = [];
    return { home, models: join(home, "models"), store: createModelStore({ home, catalogue, onLog: (line) => log.push(line) }), log };
  }

  it("compiles it into a model that is listed, resolved, opened, checked, sees, and can be removed", async () => {
    const { models, store } = await fresh();
    const parts: string[] = [];
    const { model, already } = await store.add({ source: fixture, int8: false }, { onPart: (part) => parts.push(part) });
    assert.deepEqual([model.id, model.family, model.installed, model.integrity, model.source, model.imageSize, already], ["sam2.1-shrunken", "sam2", true, "recorded", fixture, 128, false]);
    assert.deepEqual(parts, ["reading", "compiling", "hashing"]);
    assert.deepEqual(await store.list(), [model]);
    assert.equal(await store.resolveModel("auto"), model.id);
    assert.equal(await store.resolveModel(model.id), model.id);
    assert.equal((await store.open(model.id)).family, "sam2");
    const live = await checkLive({ ...(await store.check(model.id)), random: true }, { provider: "cpu" });
    assert.ok(Number.isFinite(live.score));
    assert.deepEqual(await readdir(models), [model.id]);
    const manifest = JSON.parse(await readFile(join(models, model.id, "manifest.json"), "utf8"));
    assert.deepEqual([manifest.compiled.sourceSha256, manifest.compiled.sourceBytes], [sha256, whole.length]);
    await store.remove(model.id);
    assert.deepEqual(await store.list(), []);
    await assert.rejects(store.open(model.id), { code: "model_unknown" });
  });

  it("does nothing when the same is there, and mends it when it is damaged", async () => {
    const { models, store } = await fresh();
    const { model } = await store.add({ source: fixture, int8: false });
    const before = (await stat(join(models, model.id, "manifest.json"))).mtimeMs;
    // By content, whatever it is called.
    const renamed = join(root, "sam2.1_hiera_shrunken.safetensors");
    await writeFile(renamed, whole);
    for (const source of [fixture, renamed]) assert.deepEqual(await store.add({ source, int8: false }), { model, already: true });
    assert.equal((await stat(join(models, model.id, "manifest.json"))).mtimeMs, before);
    await truncate(join(models, model.id, "weights.bin"), 100);
    await assert.rejects(store.open(model.id), { code: "model_damaged" });
    assert.equal((await store.add({ source: fixture, int8: false })).already, false);
    await store.open(model.id);
  });

  it("keeps other sizes apart, and other weights out of a taken id", async () => {
    const { store } = await fresh([packaged]);
    await store.add({ source: fixture, int8: false });
    assert.equal((await store.add({ source: fixture, int8: false, imageSize: 192 })).model.id, "sam2.1-shrunken-192");
    const { model } = await store.add({ source: fixture, int8: true });
    assert.equal(model.id, "sam2.1-shrunken-int8");
    assert.ok(Number.isFinite((await checkLive({ ...(await store.open(model.id)), random: true }, { provider: "cpu" })).score));
    await assert.rejects(store.add({ source: fixture, int8: true, id: "sam2.1-shrunken" }), { code: "model_exists" });
    for (const imageSize of [100, 0]) await assert.rejects(store.add({ source: fixture, int8: false, imageSize }), { code: "image_size_invalid" });
    await assert.rejects(store.add({ source: other, int8: false, id: "sam2.1-shrunken" }), { code: "model_exists" });
    await assert.rejects(store.add({ source: fixture, int8: false, id: "packaged" }), { code: "usage", message: /another model/ });
    for (const id of ["../up", "Sam", "auto", "", ".hidden", "a".repeat(65), "a/b"]) await assert.rejects(store.add({ source: fixture, int8: false, id }), { code: "usage" }, id);
    assert.deepEqual((await store.list()).map(({ id, installed }) => [id, installed]), [["packaged", false], ["sam2.1-shrunken", true], ["sam2.1-shrunken-192", true], ["sam2.1-shrunken-int8", true]]);
  });

  it("takes what the checkpoint says of itself: its licence, that it is random, that it is never to be chosen", async () => {
    const { store } = await fresh();
    const said = join(root, "said.safetensors");
    await writeFile(said, withMetadata({ "masklet.licence": "CC-BY-4.0", "masklet.random": "true", "masklet.preferred": "false" }));
    const { model } = await store.add({ source: said, int8: false });
    assert.equal(model.licence, "CC-BY-4.0");
    assert.equal((await store.open(model.id)).random, true);
    await assert.rejects(store.resolveModel("auto"), { code: "model_not_installed" });
    assert.equal(await store.resolveModel(model.id), model.id);
  });

  it("installs nothing of a file that is no checkpoint, is cut short, or holds what is no number", async () => {
    const { models, store } = await fresh();
    const cut = join(root, "cut.safetensors");
    await writeFile(cut, whole.subarray(0, whole.length - 10));
    const odd = join(root, "odd.safetensors");
    await writeFile(odd, Buffer.concat([whole.subarray(0, whole.length - 4), Buffer.from(Float32Array.of(NaN).buffer)]));
    const refused: [string, string][] = [[hostile, "checkpoint_unsupported"], [cut, "checkpoint_invalid"], [odd, "weights_not_finite"], [join(root, "absent.pt"), "file_missing"], [root, "file_unreadable"]];
    for (const [source, code] of refused) await assert.rejects(store.add({ source, int8: false, id: "new" }), { code }, source);
    assert.deepEqual(await store.list(), []);
    assert.deepEqual((await readdir(models).catch(() => [])).filter((name) => name !== ".downloads"), []);
  });

  it("leaves nothing when it is cancelled while it compiles", async () => {
    const { models, store } = await fresh();
    const abort = new AbortController();
    await assert.rejects(store.add({ source: fixture, int8: false }, { signal: abort.signal, onPart: (part) => { if (part === "compiling") abort.abort(); } }), { code: "cancelled" });
    assert.deepEqual(await readdir(models), []);
  });

  it("fetches an address, goes on after a cancel, and asks nobody when it is there", async () => {
    const { models, store } = await fresh();
    const server = await openFileServer(whole, "sam2.1_hiera_fetched.safetensors");
    try {
      const abort = new AbortController();
      await assert.rejects(store.add({ source: server.address, int8: false }, { signal: abort.signal, onProgress: () => abort.abort() }), { code: "cancelled" });
      assert.equal((await readdir(join(models, ".downloads"))).length, 2);
      const { model } = await store.add({ source: server.address, int8: false });
      assert.deepEqual([model.id, model.source], ["sam2.1-fetched", server.address]);
      assert.match(server.asked[1]!, /^bytes=\d+-$/);
      assert.deepEqual(await readdir(join(models, ".downloads")), []);
      server.asked.length = 0;
      assert.equal((await store.add({ source: server.address, int8: false, id: model.id })).already, true);
      assert.deepEqual(server.asked, []);
      // What came is of no use: the next try should not begin with it.
      server.served.bytes = await readFile(hostile);
      server.served.etag = '"v2"';
      await assert.rejects(store.add({ source: server.address, int8: false, id: "new" }), { code: "checkpoint_unsupported" });
      assert.deepEqual(await readdir(join(models, ".downloads")), []);
    } finally {
      await server.close();
    }
  });

  it("pulls a checkpoint of the catalogue; a hash that differs from the recorded one is a warning", async () => {
    const server = await openFileServer(whole);
    try {
      for (const [hash, integrity] of [[sha256, "verified"], ["0".repeat(64), "recorded"]] as const) {
        const { store, log } = await fresh([{ id: "sam2.1-official", family: "sam2", licence: "Apache-2.0", source: { kind: "checkpoint", address: server.address, sizeBytes: whole.length, published: { kind: "sha256", hash } } }]);
        await assert.rejects(store.resolveModel("sam2.1-official"), { code: "model_not_installed" });
        const model = await store.pull("sam2.1-official");
        assert.deepEqual([model.id, model.integrity, model.installed, log.length], ["sam2.1-official", integrity, true, integrity === "verified" ? 0 : 1]);
        assert.match(log.join(), integrity === "verified" ? /^$/ : /^Warning: .* is not the sam2\.1-official that others have recorded/);
      }
    } finally {
      await server.close();
    }
  });

  it("verifies what Git calls a file's content, and compiles EdgeTAM", async () => {
    const edgetam = await readFile(fixture.replace("sam2.1", "edgetam"));
    const blob = createHash("sha1").update(`blob ${edgetam.length}\0`).update(edgetam).digest("hex");
    const server = await openFileServer(edgetam, "edgetam.safetensors");
    try {
      for (const [hash, integrity] of [[blob, "verified"], ["0".repeat(40), "recorded"]] as const) {
        const { store, log } = await fresh([{ id: "edgetam", family: "sam2", licence: "Apache-2.0", source: { kind: "checkpoint", address: server.address, sizeBytes: edgetam.length, published: { kind: "git-blob", hash } } }]);
        const model = await store.pull("edgetam");
        assert.deepEqual([model.integrity, model.family, model.imageSize, log.length], [integrity, "sam2", 128, integrity === "verified" ? 0 : 1]);
        assert.match(log.join(), integrity === "verified" ? /^$/ : new RegExp(`Git blob ${blob}\\) is not the edgetam`));
      }
      const { store } = await fresh();
      await assert.rejects(store.add({ source: server.address, int8: true, id: "rounded" }), { code: "usage", message: /leave --int8 out/ });
      await assert.rejects(store.add({ source: server.address, int8: false, imageSize: 96 }), { code: "image_size_invalid", message: /96 pixels wide/ });
    } finally {
      await server.close();
    }
  });

  it("leaves nothing half installed when its process is killed, and installs after", async () => {
    const { home, models, store } = await fresh();
    // It stops itself at the first word of compiling, so that the kill comes in the middle.
    const script = `
      import { createModelStore } from ${JSON.stringify(new URL("./store.ts", import.meta.url))};
      const store = createModelStore({ home: ${JSON.stringify(home)}, catalogue: [] });
      let compiling = false;
      await store.add({ source: ${JSON.stringify(fixture)}, int8: false }, { onPart: (part) => { compiling = part === "compiling"; }, onProgress: () => { if (compiling) process.kill(process.pid, "SIGKILL"); } });`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "ignore", "inherit"] });
    assert.deepEqual(await once(child, "close"), [null, "SIGKILL"]);
    assert.equal((await readdir(models)).length, 1, "what it was working in");
    assert.deepEqual(await store.list(), []);
    await assert.rejects(store.open("sam2.1-shrunken"), { code: "model_unknown" });
    await store.add({ source: fixture, int8: false });
    await store.open("sam2.1-shrunken");
  });

  it("lists, and takes for auto, what is whole beside something that is not a model", async () => {
    const { models, store } = await fresh();
    await mkdir(join(models, "empty"), { recursive: true });
    await mkdir(join(models, "broken"));
    await store.add({ source: fixture, int8: false });
    assert.deepEqual((await store.list()).map(({ id }) => id), ["sam2.1-shrunken"]);
    await writeFile(join(models, "broken", "manifest.json"), "{");
    assert.equal(await store.resolveModel("auto"), "sam2.1-shrunken");
    assert.deepEqual((await store.list()).map(({ id, installed, integrity }) => [id, installed, integrity]), [["broken", true, "missing"], ["sam2.1-shrunken", true, "recorded"]]);
    await assert.rejects(store.open("broken"), { code: "model_damaged" });
    await store.remove("broken");
    assert.deepEqual((await store.list()).map(({ id }) => id), ["sam2.1-shrunken"]);
  });
});

const packaged: CatalogueEntry = { id: "packaged", family: "sam1", licence: "none", source: { kind: "package", npm: "none@1.0.0", tarballBytes: 1, files: [] } };

/** The fixture with more to say in its header. */
function withMetadata(more: Record<string, string>): Buffer {
  const headerBytes = Number(whole.readBigUInt64LE(0));
  const header = JSON.parse(whole.toString("utf8", 8, 8 + headerBytes));
  header.__metadata__ = { ...header.__metadata__, ...more };
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, whole.subarray(8 + headerBytes)]);
}
