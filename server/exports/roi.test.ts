import assert from "node:assert/strict";
import { test } from "node:test";
import { unzipSync } from "fflate";
import type { Mask } from "#protocol/types.ts";
import { encodeRoi } from "./roi.ts";
import { writeRoisZip } from "./rois-zip.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";

const stack = { t: 1, c: 1, z: 5 };

function mask(rows: readonly string[], at: Partial<Mask> = {}, u = 10, v = 20): Mask {
  return maskOfRows(u, v, rows, { objectId: 7, index: 2, ...at });
}

function text(view: DataView, offsetAt: number, lengthAt: number): string {
  const offset = view.getInt32(offsetAt);
  return Array.from({ length: view.getInt32(lengthAt) }, (_, at) => String.fromCharCode(view.getUint16(offset + 2 * at))).join("");
}

function fields(bytes: Uint8Array): Record<string, unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const second = view.getInt32(60);
  return {
    type: view.getUint8(6), bounds: [8, 10, 12, 14].map((at) => view.getUint16(at)), count: view.getUint16(16), floats: view.getInt32(36),
    options: view.getUint16(50), position: [view.getInt32(56), view.getInt32(second + 4), view.getInt32(second + 8), view.getInt32(second + 12)],
    color: view.getUint32(40).toString(16), name: text(view, second + 16, second + 20), properties: text(view, second + 40, second + 44),
  };
}

test("one part is a traced ROI with corners relative to its box", () => {
  const bytes = encodeRoi(mask(["##", "#."]), { shape: stack });
  assert.deepEqual(fields(bytes), {
    type: 8, bounds: [20, 10, 22, 12], count: 6, floats: 0, options: 0, position: [3, 0, 0, 0], color: "ffff8020",
    name: "obj0007-z0003-t0001", properties: "masklet.object: 7\nmasklet.score: 0.5\n",
  });
  const view = new DataView(bytes.buffer);
  assert.deepEqual(Array.from({ length: 12 }, (_, at) => view.getUint16(64 + 2 * at)), [2, 2, 1, 1, 0, 0, 0, 1, 1, 2, 2, 0]);
});

test("holes and islands make a composite of float segments", () => {
  const bytes = encodeRoi(mask(["###", "#.#", "###"]), { shape: stack });
  const found = fields(bytes);
  assert.equal(found.type, 1);
  assert.equal(found.floats, 2 * (4 * 3 + 1));
  const view = new DataView(bytes.buffer);
  assert.deepEqual(Array.from({ length: 13 }, (_, at) => view.getFloat32(64 + 4 * at)), [0, 13, 20, 1, 13, 23, 1, 10, 23, 1, 10, 20, 4]);
  assert.equal(fields(encodeRoi(mask(["#.", ".#"]), { shape: stack })).type, 1);
});

test("the position is a stack index where one number says it, else (0, z, t)", () => {
  const position = (shape: { t: number; c: number; z: number }, at: Partial<Mask>): unknown => fields(encodeRoi(mask(["#"], at), { shape })).position;
  assert.deepEqual(position({ t: 1, c: 1, z: 5 }, { index: 4 }), [5, 0, 0, 0]);
  assert.deepEqual(position({ t: 6, c: 1, z: 1 }, { index: 0, t: 3 }), [4, 0, 0, 0]);
  assert.deepEqual(position({ t: 1, c: 2, z: 1 }, { index: 0 }), [0, 0, 0, 0]);
  assert.deepEqual(position({ t: 1, c: 2, z: 5 }, { index: 4 }), [0, 0, 5, 1]);
  assert.deepEqual(position({ t: 6, c: 1, z: 5 }, { index: 4, t: 3 }), [0, 0, 5, 4]);
});

test("far from the origin the corners are absolute floats", () => {
  const bytes = encodeRoi(mask(["##"], {}, 61_000, 3), { shape: stack });
  assert.equal(fields(bytes).options, 128);
  const view = new DataView(bytes.buffer);
  assert.deepEqual(Array.from({ length: 8 }, (_, at) => view.getFloat32(64 + 16 + 4 * at)), [61_002, 61_002, 61_000, 61_000, 3, 4, 4, 3]);
});

test("a name and a colour of one's own", () => {
  const found = fields(encodeRoi(mask(["#"]), { shape: stack, name: "Z\u00e9ro", color: [1, 2, 3] }));
  assert.equal(found.name, "Z\u00e9ro");
  assert.equal(found.color, "ff010203");
});

test("nothing to trace and other planes are refused", () => {
  assert.throws(() => encodeRoi(mask(["."]), { shape: stack }), { code: "export_empty" });
  assert.throws(() => encodeRoi(mask(["#"], { axis: "y" }), { shape: stack }), { code: "axis_unsupported" });
});

test("a zip lists ROIs by object, t, z with unique names and equal bytes for equal masks", () => {
  const masks = [
    mask(["#"], { objectId: 12, index: 0 }), mask(["##"], { objectId: 3, index: 1, t: 1 }), mask(["##"], { objectId: 3, index: 4 }),
    mask(["#"], { objectId: 3, index: 1, t: 1 }), mask(["."], { objectId: 3, index: 2 }),
  ];
  const bytes = writeRoisZip(masks, { shape: { t: 2, c: 1, z: 5 } });
  assert.deepEqual(Object.keys(unzipSync(bytes)), [
    "obj0003-z0005-t0001.roi", "obj0003-z0002-t0002.roi", "obj0003-z0002-t0002-2.roi", "obj0012-z0001-t0001.roi",
  ]);
  assert.deepEqual(writeRoisZip(masks, { shape: { t: 2, c: 1, z: 5 } }), bytes);
  assert.throws(() => writeRoisZip([mask(["."])], { shape: stack }), { code: "export_empty" });
});

test("masks of y planes become ROIs on the z planes they cross", () => {
  const found = unzipSync(writeRoisZip([mask(["##", ".#"], { axis: "y", index: 30 }, 4, 1)], { shape: stack }));
  assert.deepEqual(Object.entries(found).map(([name, bytes]) => [name, fields(bytes).bounds]), [
    ["obj0007-z0002-t0001.roi", [30, 4, 31, 6]], ["obj0007-z0003-t0001.roi", [30, 5, 31, 6]],
  ]);
});
