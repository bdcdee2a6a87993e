import assert from "node:assert/strict";
import test from "node:test";
import { createTurns } from "./turns.ts";

const settled = async (): Promise<void> => { for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done)); };

function gate(): { opened: Promise<void>; open: () => void } {
  const made: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((open) => { made.open = open; });
  return { opened, open: () => made.open() };
}

test("one row keeps its order, another does not wait, a failure holds nobody up", async () => {
  const turns = createTurns();
  const log: string[] = [];
  const first = gate();
  const a = turns.run("a", undefined, async () => { log.push("a1"); await first.opened; throw new Error("a1 failed"); });
  const b = turns.run("a", undefined, async () => { log.push("a2"); return 2; });
  await turns.run("b", undefined, async () => log.push("b1"));
  assert.deepEqual(log, ["a1", "b1"]);
  first.open();
  await assert.rejects(a, /a1 failed/);
  assert.equal(await b, 2);
  assert.deepEqual(log, ["a1", "b1", "a2"]);
});

test("who is cancelled while waiting hears it at once, and those behind still wait for those before", async () => {
  const turns = createTurns();
  const first = gate();
  const log: string[] = [];
  const abort = new AbortController();
  const running = turns.run("a", undefined, () => first.opened);
  const waiting = turns.run("a", abort.signal, async () => log.push("cancelled one ran"));
  const last = turns.run("a", undefined, async () => log.push("last"));
  abort.abort();
  await assert.rejects(waiting, { code: "cancelled" });
  await settled();
  assert.equal(log.length, 0);
  first.open();
  await running;
  await last;
  assert.deepEqual(log, ["last"]);
  await assert.rejects(turns.run("a", abort.signal, async () => log.push("never")), { code: "cancelled" });
});
