import assert from "node:assert/strict";
import { createServer, IncomingMessage } from "node:http";
import { Socket } from "node:net";
import test from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sendWhenReady, wantsGzip } from "./answer.ts";

test("gzip is for who accepts it", () => {
  const asks = (encoding: string | undefined): boolean => wantsGzip(Object.assign(new IncomingMessage(new Socket()), { headers: { "accept-encoding": encoding } }));
  for (const yes of ["gzip", "gzip, x-gzip, deflate", "deflate,gzip;q=0.5", "GZIP", "*", "gzip;q=1.0, *;q=0"]) assert.ok(asks(yes), yes);
  for (const no of [undefined, "", "identity", "x-gzip", "gzip;q=0", "gzip; q=0.0, deflate", "br"]) assert.ok(!asks(no), String(no));
});

/** What a client reads of one answer, piece by piece, and how its packing went. */
async function read(zipped: boolean, work: () => Promise<string>): Promise<{ status: number; pieces: string[] }> {
  const thrown: unknown[] = [];
  const server = createServer((_request, response) => {
    sendWhenReady(response, { zipped, heartbeatMs: 40, mediaType: "application/json", late: () => "[]" }, work).catch((fault: unknown) => {
      thrown.push(fault);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const at = server.address();
  try {
    const response = await fetch(`http://127.0.0.1:${typeof at === "object" && at !== null ? at.port : 0}/`, { headers: { Connection: "close" } });
    const pieces: string[] = [];
    for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece).toString());
    assert.equal(response.headers.get("Content-Encoding"), zipped ? "gzip" : null);
    return { status: response.status, pieces };
  } finally {
    server.close();
  }
}

for (const zipped of [false, true]) {
  test(`blanks arrive while the answer is waited for${zipped ? ", packed too" : ""}`, async () => {
    const { status, pieces } = await read(zipped, () => wait(300, '[{"a":1}]'));
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(pieces.join("")), [{ a: 1 }]);
    assert.ok(pieces.filter((piece) => piece.trim() === "").length >= 3, JSON.stringify(pieces));
  });
}

test("an answer in time has no blank, a late fault is the empty one", async () => {
  assert.deepEqual(await read(false, async () => "[]"), { status: 200, pieces: ["[]"] });
  const { status, pieces } = await read(false, async () => {
    await wait(100);
    throw new RangeError("late");
  });
  assert.deepEqual([status, pieces.join("").trim()], [200, "[]"]);
});
