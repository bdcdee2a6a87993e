// The model process dies or hangs under a request, or its weights are missing or tampered with: what a person is told over the
// live socket and over HTTP, and that the next request works.
import assert from "node:assert/strict";
import { cp, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createModelHost } from "#models/host/host.ts";
import type { ModelHost } from "#models/host/host.ts";
import type { Declaration } from "#protocol/types.ts";
import { createApp } from "#server/app.ts";
import type { Config } from "#server/config.ts";
import { openDomains } from "#server/domains.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome, weightsModel } from "../weights.ts";
import { codeOf, connect, isNeed, openedOf } from "./live-client.ts";
import type { Answer, LiveClient } from "./live-client.ts";

leaveEmbeddedOut();

const [height, width] = [64, 80];
const declaration: Declaration = { name: "rod", shape: { t: 1, c: 1, z: 7, y: height, x: width }, dtype: "uint8", displayRange: [0, 255], identity: "rod-1" };
const rod = Uint8Array.from({ length: height * width }, (_, at) => ((at % width) - 40) ** 2 + (Math.floor(at / width) - 32) ** 2 < 140 ? 200 : 30);
const box: [number, number, number, number] = [27, 19, 53, 45];
const thresholdChild = new URL("../contracts/threshold-child.ts", import.meta.url);

interface Opened {
  readonly url: string;
  readonly live: LiveClient;
  readonly sessionId: string;
  readonly log: string[];
  prompt(id: number): Promise<Answer>;
}

/** A server on `home`; with `host`, segmenting in that process instead of one of its own. */
async function withModels(home: string, host: ModelHost | undefined, work: (opened: Opened) => Promise<void>): Promise<void> {
  const log: string[] = [];
  const config: Config = { home, port: 0, host: "127.0.0.1", roots: [], onLog: (line) => log.push(line) };
  const real = openDomains(config);
  const models = host === undefined ? real.models : { ...real.models, resolve: async () => "threshold", state: () => host.state(), trackers: host };
  const app = createApp(config, { ...real, models });
  try {
    const url = (await app.listen()).urls[0]!;
    const live = await connect(url);
    live.onMessage((message) => {
      if (isNeed(message)) for (const plane of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane, data: rod });
    });
    assert.equal(codeOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "test" })), "");
    const { session: { sessionId } } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
    const prompt = (id: number): Promise<Answer> => live.ask({ t: "prompt.set", id, sessionId, objectId: 1, cut: { axis: "z", index: 3 }, box });
    await work({ url, live, sessionId, log, prompt });
    await live.close();
  } finally {
    await host?.close();
    await app.close();
  }
}

async function inHome(work: (home: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "masklet-model-trouble-"));
  try {
    await work(home);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function pidOf(host: ModelHost): number {
  const pid = host.pid();
  assert.ok(pid !== undefined);
  return pid;
}

test("a model process killed under a live request: its masks stay, the next request works", { timeout: 60_000 }, () => inHome(async (home) => {
  const host = createModelHost({ home, entry: thresholdChild });
  await withModels(home, host, async ({ live, sessionId, log, prompt }) => {
    assert.equal(codeOf(await prompt(3)), "");
    const first = pidOf(host);
    // It stands still, so that the request is under way when it is killed.
    process.kill(first, "SIGSTOP");
    const run = live.ask({ t: "propagate", id: 4, sessionId });
    // An answer that needs no model comes after the run was begun.
    assert.equal(codeOf(await live.ask({ t: "labels.get", id: 40, sessionId, as: "planes" })), "");
    while (host.state() !== "busy") await nextTurn();
    process.kill(first, "SIGKILL");
    assert.equal(codeOf(await run), "model_host_died");
    assert.equal((await live.ask({ t: "labels.get", id: 5, sessionId, as: "planes" })).masks.length >= 1, true, "the prompt's mask, which was answered");
    const again = await live.ask({ t: "propagate", id: 6, sessionId });
    assert.deepEqual([codeOf(again), again.masks.length], ["", 7]);
    assert.notEqual(pidOf(host), first);
    assert.match(log.join("\n"), /^model_host_died: The model process ended \(signal SIGKILL\)\..* Repeat the request[^\n]*$/);
  });
}));

test("a model process that hangs is stopped, and the next request works", { timeout: 60_000 }, () => inHome(async (home) => {
  const host = createModelHost({ home, entry: thresholdChild, timeoutMs: 4000 });
  await withModels(home, host, async ({ url, log, prompt }) => {
    assert.equal(codeOf(await prompt(3)), "");
    process.kill(pidOf(host), "SIGSTOP");
    const hanging = prompt(4);
    assert.equal((await fetch(`${url}/v1/health`)).status, 200, "the rest of the server goes on");
    assert.equal(codeOf(await hanging), "model_host_hung");
    assert.equal(codeOf(await prompt(5)), "");
    assert.match(log.join("\n"), /^model_host_hung: [^\n]* Repeat the request[^\n]*$/);
  });
}));

test("without weights everything but segmenting works, and says how to get them", { timeout: 60_000 }, () => inHome(async (home) => withModels(home, undefined, async ({ url, sessionId, prompt }) => {
  const { end } = await prompt(3);
  assert.ok(end.t === "error" && end.error.code === "model_not_installed" && end.error.hint.includes(`masklet models pull ${weightsModel}`));
  const params = { objectId: 1, cut: { axis: "z", index: 3 }, box };
  const fault = await jobFault(url, { operation: "prompt.set", sessionId, params });
  assert.deepEqual([fault.code, fault.hint], ["model_not_installed", end.error.hint]);
  const models: { installed: boolean }[] = JSON.parse(await (await fetch(`${url}/v1/models`)).text());
  assert.ok(models.length > 1 && models.every(({ installed }) => !installed));
})));

test("weights of which one byte was changed are refused by name, live and over HTTP, and no edit is made", { timeout: 120_000 }, () => inHome(async (home) => {
  await ensureWeights();
  const folder = join(home, "models", weightsModel);
  await cp(join(weightsHome(), "models", weightsModel), folder, { recursive: true });
  const file = await open(join(folder, "encoder.onnx"), "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, 1_000_000);
  await file.write(Uint8Array.of(byte[0]! ^ 1), 0, 1, 1_000_000);
  await file.close();
  await withModels(home, undefined, async ({ url, live, sessionId, log, prompt }) => {
    const { end } = await prompt(3);
    assert.ok(end.t === "error");
    assert.equal(end.error.code, "model_damaged");
    assert.match(end.error.message, /mobile-sam.*encoder\.onnx.*SHA-256/);
    assert.match(end.error.hint, /models remove mobile-sam.*models pull mobile-sam/);
    assert.equal((await jobFault(url, { operation: "prompt.set", sessionId, params: { objectId: 1, cut: { axis: "z", index: 3 }, box } })).code, "model_damaged");
    assert.equal(openedOf(await live.ask({ t: "volume.open", id: 9, sessionId })).session.seq, 0);
    assert.ok(log.every((line) => !/\n/.test(line)), log.join("\n"));
  });
}));

async function jobFault(url: string, asked: object): Promise<{ code: string; hint: string }> {
  const job = await fetch(`${url}/v1/jobs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) });
  assert.equal(job.status, 202);
  const { id } = JSON.parse(await job.text());
  await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
  return JSON.parse(await (await fetch(`${url}/v1/jobs/${id}`)).text()).error;
}
