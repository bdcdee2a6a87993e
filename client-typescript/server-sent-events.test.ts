import assert from "node:assert/strict";
import test from "node:test";
import { serverSentEvents, type ServerSentEvent } from "./server-sent-events.ts";

const text = ": beat\n\nevent: progress\ndata: {\"done\":1}\n\nevent: mask\r\ndata: über\r\ndata: zwei\r\n\r\ndata: plain\n\nevent: end\ndata: cut";

async function heard(pieces: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents((async function* () { yield* pieces; })())) events.push(event);
  return events;
}

test("events come whole wherever the stream is cut; comments are none, and neither is one that breaks off", async () => {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(await heard([bytes.subarray(0, at), bytes.subarray(at)]), [
      { event: "progress", data: '{"done":1}' }, { event: "mask", data: "über\nzwei" }, { event: "message", data: "plain" },
    ], `cut at ${at}`);
  }
});
