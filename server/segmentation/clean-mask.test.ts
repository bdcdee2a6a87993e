import assert from "node:assert/strict";
import test from "node:test";
import type { Raster } from "#protocol/mask.ts";
import { cleanMask } from "./clean-mask.ts";

const raster = (rows: readonly string[]): Raster => ({ box: [3, 4, 3 + rows[0]!.length, 4 + rows.length], data: Uint8Array.from(rows.join(""), (pixel) => Number(pixel === "#")) });
const rows = ({ box, data }: Raster): string[] => Array.from({ length: box[3] - box[1] }, (_, v) => Array.from(data.subarray(v * (box[2] - box[0]), (v + 1) * (box[2] - box[0])), (bit) => (bit === 1 ? "#" : ".")).join(""));

test("holes and specks below the area go, larger ones and bays stay", () => {
  const given = raster([
    "######..#",
    "#.##.#...",
    "####.#...",
    "#.####.##",
    "..####.##",
  ]);
  const before = given.data.slice();
  assert.deepEqual(rows(cleanMask(given, 2)), [
    "######...",
    "####.#...",
    "####.#...",
    "#.####.##",
    "..####.##",
  ]);
  assert.deepEqual(rows(cleanMask(given, 5)), [
    "######...",
    "######...",
    "######...",
    "#.####...",
    "..####...",
  ]);
  assert.deepEqual(given.data, before);
  assert.deepEqual(rows(cleanMask(given, 1)), rows(given));
});

test("a corner joins pixels of the mask and parts a hole from the outside", () => {
  assert.deepEqual(rows(cleanMask(raster(["##..", "##..", "..##"]), 6)), ["##..", "##..", "..##"]);
  assert.deepEqual(rows(cleanMask(raster([".##.", "#..#", ".##."]), 3)), [".##.", "####", ".##."]);
});

test("specks alone leave nothing", () => {
  assert.deepEqual(rows(cleanMask(raster(["#.#"]), 2)), ["..."]);
});
