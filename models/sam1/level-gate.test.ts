import assert from "node:assert/strict";
import test from "node:test";
import type { Raster } from "#protocol/mask.ts";
import type { View } from "../tracker.ts";
import { gateMask, ownLevel } from "./level-gate.ts";

/** A 12 x 8 plane, all of it seen, of level 200 with the given pixels darker. */
function view(dark: readonly (readonly [number, number, number])[]): View {
  const pixels = new Float32Array(12 * 8).fill(200);
  for (const [x, y, level] of dark) pixels[y * 12 + x] = level;
  return { window: { u0: 0, v0: 0, width: 12, height: 12 }, box: [0, 0, 12, 8], width: 12, height: 8, channels: 1, pixels, key: "test" };
}

const bar: readonly (readonly [number, number, number])[] = [[4, 3, 40], [5, 3, 40], [6, 3, 40], [7, 3, 40]];
const mask = (u0: number, v0: number, rows: readonly number[][]): Raster =>
  ({ box: [u0, v0, u0 + rows[0]!.length, v0 + rows.length], data: Uint8Array.from(rows.flat()) });

test("what is as bright as the surroundings is taken off, and the rest cropped", () => {
  const loose = mask(4, 2, [[1, 1, 1, 1], [1, 1, 1, 1]]);
  assert.deepEqual(gateMask(loose, view(bar), 40), mask(4, 3, [[1, 1, 1, 1]]));
});

test("of two parts the larger stays", () => {
  const broken = view([[2, 3, 40], [3, 3, 40], [7, 3, 40]]);
  assert.deepEqual(gateMask(mask(2, 3, [[1, 1, 1, 1, 1, 1]]), broken, 40), mask(2, 3, [[1, 1]]));
});

test("an object that has faded to a fifth of its contrast is taken off whole", () => {
  const faded = view(bar.map(([x, y]) => [x, y, 168] as const));
  assert.equal(gateMask(mask(4, 3, [[1, 1, 1, 1]]), faded, 40).data.length, 0);
});

test("an object is gated only when its own level sets it off", () => {
  assert.equal(ownLevel(mask(4, 3, [[1, 1, 1, 1]]), view(bar)), 40);
  // Half bright, half dark: its mean is no level of its own.
  const motley = view([[4, 3, 40], [6, 3, 255], [5, 3, 40], [7, 3, 255]]);
  assert.equal(ownLevel(mask(4, 3, [[1, 1, 1, 1]]), motley), undefined);
  assert.equal(ownLevel({ box: [0, 0, 0, 0], data: new Uint8Array(0) }, view(bar)), undefined);
});

test("bright objects on dark pass from the other side", () => {
  const negative = view([]);
  negative.pixels.forEach((_, at) => (negative.pixels[at] = 10));
  for (const [x, y] of bar) negative.pixels[y * 12 + x] = 250;
  assert.deepEqual(gateMask(mask(4, 2, [[1, 1, 1, 1], [1, 1, 1, 1]]), negative, 250), mask(4, 3, [[1, 1, 1, 1]]));
});
