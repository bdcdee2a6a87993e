import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { decodeServerFrame, encodeFrame } from "#protocol/frame.ts";
import { limits } from "#protocol/limits.ts";
import type { ServerMessage } from "#protocol/types.ts";
import { openDomains } from "#server/domains.ts";
import { createOperations } from "#server/operations.ts";
import { createGate } from "../gate.ts";
import { openConnection } from "./connection.ts";

/** A connection without a socket. Nothing is asked that would touch the home. */
function unplugged() {
  const sent: ServerMessage[] = [];
  const hungUp: string[] = [];
  const operations = createOperations(openDomains({ home: "/nonexistent/masklet", port: 0, roots: [], onLog: () => undefined }));
  const wire = { bufferedAmount: 0, send: (frame: Uint8Array, done: () => void) => { sent.push(decodeServerFrame(frame)); done(); } };
  const connection = openConnection(wire, { operations, gate: createGate([], undefined), tokenSeen: true, server: "test", onFault: () => undefined, hangUp: (why) => hungUp.push(why) });
  return { connection, sent, hungUp };
}

test("without hello the place is given away in time", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { connection, sent, hungUp } = unplugged();
    mock.timers.tick(limits.helloTimeoutMs - 1);
    assert.deepEqual(hungUp, []);
    mock.timers.tick(1);
    assert.deepEqual(hungUp, ["no hello"]);
    assert.deepEqual(sent.map((message) => (message.t === "error" ? [message.id, message.error.code] : message.t)), [[0, "hello_first"]]);
    await connection.onClose();
    const early = unplugged();
    await early.connection.onClose();
    mock.timers.tick(limits.helloTimeoutMs);
    assert.deepEqual(early.hungUp, [], "one that has gone is not closed again");
  } finally {
    mock.timers.reset();
  }
});

test("nothing is sent to a client that has gone", async () => {
  const { connection, sent } = unplugged();
  await connection.onClose();
  connection.onFrame(encodeFrame({ t: "undo", id: 3, sessionId: "ses-aaaaaa" }));
  connection.onText();
  assert.deepEqual(sent, []);
});
