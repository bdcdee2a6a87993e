import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import type { CutPixels } from "./cut.ts";
import { barLength, paintCut, pngOf, rangeOfCuts } from "./paint.ts";

const red = [255, 0, 0] as const;
const blue = [0, 0, 255] as const;

function cutOf(rows: readonly string[], grey?: readonly number[]): CutPixels {
  const [height, width] = [rows.length, rows[0]!.length];
  return { cut: { axis: 0, index: 0, rows: [0, height], columns: [0, width] }, width, height, pixelSize: 1, grey: grey === undefined ? undefined : Float32Array.from(grey), ids: [Uint32Array.from(rows.join(""), Number)] };
}

/** One letter a pixel: r, b, w for outlines, digits for greys in steps of 28. */
function letters(canvas: { width: number; height: number; data: Uint8Array }): string[] {
  return Array.from({ length: canvas.height }, (_, y) => Array.from({ length: canvas.width }, (_, x) => {
    const [r, g, b] = canvas.data.subarray(3 * (y * canvas.width + x));
    return r === 255 && g === 0 ? "r" : b === 255 && r === 0 ? "b" : r === 255 && b === 255 ? "w" : r === g && g === b ? String(Math.round(r! / 28)) : "?";
  }).join(""));
}

test("an outline lies just inside its object and is open where the picture ends", () => {
  const cut = cutOf(["00000", "01110", "01110", "01111"]);
  const canvas = paintCut(cut, { range: undefined, layers: [{ ids: cut.ids[0]!, color: () => red }], bar: 0, voxelSize: 1 });
  assert.deepEqual(letters(canvas), ["11111", "1rrr1", "1r1r1", "1r11r"]);
});

test("objects that touch have an outline each; two layers on one pixel are white", () => {
  const cut = cutOf(["1122", "1122"]);
  const canvas = paintCut(cut, { range: undefined, layers: [{ ids: cut.ids[0]!, color: (id) => (id === 1 ? red : blue) }], bar: 0, voxelSize: 1 });
  assert.deepEqual(letters(canvas), ["1rb1", "1rb1"]);
  const other = Uint32Array.from("03300330", Number);
  const both = paintCut(cut, { range: undefined, layers: [{ ids: cut.ids[0]!, color: () => red }, { ids: other, color: () => blue }], bar: 0, voxelSize: 1 });
  assert.deepEqual(letters(both), ["1ww1", "1ww1"]);
  const aside = paintCut(cut, { range: undefined, layers: [{ ids: Uint32Array.from("11001100", Number), color: () => red }, { ids: Uint32Array.from("00110011", Number), color: () => blue }], bar: 0, voxelSize: 1 });
  assert.deepEqual(letters(aside), ["1rb1", "1rb1"]);
});

test("greys run from the low to the high end of the range, and no value has a colour of its own", () => {
  const cut = cutOf(["0000"], [10, 20, 30, NaN]);
  assert.deepEqual(letters(paintCut(cut, { range: [10, 30], layers: [], bar: 0, voxelSize: 1 })), ["049?"]);
  assert.deepEqual(letters(paintCut(cut, { range: [20, 20], layers: [], bar: 0, voxelSize: 1 })), ["000?"]);
});

test("the range of several cuts leaves out what is no number; none has none", () => {
  assert.deepEqual(rangeOfCuts([cutOf(["00"], [NaN, 5]), cutOf(["00"], [9, 7])]), [5, 9]);
  assert.deepEqual(rangeOfCuts([cutOf(["00"], [4, 4])]), [4, 5]);
  assert.equal(rangeOfCuts([cutOf(["0"], [NaN]), cutOf(["0"])]), undefined);
});

test("the bar is as long as stated, or not there", () => {
  const cut: CutPixels = { ...cutOf(Array.from({ length: 40 }, () => "0".repeat(200))), pixelSize: 0.1 };
  assert.equal(barLength(cut), 5);
  const white = (bar: number): number => [...paintCut(cut, { range: undefined, layers: [], bar, voxelSize: 1 }).data.subarray(3 * 200 * 30, 3 * 200 * 31)].filter((value) => value === 255).length / 3;
  assert.equal(white(50), 50);
  assert.equal(white(195), 0);
});

test("a painted cut is a PNG of its size", () => {
  const { width, height, channels } = decode(pngOf(paintCut(cutOf(["010", "000"]), { range: undefined, layers: [], bar: 0, voxelSize: 1 })));
  assert.deepEqual([width, height, channels], [3, 2, 3]);
});
