import assert from "node:assert/strict";
import { it } from "node:test";
import { resized } from "./resample.ts";

it("enlarges between pixel centres and repeats the edge", () => {
  const found = resized([0, 4, 8, 12], { width: 2, height: 2 }, { width: 4, height: 2 }, { antialias: false });
  assert.deepEqual([...found], [0, 1, 3, 4, 8, 9, 11, 12]);
  assert.deepEqual(resized([0, 4, 8, 12], { width: 2, height: 2 }, { width: 4, height: 2 }, { antialias: true }), found, "antialias changes nothing then");
});

it("shrinks by looking at two pixels, or with antialias at all", () => {
  const row = [8, 0, 0, 0, 0, 0, 0, 8];
  assert.deepEqual([...resized(row, { width: 8, height: 1 }, { width: 2, height: 1 }, { antialias: false })], [0, 0]);
  // A triangle of half width 4 around the centre at 2: 5/8, 7/8, 7/8, 5/8, 3/8, 1/8 of pixels 0 to 5, over 28/8.
  const [left, right] = resized(row, { width: 8, height: 1 }, { width: 2, height: 1 }, { antialias: true });
  assert.ok(Math.abs(left! - (8 * 5) / 28) < 1e-6 && left === right);
});

it("reads one of several channels", () => {
  const pixels = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60];
  assert.deepEqual([...resized(pixels, { width: 3, height: 2 }, { width: 3, height: 2 }, { antialias: true, channels: 2, channel: 1 })], [10, 20, 30, 40, 50, 60]);
});

it("gives a part as it is in the whole", () => {
  const source = Array.from({ length: 35 }, (_, at) => (at * at) % 23);
  for (const antialias of [true, false]) {
    const whole = resized(source, { width: 7, height: 5 }, { width: 4, height: 9 }, { antialias });
    const part = resized(source, { width: 7, height: 5 }, { width: 4, height: 9 }, { antialias, part: [1, 3, 3, 8] });
    assert.deepEqual([...part], [3, 4, 5, 6, 7].flatMap((row) => [...whole.subarray(4 * row + 1, 4 * row + 3)]));
  }
  assert.equal(resized(source, { width: 7, height: 5 }, { width: 4, height: 9 }, { antialias: true, part: [0, 0, 0, 0] }).length, 0);
});
