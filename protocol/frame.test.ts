import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { decodeClientFrame, decodeServerFrame, encodeFrame, requestIdOf } from "./frame.ts";
import { asMaskletError, MaskletError } from "./errors.ts";
import { checkClientMessage, checkServerMessage } from "./message.ts";
import { openapiDocument } from "./schema.ts";
import type { ClientMessage, ServerMessage } from "./types.ts";

interface Golden { name: string; message: ClientMessage | ServerMessage; hex: string }

function revive(_key: string, value: unknown): unknown {
  const bin = typeof value === "object" && value !== null && "$bin" in value ? value.$bin : undefined;
  return typeof bin === "string" ? new Uint8Array(Buffer.from(bin, "base64")) : value;
}

const golden: Golden[] = JSON.parse(readFileSync(new URL("../fixtures/protocol/frames.json", import.meta.url), "utf8"), revive);
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

function decode(hex: string): unknown {
  const frame = bytesOf(hex);
  return isServer(frame) ? decodeServerFrame(frame) : decodeClientFrame(frame);
}

function isServer(frame: Uint8Array): boolean {
  try {
    decodeClientFrame(frame);
    return false;
  } catch (fault) {
    assert.ok(fault instanceof MaskletError);
    return true;
  }
}

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, shuffled(member)]));
}

for (const { name, message, hex } of golden) {
  test(`golden frame: ${name}`, () => {
    assert.equal(Buffer.from(encodeFrame(message)).toString("hex"), hex);
    const back = decode(hex);
    assert.equal(Buffer.from(encodeFrame(back as ClientMessage)).toString("hex"), hex);
  });
}

test("every message of the document has a golden frame", () => {
  const names = new Set<string>(golden.map(({ message }) => message.t));
  const { ClientMessage: client, ServerMessage: server } = openapiDocument().components.schemas;
  const all = [...client!.oneOf!, ...server!.oneOf!].map((branch) => {
    const schema = openapiDocument().components.schemas[branch.$ref!.split("/").at(-1)!]!;
    return String(schema.properties!["t"]!.const);
  });
  assert.deepEqual(all.filter((name) => !names.has(name)), []);
});

test("keys are written in schema order whatever order they come in", () => {
  for (const { message, hex } of golden) {
    // Free objects keep their own order.
    if (message.t === "error" || message.t === "classical.run" || (message.t === "result" && ("limits" in message.value || "recipe" in message.value))) continue;
    assert.equal(Buffer.from(encodeFrame(shuffled(message) as ClientMessage)).toString("hex"), hex);
  }
});

test("a hello frame, byte by byte", () => {
  const hex = Buffer.from(encodeFrame({ t: "hello", id: 1, protocol: 1, client: "A" })).toString("hex");
  assert.equal(hex, ["84", "a174", "a568656c6c6f", "a26964", "01", "a870726f746f636f6c", "01", "a6636c69656e74", "a141"].join(""));
});

test("numbers: whole ones to 32 bits are ints, the rest float64", () => {
  const numbersOf = (x: number) => Buffer.from(encodeFrame({ t: "prompt.set", id: 1, sessionId: "ses-000000", objectId: 1, cut: { axis: "z", index: 0 }, box: [x, 0, 1, 1] })).toString("hex");
  assert.match(numbersOf(20), /a3626f789414000101$/);
  assert.match(numbersOf(-1), /94ff000101$/);
  assert.match(numbersOf(2 ** 32 - 1), /94ceffffffff000101$/);
  assert.match(numbersOf(2 ** 32), /94cb41f0000000000000000101$/);
  assert.match(numbersOf(-(2 ** 31)), /94d280000000000101$/);
  assert.match(numbersOf(-(2 ** 31) - 1), /94cbc1e0000000200000000101$/);
  assert.match(numbersOf(0.5), /94cb3fe0000000000000000101$/);
});

test("a decoder accepts any numeric form", () => {
  const message = decodeClientFrame(bytesOf("83a174a4756e646fa26964cf0000000000000009a973657373696f6e4964aa7365732d303030303030"));
  assert.deepEqual(message, { t: "undo", id: 9, sessionId: "ses-000000" });
});

test("every golden frame cut at every byte is a coded error", () => {
  for (const { hex, name } of golden) {
    const frame = bytesOf(hex);
    for (let length = 0; length < frame.length; length++) {
      for (const decodeCut of [decodeClientFrame, decodeServerFrame]) {
        assert.throws(() => decodeCut(frame.subarray(0, length)), (fault) => fault instanceof MaskletError && asMaskletError(fault).code !== "internal", `${name} cut at ${length}`);
      }
    }
  }
});

test("flipped bytes give a message or a coded error, never anything else", () => {
  for (const { hex } of golden) {
    const frame = bytesOf(hex);
    for (let at = 0; at < frame.length; at++) {
      for (const flip of [0x01, 0x20, 0x80, 0xff]) {
        const broken = frame.slice();
        broken[at]! ^= flip;
        for (const decodeBroken of [decodeClientFrame, decodeServerFrame]) {
          try {
            decodeBroken(broken);
          } catch (fault) {
            assert.ok(fault instanceof MaskletError, `${fault}`);
          }
        }
      }
    }
  }
});

test("what is no message is refused with the place and the reason", () => {
  const cases: [unknown, RegExp][] = [
    [7, /\/t/], [{ t: "nope", id: 1 }, /\/t/], [{ t: "hello", id: 0, protocol: 1, client: "A" }, /\/id/],
    [{ t: "undo", id: 1, sessionId: "../../etc" }, /\/sessionId/], [{ t: "undo", id: 1, sessionId: "ses-000000", more: 1 }, /unknown member "more"/],
    [{ t: "slice.put", volumeId: "vol-000000", plane: { t: 0, c: 0, z: 1 }, data: "text" }, /\/data.*must be bytes/],
    [{ t: "prompt.set", id: 1, sessionId: "ses-000000", objectId: 1, cut: { axis: "z", index: 0 }, box: [1, 2, 3] }, /\/box/],
  ];
  for (const [value, expected] of cases) assert.throws(() => checkClientMessage(value), expected);
  assert.throws(() => checkServerMessage({ t: "mask", id: 1 }), /mask/);
});

test("the id of an unusable frame is still found", () => {
  assert.equal(requestIdOf(bytesOf("82a174a36e6f70a2696407")), 7);
  assert.equal(requestIdOf(bytesOf("ff")), 0);
  assert.equal(requestIdOf(bytesOf("82a174")), 0);
});
