// The host's process with real weights: what the threshold child cannot show.
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, open, readdir, rm, symlink, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import { discBox, viewOf } from "../../test/contracts/tracker-scene.ts";
import { weightsHome, weightsModel } from "../../test/weights.ts";
import { createModelHost } from "./host.ts";
import type { ModelHost } from "./host.ts";

describe("the model host on real weights", async () => {
  const root = await mkdtemp(join(tmpdir(), "masklet-real-"));
  const hosts: ModelHost[] = [];
  after(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await rm(root, { recursive: true, force: true });
  });

  function makeHost(home: string): ModelHost {
    const host = createModelHost({ home, provider: "cpu" });
    hosts.push(host);
    return host;
  }

  it("says which model is unknown, missing or damaged, and then still works", async () => {
    const home = await mkdtemp(join(root, "home-"));
    const host = makeHost(home);
    await assert.rejects(host.openTracker("sam-9"), coded("model_unknown"));
    await assert.rejects(host.openTracker(weightsModel), coded("model_not_installed"));
    await mkdir(join(home, "models"));
    const copy = join(home, "models", weightsModel);
    await cp(join(weightsHome(), "models", weightsModel), copy, { recursive: true });
    const encoder = join(copy, "encoder.onnx");
    await flipByte(encoder, 1_000_000);
    await assert.rejects(host.openTracker(weightsModel), coded("model_damaged"));
    await flipByte(encoder, 1_000_000);
    await (await host.openTracker(weightsModel)).close();
    await truncate(join(copy, "sam.onnx"), 1000);
    await assert.rejects(host.openTracker(weightsModel), coded("model_damaged"));
    await rm(join(copy, "sam.onnx"));
    await assert.rejects(host.openTracker(weightsModel), coded("model_damaged"));
  });

  it("encodes a view once for all objects in it, ahead of need, and keeps that through a kill", async () => {
    const home = await mkdtemp(join(root, "home-"));
    await symlink(join(weightsHome(), "models"), join(home, "models"));
    const host = makeHost(home);
    await host.encodeAhead(weightsModel, viewOf(1));
    const stored = await readdir(join(home, "embeddings"));
    assert.equal(stored.length, 1);
    const trackers = [await host.openTracker(weightsModel), await host.openTracker(weightsModel)];
    for (const tracker of trackers) await tracker.setPrompt(1, { box: discBox(1) });
    const [one, two] = await Promise.all(trackers.map((tracker) => tracker.step(viewOf(1), 1, "forward")));
    assert.deepEqual(one, two);
    const second = await trackers[0]!.step(viewOf(2), 2, "forward");
    const pid = host.pid();
    assert.ok(pid !== undefined);
    process.kill(pid, "SIGKILL");
    await assert.rejects(trackers[1]!.step(viewOf(2), 2, "forward"), coded("model_host_died"));
    assert.deepEqual(await trackers[1]!.step(viewOf(2), 2, "forward"), second);
    assert.equal((await readdir(join(home, "embeddings"))).length, 2);
  });

  it("answers a cancel while a graph runs", async () => {
    const home = await mkdtemp(join(root, "home-"));
    await symlink(join(weightsHome(), "models"), join(home, "models"));
    const host = makeHost(home);
    const tracker = await host.openTracker(weightsModel);
    await tracker.setPrompt(1, { box: discBox(1) });
    const abort = new AbortController();
    const step = tracker.step(viewOf(1), 1, "forward", { signal: abort.signal });
    setImmediate(() => abort.abort());
    await assert.rejects(step, coded("cancelled"));
    assert.equal(host.state(), "busy");
    assert.equal((await tracker.step(viewOf(1), 1, "forward")).end, undefined);
    assert.equal(host.state(), "ready");
  });
});

async function flipByte(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, at);
  byte[0]! ^= 1;
  await file.write(byte, 0, 1, at);
  await file.close();
}

function coded(code: ErrorCode): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof MaskletError && thrown.code === code;
}
