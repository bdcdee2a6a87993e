import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import type { Mask } from "#protocol/types.ts";
import { contactSheet } from "./contact-sheet.ts";
import type { ContactSlice } from "./contact-sheet.ts";
import { objectColor } from "./object-colors.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";

function mask(objectId: number, u: number, v: number, rows: readonly string[]): Mask {
  return maskOfRows(u, v, rows, { objectId, score: 1 });
}

const slice: ContactSlice = {
  raw: Uint16Array.from({ length: 5 * 4 }, (_, at) => 100 * at), width: 5, height: 4, range: [200, 700],
  found: [mask(1, 1, 1, ["###", "###", "###"])], title: "",
};
const left = 8;
const top = 8 + 20;

function pixelAt(bytes: Uint8Array, x: number, y: number): number[] {
  const image = decode(bytes);
  assert.equal(image.channels, 3);
  return [...image.data.subarray(3 * (y * image.width + x), 3 * (y * image.width + x) + 3)];
}

test("raw values become grey between the ends of the range", () => {
  const bytes = contactSheet({ slices: [{ ...slice, found: [] }], columns: 3 });
  assert.deepEqual(pixelAt(bytes, left + 2 * 1, top), [0, 0, 0]);
  assert.deepEqual(pixelAt(bytes, left + 2 * 3 + 1, top + 1), [51, 51, 51]);
  assert.deepEqual(pixelAt(bytes, left + 2 * 4, top + 2 * 3), [255, 255, 255]);
});

test("an outline runs just inside its object, in its colour", () => {
  const bytes = contactSheet({ slices: [slice], columns: 1 });
  // The object covers picture pixels 2..7 of both directions; its border is green, its inside and outside are grey.
  assert.deepEqual(pixelAt(bytes, left + 2, top + 2), [...objectColor(1)]);
  assert.deepEqual(pixelAt(bytes, left + 7, top + 5), [...objectColor(1)]);
  assert.deepEqual(pixelAt(bytes, left + 3, top + 3), [204, 204, 204]);
  assert.deepEqual(pixelAt(bytes, left + 1, top + 2), [153, 153, 153]);
});

test("true outlines lie on a second panel, sheets grow by rows", () => {
  const one = decode(contactSheet({ slices: [slice], columns: 2 }));
  assert.deepEqual([one.width, one.height], [8 + 10 + 8, 8 + 20 + 8 + 8]);
  const truth = new Uint32Array(20);
  truth[2 * 5 + 4] = 2;
  const bytes = contactSheet({ slices: [{ ...slice, truth }, slice, slice], columns: 2 });
  const sheet = decode(bytes);
  assert.deepEqual([sheet.width, sheet.height], [2 * (8 + 2 * 18), 2 * (8 + 20 + 8) + 8]);
  assert.deepEqual(pixelAt(bytes, left + 18 + 2 * 4, top + 2 * 2), [...objectColor(2)]);
});

test("captions are written above the slice", () => {
  const bytes = contactSheet({ slices: [{ ...slice, title: "I", width: 20, height: 1 }], columns: 1, magnify: 2 });
  // "I" is a stem in the third of five columns, magnified twice.
  assert.deepEqual([0, 4, 8].map((x) => pixelAt(bytes, left + x, 8 + 4)[0]), [24, 235, 24]);
});

test("no slice, wrong sizes and sheets beyond the limit are refused", () => {
  assert.throws(() => contactSheet({ slices: [], columns: 1 }), { code: "export_empty" });
  assert.throws(() => contactSheet({ slices: [{ ...slice, width: 6 }], columns: 1 }), { code: "pixels_size" });
  assert.throws(() => contactSheet({ slices: [slice], columns: 1, magnify: 5000 }), { code: "too_large" });
});
