import assert from "node:assert/strict";
import test from "node:test";
import { decodeServerFrame } from "#protocol/frame.ts";
import type { ServerMessage } from "#protocol/types.ts";
import { createOutbox } from "./outbox.ts";

const planes = (done: number) => ({ done, total: 9, unit: "planes" as const });

/** A socket whose bytes leave when the test says so. */
function slowWire() {
  const sent: ServerMessage[] = [];
  const unsent: { bytes: number; done: () => void }[] = [];
  return {
    sent,
    wire: {
      get bufferedAmount() { return unsent.reduce((sum, { bytes }) => sum + bytes, 0); },
      send: (frame: Uint8Array, done: () => void) => {
        sent.push(decodeServerFrame(frame));
        unsent.push({ bytes: frame.length, done });
      },
    },
    takeOne: () => unsent.shift()?.done(),
  };
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test("masks wait while too much is on its way, and go on as the client takes it", async () => {
  const { wire, sent, takeOne } = slowWire();
  const outbox = createOutbox(wire, 40);
  const log: number[] = [];
  const work = (async () => {
    for (let index = 1; index <= 4; index++) {
      await outbox.sendPaced({ t: "progress", id: index, progress: planes(index) }, undefined);
      log.push(index);
    }
  })();
  await turn();
  assert.equal(sent.length, log.length + 1, "one is waiting to be taken");
  const first = log.length;
  takeOne();
  await turn();
  assert.ok(log.length > first);
  for (let count = 0; count < 4; count++) {
    takeOne();
    await turn();
  }
  await work;
  assert.deepEqual(log, [1, 2, 3, 4]);
});

test("who waits hears when the connection or the request ends", async () => {
  const { wire } = slowWire();
  const outbox = createOutbox(wire, 1);
  const abort = new AbortController();
  const waiting = outbox.sendPaced({ t: "cancelled", id: 1 }, abort.signal);
  abort.abort();
  await assert.rejects(waiting, { code: "cancelled" });
  const other = outbox.sendPaced({ t: "cancelled", id: 2 }, undefined);
  outbox.close();
  await assert.rejects(other, { code: "cancelled" });
});

test("progress comes at most every 50 ms, the first and the last always", () => {
  const { wire, sent } = slowWire();
  const clock = { now: 0 };
  const outbox = createOutbox(wire, 1e9, () => clock.now);
  for (let done = 0; done <= 8; done++) {
    outbox.progress(7, planes(done));
    clock.now += 20;
  }
  outbox.endProgress(7);
  outbox.endProgress(7);
  assert.deepEqual(sent.map((message) => (message.t === "progress" ? message.progress.done : -1)), [0, 3, 6, 8]);
});
