import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import test from "node:test";
import { interruptSignal } from "./interrupt.ts";

function listening() {
  const from = new EventEmitter();
  const exits: number[] = [];
  const clock = { ms: 5000 };
  return { from, exits, clock, signal: interruptSignal(from, (code) => exits.push(code), () => clock.ms) };
}

for (const name of ["SIGINT", "SIGTERM"]) {
  test(`${name} fires the signal, and the same one coming again does not end the process`, () => {
    const { from, exits, clock, signal } = listening();
    assert.equal(signal.aborted, false);
    from.emit(name);
    assert.equal(signal.aborted, true);
    clock.ms += 200;
    from.emit(name);
    assert.deepEqual([exits, from.listenerCount(name)], [[], 1], "heard again, so that it does not kill");
  });
}

test("a second one from a person ends the process at once", () => {
  const { from, exits, clock } = listening();
  from.emit("SIGINT");
  clock.ms += 1001;
  from.emit("SIGINT");
  assert.deepEqual(exits, [130]);
});
