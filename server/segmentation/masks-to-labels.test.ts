import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mask } from "#protocol/types.ts";
import { groupByPlane, labelPlane } from "./masks-to-labels.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";

function mask(objectId: number, u: number, v: number, rows: readonly string[], at: Partial<Mask> = {}): Mask {
  return maskOfRows(u, v, rows, { objectId, ...at });
}

function rows(labels: Uint32Array, width: number): string[] {
  return Array.from({ length: labels.length / width }, (_, y) => [...labels.subarray(y * width, (y + 1) * width)].join(""));
}

const left = mask(5, 0, 0, ["####", "####"], { score: 0.6 });
const right = mask(3, 1, 0, ["######"], { score: 0.9 });

test("each rule settles the pixels of two masks its own way", () => {
  assert.deepEqual(rows(labelPlane([left, right], 8, 3, "highest-score"), 8), ["53333330", "55550000", "00000000"]);
  assert.deepEqual(rows(labelPlane([right, left], 8, 3, "highest-score"), 8), ["53333330", "55550000", "00000000"]);
  assert.deepEqual(rows(labelPlane([left, right], 8, 3, "first"), 8), ["55553330", "55550000", "00000000"]);
  assert.deepEqual(rows(labelPlane([left, right], 8, 3, "last"), 8), ["53333330", "55550000", "00000000"]);
  // Centroids are (1.5, 0.5) and (3.5, 0): the pixel at x = 3 is nearer to the second, the one at x = 2 to the first.
  assert.deepEqual(rows(labelPlane([left, right], 8, 3, "nearest"), 8), ["55533330", "55550000", "00000000"]);
});

test("of equal scores the first mask stays", () => {
  const other = mask(9, 0, 0, ["##"], { score: 0.6 });
  assert.deepEqual(rows(labelPlane([left, other], 4, 2, "highest-score"), 4), ["5555", "5555"]);
  assert.deepEqual(rows(labelPlane([other, left], 4, 2, "highest-score"), 4), ["9955", "5555"]);
});

test("large ids stay whole", () => {
  assert.deepEqual([...labelPlane([mask(16_777_216, 1, 0, ["#"])], 2, 1, "first")], [0, 16_777_216]);
});

test("a mask that leaves the plane or lies on another axis is refused", () => {
  assert.throws(() => labelPlane([left], 3, 2, "first"), { code: "request_invalid" });
  assert.throws(() => labelPlane([{ ...left, axis: "y" }], 8, 8, "first"), { code: "request_invalid" });
});

test("planes come by t, z; objects in the order they were first named, whatever their axis", () => {
  const masks = [
    mask(7, 0, 1, ["##", "#."], { axis: "y", index: 2 }), mask(4, 0, 0, ["#"], { index: 2, t: 1 }), mask(2, 0, 0, ["#"], { index: 1 }),
    mask(4, 0, 0, ["."], { index: 5 }), mask(7, 3, 1, ["#"], { axis: "x", index: 6 }), mask(4, 0, 0, ["#"], { index: 1 }),
  ];
  const planes = groupByPlane(masks);
  assert.deepEqual(planes.map((plane) => [plane.t, plane.z, plane.masks.map((one) => one.objectId)]), [[0, 1, [7, 4, 2]], [0, 2, [7]], [1, 2, [4]]]);
  // The row of the y plane lies at y = 2 from x = 0, the column of the x plane at x = 6 from y = 3.
  assert.deepEqual(rows(labelPlane(planes[0]!.masks, 8, 4, "first"), 8), ["40000000", "00000000", "77000000", "00000070"]);
  assert.equal(planes[0]!.masks[0]!.area, 3);
});
