import assert from "node:assert/strict";
import test from "node:test";
import { createKeptTraces } from "./kept-traces.ts";
import type { Trace } from "./restorable.ts";

const trace = (index: number, direction: Trace["direction"] = "forward"): Trace => ({ index, direction, state: `${direction} ${index}` });

test("walks of any length keep the horizon behind, and every prompted plane", () => {
  const kept = createKeptTraces(2);
  for (let index = 0; index < 1000; index++) kept.keep(trace(index), index === 0 || index === 500);
  assert.deepEqual(kept.all().map(({ index }) => index), [0, 500, 997, 998, 999]);
  for (let index = 1000; index >= 0; index--) kept.keep(trace(index, "backward"), index === 0 || index === 500);
  assert.deepEqual(kept.all().filter(({ direction }) => direction === "backward").map(({ index }) => index), [500, 3, 2, 1, 0], "a prompted plane lets go of nothing");
  assert.deepEqual(kept.of(0), [trace(0), trace(0, "backward")]);
});

test("a plane walked again replaces what was kept of it, and what lies ahead stays", () => {
  const kept = createKeptTraces(1);
  for (const index of [5, 6, 4]) kept.keep(trace(index), false);
  assert.deepEqual(kept.all().map(({ index }) => index), [5, 6, 4]);
  kept.keep({ ...trace(6), state: "again" }, false);
  assert.equal(kept.get(6, "forward")?.state, "again");
  assert.equal(kept.get(4, "forward"), undefined);
  kept.drop((index) => index === 6);
  assert.deepEqual(kept.all(), [trace(5)]);
});
