// The file behind a base's name, with a web server on this machine.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { openFileServer } from "../test/file-server.ts";
import { createModelStore } from "#models/registry/store.ts";
import { baseCheckpoint } from "./base-checkpoint.ts";

const shrunken = fileURLToPath(new URL("../fixtures/sam2/sam2.1_shrunken.safetensors", import.meta.url));

test("a model that was downloaded is downloaded once more, kept, and only used while it is what was installed", async () => {
  const home = await mkdtemp(join(tmpdir(), "masklet-base-"));
  const bytes = await readFile(shrunken);
  const server = await openFileServer(bytes, "weights.safetensors");
  try {
    await createModelStore({ home }).add({ source: server.address, id: "from-the-web", int8: false });
    const { path, licence } = await baseCheckpoint("from-the-web", home);
    assert.equal(licence, "CC0-1.0");
    assert.equal(path, join(home, "finetune-bases", "from-the-web.safetensors"));
    assert.deepEqual(await readFile(path), bytes);
    assert.deepEqual(await readdir(join(home, "finetune-bases")), ["from-the-web.safetensors"]);
    const asked = server.asked.length;
    assert.equal((await baseCheckpoint("from-the-web", home)).path, path);
    assert.equal(server.asked.length, asked, "kept");
    await rm(path);
    server.served.bytes = bytes.subarray(0, 1000);
    server.served.etag = '"v2"';
    await assert.rejects(baseCheckpoint("from-the-web", home), { code: "base_unavailable", message: /not what was installed/ });
    await assert.rejects(baseCheckpoint("from-the-web", home), { code: "base_unavailable" }, "and it is not tried from what came");
  } finally {
    await server.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});

test("what comes with Masklet is its file there, unless somebody's own has its name", async () => {
  const home = await mkdtemp(join(tmpdir(), "masklet-base-"));
  const box = await mkdtemp(join(tmpdir(), "masklet-base-box-"));
  const before = process.env["MASKLET_EMBEDDED"];
  process.env["MASKLET_EMBEDDED"] = box;
  try {
    await assert.rejects(baseCheckpoint("masklet-sam2", home), { code: "model_unknown" });
    const path = join(box, "masklet-sam2.safetensors");
    await copyFile(shrunken, path);
    assert.deepEqual(await baseCheckpoint("masklet-sam2", home), { path, licence: "Apache-2.0" });
    await createModelStore({ home }).open("masklet-sam2");
    assert.equal((await baseCheckpoint("masklet-sam2", home)).path, path, "compiled or not");
    await assert.rejects(baseCheckpoint("no-such-model", home), ({ code, details }) => code === "model_unknown" && /edgetam.*masklet-sam2/.test(details.known));
    await writeFile(join(box, "scores.json"), JSON.stringify({ models: { "masklet-sam2": { sha256: "0".repeat(64), mean: 0.5 } } }));
    await assert.rejects(baseCheckpoint("masklet-sam2", home), { code: "embedded_damaged" });
    await createModelStore({ home }).remove("masklet-sam2");
    await createModelStore({ home }).add({ source: shrunken, id: "masklet-sam2", int8: false });
    assert.equal((await baseCheckpoint("masklet-sam2", home)).path, shrunken);
  } finally {
    if (before === undefined) delete process.env["MASKLET_EMBEDDED"];
    else process.env["MASKLET_EMBEDDED"] = before;
    for (const folder of [home, box]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

test("what is no file and no model is told apart", async () => {
  const home = await mkdtemp(join(tmpdir(), "masklet-base-"));
  try {
    assert.deepEqual(await baseCheckpoint(shrunken, home), { path: shrunken, licence: undefined });
    await assert.rejects(baseCheckpoint("no/such/file", home), { code: "file_missing" });
    await assert.rejects(baseCheckpoint("weights.pt", home), { code: "file_missing" });
    await assert.rejects(baseCheckpoint("no-such-model", home), { code: "model_unknown", message: /no-such-model/ });
    await assert.rejects(baseCheckpoint("mobile-sam", home), { code: "base_unavailable", message: /only SAM 2/ });
    await assert.rejects(baseCheckpoint("edgetam", home), { code: "base_unavailable", message: /not trained/ });
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
