// After a prompt is answered the neighbouring planes are encoded ahead, in a real model process, until anybody needs it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { createModelHost } from "#models/host/host.ts";
import type { TrackerSource } from "#models/tracker.ts";
import { limits } from "#protocol/limits.ts";
import type { Declaration, Mask } from "#protocol/types.ts";
import { openDomains } from "#server/domains.ts";
import { createOperations } from "#server/operations.ts";

const declaration: Declaration = { name: "rod", shape: { t: 1, c: 1, z: 20, y: 60, x: 70 }, dtype: "uint8", displayRange: [0, 255], identity: "rod-2" };
const rod = Uint8Array.from({ length: 60 * 70 }, (_, at) => ((at % 70) - 35) ** 2 + (Math.floor(at / 70) - 30) ** 2 < 100 ? 200 : 30);
const box: [number, number, number, number] = [24, 19, 47, 42];

test("it goes on while nobody asks, stops when somebody does, and what is asked is answered", async () => {
  const home = await mkdtemp(join(tmpdir(), "masklet-ahead-"));
  const host = createModelHost({ home, entry: new URL("../contracts/threshold-child.ts", import.meta.url) });
  const encoded: { readonly key: string; readonly ended: Promise<void> }[] = [];
  let heard = (): void => undefined;
  const trackers: TrackerSource = {
    openTracker: (model) => host.openTracker(model),
    clicks: (model, view, request, watch) => host.clicks(model, view, request, watch),
    encodeAhead(model, view, watch) {
      const ended = host.encodeAhead(model, view, watch);
      encoded.push({ key: view.key, ended });
      heard();
      return ended;
    },
  };
  const began = (count: number): Promise<void> => new Promise((resolve) => {
    heard = () => { if (encoded.length >= count) resolve(); };
    heard();
  });
  const domains = openDomains({ home, port: 0, host: "127.0.0.1", roots: [], onLog: () => undefined });
  const operations = createOperations({ ...domains, models: { ...domains.models, resolve: async () => "threshold", state: () => host.state(), trackers } });
  const context = { author: { id: "a", name: "a" } };
  try {
    const { volume, session: { sessionId } } = await operations["volume.open"]({ volume: declaration }, context);
    for (let z = 0; z < 20; z++) await operations["plane.put"](volume.volumeId, { t: 0, c: 0, z }, rod, false);
    const prompt = (objectId: number) => operations["prompt.set"]({ sessionId, objectId, cut: { axis: "z", index: 10 }, box }, context);

    await prompt(1);
    await began(2);
    const masks: Mask[] = [];
    let during = 0;
    const answer = await operations.propagate({ sessionId }, { ...context, onMask: (mask) => { masks.push(mask); during = encoded.length; } });
    assert.equal(answer.planes, 20);
    assert.equal(masks.length, 20);
    const stopped = encoded.length;
    assert.equal(during, stopped, "none began while masks came");
    assert.ok(stopped < 2 * limits.encodeAheadPlanes);
    await assert.rejects(encoded.at(-1)!.ended, { code: "cancelled" });

    await prompt(2);
    await began(stopped + 2 * limits.encodeAheadPlanes);
    const whole = encoded.slice(stopped);
    await Promise.all(whole.map(({ ended }) => ended));
    assert.equal(new Set(whole.map(({ key }) => key)).size, 2 * limits.encodeAheadPlanes);
  } finally {
    await host.close();
    await domains.close();
    await rm(home, { recursive: true, force: true });
  }
});
