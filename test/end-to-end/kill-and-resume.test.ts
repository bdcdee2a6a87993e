// Kills a real server with a real model at seeded moments of a propagation, starts it again on the same home, and looks for
// everything it had acknowledged.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import type { Declaration, Mask } from "#protocol/types.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { codeOf, connect, isEnding, isMask, isNeed, openedOf, valueOf } from "./live-client.ts";
import type { LiveClient } from "./live-client.ts";

leaveEmbeddedOut();

const rounds = 20;
const seed = 20_251;
const size = { z: 9, y: 72, x: 96 };
const declaration: Declaration = { name: "rod", shape: { t: 1, c: 1, ...size }, dtype: "uint8", displayRange: [0, 255], identity: "rod-1" };

/** A bright rod on a dark ground that leans a little from plane to plane. */
function plane(z: number): Uint8Array {
  const pixels = new Uint8Array(size.y * size.x).fill(40);
  for (let y = 0; y < size.y; y++) {
    for (let x = 0; x < size.x; x++) if ((x - 46 - z) ** 2 + (y - 36) ** 2 < 14 ** 2) pixels[y * size.x + x] = 210;
  }
  return pixels;
}

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

function start(home: string): Promise<Running> {
  const main = fileURLToPath(new URL("../../server/cli/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "serve", "--port", "0", "--host", "127.0.0.1"], { env: { ...process.env, MASKLET_HOME: home, MASKLET_TOKEN: "" }, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new assert.AssertionError({ message: `the server ended with ${code}` })));
    child.stdout.once("data", (line) => resolve({ process: child, url: /http:\/\/[^ \n]+/.exec(String(line))![0] }));
  });
}

async function kill({ process: child }: Running): Promise<void> {
  const gone = new Promise((ended) => child.once("exit", ended));
  child.kill("SIGKILL");
  await gone;
}

async function open(url: string): Promise<{ live: LiveClient; sessionId: string; seq: number }> {
  const live = await connect(url);
  live.onMessage((message) => {
    if (!isNeed(message)) return;
    for (const wanted of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane: wanted, data: plane(wanted.z) });
  });
  assert.equal(codeOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "kill test" })), "");
  const { session } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
  return { live, sessionId: session.sessionId, seq: session.seq };
}

const keyOf = (mask: Mask): string => `${mask.objectId} ${mask.axis} ${mask.index} ${mask.t}`;
const byKey = (masks: Iterable<Mask>): Map<string, Mask> => new Map([...masks].map((mask) => [keyOf(mask), mask]));

test(`killed ${rounds} times in the middle of a propagation, nothing acknowledged or received is lost (seed ${seed})`, { timeout: 600_000 }, async () => {
  await ensureWeights();
  const home = await mkdtemp(join(tmpdir(), "masklet-kill-"));
  await symlink(join(weightsHome(), "models"), join(home, "models"), "junction");
  let state = seed;
  const next = (bound: number): number => (state = (state * 48271) % 2147483647) % bound;
  /** Everything this client was told, over all rounds. */
  const told = { seq: 0, masks: new Map<string, Mask>(), sessionId: "" };
  let server = await start(home);
  let interrupted = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      const { live, sessionId } = await open(server.url);
      if (round > 1) assert.equal(sessionId, told.sessionId);
      told.sessionId = sessionId;
      const box: [number, number, number, number] = [31, 21, 62, 52];
      const prompted = await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: round, cut: { axis: "z", index: 0 }, box });
      const value = valueOf(prompted);
      assert.ok("seq" in value);
      told.seq = value.seq;
      const fromPrompt = byKey(prompted.masks);
      for (const [key, mask] of fromPrompt) told.masks.set(key, mask);

      // Kill after so many masks of the run, and a little later, wherever that is.
      const after = next(size.z);
      const laterMs = next(80);
      live.onMessage((message) => { if (isMask(message) && message.id === 4) told.masks.set(keyOf(message.mask), message.mask); });
      live.send({ t: "propagate", id: 4, sessionId, direction: "forward", objects: [round] });
      const arrived = (): number => live.received.filter((message) => isMask(message) && message.id === 4).length;
      const ended = (): boolean => live.received.some((message) => isEnding(message) && message.id === 4);
      await new Promise<void>((enough) => {
        const look = (): void => { if (arrived() >= after || ended()) enough(); };
        live.onMessage(look);
        look();
      });
      await new Promise((later) => setTimeout(later, laterMs));
      assert.deepEqual(live.received.filter((message) => message.t === "error"), []);
      if (!ended()) interrupted++;
      await kill(server);
      await live.closed;
      const received = arrived();

      server = await start(home);
      const again = await open(server.url);
      const where = `round ${round}, killed after ${after} masks and ${laterMs} ms, ${received} received`;
      assert.equal(again.sessionId, sessionId, where);
      assert.ok(again.seq >= told.seq, `${where}: seq ${again.seq}, told ${told.seq}`);
      const planes = async (id: number): Promise<Map<string, Mask>> => byKey((await again.live.ask({ t: "labels.get", id, sessionId, as: "planes" })).masks);
      const kept = await planes(5);
      for (const [key, mask] of told.masks) assert.deepEqual(kept.get(key), mask, `${where}: mask ${key}`);
      if (received > 0) {
        assert.deepEqual(valueOf(await again.live.ask({ t: "undo", id: 6, sessionId })), { seq: again.seq + 1, undone: "propagate" }, where);
        const before = [...(await planes(7)).values()].filter((mask) => mask.objectId === round);
        assert.deepEqual(byKey(before), fromPrompt, where);
        assert.equal(codeOf(await again.live.ask({ t: "redo", id: 8, sessionId })), "", where);
        assert.deepEqual(await planes(9), kept, where);
      }
      told.masks = kept;
      await again.live.close();
    }
  } finally {
    await kill(server);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
  assert.ok(interrupted >= rounds / 2, `only ${interrupted} of ${rounds} runs were still going when the server was killed`);
});
