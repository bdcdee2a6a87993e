import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { limits } from "#protocol/limits.ts";
import { createAhead } from "./ahead.ts";

/** @returns lets the pause after the last request pass */
function withClock(t: TestContext): () => void {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return () => t.mock.timers.tick(limits.encodeAheadPauseMs);
}

/** Work that goes on until it is told to stop. */
function endless() {
  const seen: AbortSignal[] = [];
  return { seen, work: (signal: AbortSignal) => { seen.push(signal); return new Promise<void>(() => {}); } };
}

test("what is offered begins a while after the request that offers it was answered", async (t) => {
  withClock(t);
  const ahead = createAhead();
  const { seen, work } = endless();
  const answer = await ahead.giveWay(async () => {
    ahead.offer(work);
    assert.equal(seen.length, 0);
    return 7;
  });
  assert.deepEqual([answer, seen.length], [7, 0]);
  t.mock.timers.tick(limits.encodeAheadPauseMs - 1);
  assert.equal(seen.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual([seen.length, seen[0]!.aborted], [1, false]);
});

test("any request that needs the model stops it, and takes an offer's place while it lasts", async (t) => {
  const quiet = withClock(t);
  const ahead = createAhead();
  const { seen, work } = endless();
  await ahead.giveWay(async () => ahead.offer(work));
  quiet();
  let finish = (): void => undefined;
  const long = ahead.giveWay(() => new Promise<void>((resolve) => { finish = resolve; }));
  assert.equal(seen[0]!.aborted, true, "before the request's first wait");
  await ahead.giveWay(async () => ahead.offer(work));
  quiet();
  assert.equal(seen.length, 1, "the long request still needs the model");
  finish();
  await long;
  quiet();
  assert.equal(seen.length, 2);
  assert.equal(seen[1]!.aborted, false);
});

test("an offer is dropped when another request comes before it began; faults of such work harm nobody", async (t) => {
  const quiet = withClock(t);
  const ahead = createAhead();
  const { seen, work } = endless();
  let finish = (): void => undefined;
  const long = ahead.giveWay(() => new Promise<void>((resolve) => { finish = resolve; }));
  await ahead.giveWay(async () => ahead.offer(work));
  await ahead.giveWay(async () => undefined);
  finish();
  await long;
  quiet();
  assert.equal(seen.length, 0);
  await ahead.giveWay(async () => ahead.offer(async () => { throw new RangeError("no such plane"); }));
  quiet();
  await assert.rejects(ahead.giveWay(async () => { throw new RangeError("told"); }), /told/);
});
