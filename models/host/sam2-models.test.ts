// The host's process with a network that has a memory: shrunken and of random weights, so its masks mean nothing, but they
// must be the same whatever happens to the process.
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { MaskletError } from "#protocol/errors.ts";
import { discBox, discCentre, viewOf } from "../../test/contracts/tracker-scene.ts";
import { createModelStore } from "../registry/store.ts";
import type { Tracker } from "../tracker.ts";
import { createModelHost } from "./host.ts";
import type { ModelHost } from "./host.ts";

/** EdgeTAM's memories are small and of another form. */
const networks = { "sam2.1-shrunken": "sam2.1_shrunken.safetensors", "edgetam-shrunken": "edgetam_shrunken.safetensors" } as const;
/** A hash comes first in the file. */
const EMBEDDING_HEAD_BYTES = 32;

for (const [model, file] of Object.entries(networks)) describe(`the model host on ${model}`, async () => {
  const fixture = fileURLToPath(new URL(`../../fixtures/sam2/${file}`, import.meta.url));
  const home = await mkdtemp(join(tmpdir(), "masklet-sam2-"));
  const hosts: ModelHost[] = [];
  before(async () => {
    await createModelStore({ home }).add({ source: fixture, int8: false });
  });
  after(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  function makeHost(): ModelHost {
    const host = createModelHost({ home, provider: "cpu" });
    hosts.push(host);
    return host;
  }

  async function prompted(host: ModelHost): Promise<Tracker> {
    const tracker = await host.openTracker(model);
    await tracker.setPrompt(0, { box: discBox(0) });
    return tracker;
  }

  it("walks on with equal masks after its process was killed in the middle", async () => {
    const calm = await prompted(makeHost());
    const host = makeHost();
    const shaken = await prompted(host);
    for (let index = 0; index < 5; index++) {
      if (index === 1 || index === 3) kill(host);
      assert.deepEqual(await settled(shaken, index), await calm.step(viewOf(index), index, "forward"), `plane ${index}`);
    }
  });

  it("keeps its embeddings on the disk, whatever their size", async () => {
    const host = makeHost();
    await host.encodeAhead(model, viewOf(6));
    const sizes = await Promise.all((await readdir(join(home, "embeddings"))).map(async (name) => (await stat(join(home, "embeddings", name))).size));
    assert.equal(new Set(sizes).size, 1);
    assert.equal((sizes[0]! - EMBEDDING_HEAD_BYTES) % 4, 0);
    const first = await clicks(host);
    kill(host);
    assert.deepEqual(await clicks(makeHost()), first);
  });

  async function clicks(host: ModelHost) {
    return host.clicks(model, viewOf(6), { points: [discCentre(1), [20, 74]], multimask: true, refine: true, scoreThreshold: 0, stabilityThreshold: 0, stabilityOffset: 1 });
  }
});

function kill(host: ModelHost): void {
  const pid = host.pid();
  assert.ok(pid !== undefined);
  process.kill(pid, "SIGKILL");
}

/** The step, asked again where the loss of the process was only seen by it. */
async function settled(tracker: Tracker, index: number) {
  try {
    return await tracker.step(viewOf(index), index, "forward");
  } catch (thrown) {
    assert.ok(thrown instanceof MaskletError && thrown.code === "model_host_died", String(thrown));
    return tracker.step(viewOf(index), index, "forward");
  }
}
