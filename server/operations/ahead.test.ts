import assert from "node:assert/strict";
import test from "node:test";
import { createAhead } from "./ahead.ts";

/** Work that goes on until it is told to stop. */
function endless() {
  const seen: AbortSignal[] = [];
  return { seen, work: (signal: AbortSignal) => { seen.push(signal); return new Promise<void>(() => {}); } };
}

test("what is offered begins when the request that offers it is answered", async () => {
  const ahead = createAhead();
  const { seen, work } = endless();
  const answer = await ahead.giveWay(async () => {
    ahead.offer(work);
    assert.equal(seen.length, 0);
    return 7;
  });
  assert.deepEqual([answer, seen.length, seen[0]!.aborted], [7, 1, false]);
});

test("any request that needs the model stops it, and takes an offer's place while it lasts", async () => {
  const ahead = createAhead();
  const { seen, work } = endless();
  await ahead.giveWay(async () => ahead.offer(work));
  let finish = (): void => undefined;
  const long = ahead.giveWay(() => new Promise<void>((resolve) => { finish = resolve; }));
  assert.equal(seen[0]!.aborted, true, "before the request's first wait");
  await ahead.giveWay(async () => ahead.offer(work));
  assert.equal(seen.length, 1, "the long request still needs the model");
  finish();
  await long;
  assert.equal(seen.length, 2);
  assert.equal(seen[1]!.aborted, false);
});

test("an offer is dropped when another request comes before it began; faults of such work harm nobody", async () => {
  const ahead = createAhead();
  const { seen, work } = endless();
  let finish = (): void => undefined;
  const long = ahead.giveWay(() => new Promise<void>((resolve) => { finish = resolve; }));
  await ahead.giveWay(async () => ahead.offer(work));
  await ahead.giveWay(async () => undefined);
  finish();
  await long;
  assert.equal(seen.length, 0);
  await ahead.giveWay(async () => ahead.offer(async () => { throw new RangeError("no such plane"); }));
  await assert.rejects(ahead.giveWay(async () => { throw new RangeError("told"); }), /told/);
});
