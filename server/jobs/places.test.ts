import assert from "node:assert/strict";
import test from "node:test";
import { createPlaces } from "./places.ts";

test("two at once, the others in their order; who is cancelled while waiting leaves the row, and a failure gives its place back", async () => {
  const places = createPlaces(2);
  const begun: string[] = [];
  const ends = new Map<string, (fail: boolean) => void>();
  const ask = (name: string, signal?: AbortSignal): Promise<string> => places.use(signal, () => new Promise((resolve, reject) => {
    begun.push(name);
    ends.set(name, (fail) => (fail ? reject(new RangeError(name)) : resolve(name)));
  }));
  const settled = async (): Promise<void> => new Promise((later) => setImmediate(later));
  const leaves = new AbortController();
  const [a, b, c, d, e] = [ask("a"), ask("b"), ask("c", leaves.signal), ask("d"), ask("e")];
  await settled();
  assert.deepEqual(begun, ["a", "b"]);
  leaves.abort();
  await assert.rejects(c, { code: "cancelled" });
  ends.get("b")!(true);
  await assert.rejects(b, RangeError);
  await settled();
  assert.deepEqual(begun, ["a", "b", "d"]);
  ends.get("a")!(false);
  await settled();
  assert.deepEqual(begun, ["a", "b", "d", "e"]);
  for (const name of ["d", "e"]) ends.get(name)!(false);
  assert.deepEqual(await Promise.all([a, d, e]), ["a", "d", "e"]);
  await assert.rejects(ask("f", leaves.signal), { code: "cancelled" });
});
