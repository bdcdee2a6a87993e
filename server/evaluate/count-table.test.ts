import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { CountTable } from "./count-table.ts";

test("pairs are counted, however many there are, and come sorted", () => {
  const random = seededRandom(3);
  const table = new CountTable();
  const plain = new Map<string, number>();
  for (let nth = 0; nth < 20_000; nth++) {
    const [first, second] = [random.whole(0, 300) * 400_000, random.whole(0, 60) * 1_000_000];
    table.add(first, second, 2);
    plain.set(`${first} ${second}`, (plain.get(`${first} ${second}`) ?? 0) + 2);
  }
  const { first, second, counts } = table.sorted();
  assert.equal(table.size, plain.size);
  const expected = [...plain].map(([key, count]) => [...key.split(" ").map(Number), count]).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
  assert.deepEqual(Array.from(first, (one, at) => [one, second[at], counts[at]]), expected);
  assert.equal(table.get(7, 7), 0);
});

test("numbers may be given an order of their own", () => {
  const table = new CountTable();
  table.add(0, 1, 10);
  table.add(2, 0, 20);
  table.add(1, 0, 30);
  // 2 stands first, then 0, then 1; of the second numbers 1 stands first.
  assert.deepEqual(table.sorted(Uint32Array.of(2, 0, 1), Uint32Array.of(1, 0)), { first: Uint32Array.of(0, 1, 2), second: Uint32Array.of(1, 0, 1), counts: Float64Array.of(20, 10, 30) });
});
