import assert from "node:assert/strict";
import test from "node:test";
import { createLanes } from "./lanes.ts";

const turns = async (): Promise<void> => { for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done)); };

function gate(): { opened: Promise<void>; open: () => void } {
  const made: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((open) => { made.open = open; });
  return { opened, open: () => made.open() };
}

test("one lane keeps its order, another does not wait, a failure holds nobody up", async () => {
  const lanes = createLanes();
  const log: string[] = [];
  const first = gate();
  const a = lanes.run("a", undefined, async () => { log.push("a1"); await first.opened; throw new Error("a1 failed"); });
  const b = lanes.run("a", undefined, async () => { log.push("a2"); return 2; });
  await lanes.run("b", undefined, async () => log.push("b1"));
  assert.deepEqual(log, ["a1", "b1"]);
  first.open();
  await assert.rejects(a, /a1 failed/);
  assert.equal(await b, 2);
  assert.deepEqual(log, ["a1", "b1", "a2"]);
});

test("who is cancelled while waiting hears it at once, and those behind still wait for those before", async () => {
  const lanes = createLanes();
  const first = gate();
  const log: string[] = [];
  const abort = new AbortController();
  const running = lanes.run("a", undefined, () => first.opened);
  const waiting = lanes.run("a", abort.signal, async () => log.push("cancelled one ran"));
  const last = lanes.run("a", undefined, async () => log.push("last"));
  abort.abort();
  await assert.rejects(waiting, { code: "cancelled" });
  await turns();
  assert.equal(log.length, 0);
  first.open();
  await running;
  await last;
  assert.deepEqual(log, ["last"]);
  await assert.rejects(lanes.run("a", abort.signal, async () => log.push("never")), { code: "cancelled" });
});
