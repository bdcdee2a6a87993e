import assert from "node:assert/strict";
import test from "node:test";
import { cropsOf, cropWindow, isCutOff } from "./crops.ts";

// int(512/1500 * 600 * 2 / 2) = 204; crops are ceil((204 + 1000) / 2) = 602 and ceil((204 + 600) / 2) = 402 pixels long.
test("a layer's crops overlap, columns first, and end with the region", () => {
  assert.deepEqual(cropsOf([0, 0, 1000, 600], 1, 512 / 1500), [
    { box: [0, 0, 1000, 600], layer: 0 },
    { box: [0, 0, 602, 402], layer: 1 },
    { box: [0, 198, 602, 600], layer: 1 },
    { box: [398, 0, 1000, 402], layer: 1 },
    { box: [398, 198, 1000, 600], layer: 1 },
  ]);
});

test("crops of a region lie where it lies; layer i has 2^i a side", () => {
  const crops = cropsOf([100, 50, 180, 130], 2, 0.25);
  assert.deepEqual(crops.map(({ layer }) => layer), [0, ...Array.from({ length: 4 }, () => 1), ...Array.from({ length: 16 }, () => 2)]);
  // Layer 2: overlap int(0.25 * 80 * 2 / 4) = 10, length ceil((30 + 80) / 4) = 28, step 18; the last ends at 80.
  assert.deepEqual(crops.slice(5, 9).map(({ box }) => box), [[100, 50, 128, 78], [100, 68, 128, 96], [100, 86, 128, 114], [100, 104, 128, 130]]);
  assert.deepEqual(crops.at(-1)?.box, [154, 104, 180, 130]);
});

test("a region smaller than its layers has no crop twice", () => {
  assert.deepEqual(cropsOf([0, 0, 3, 3], 2, 0).slice(5).map(({ box }) => box.slice(0, 2).join()), ["0,0", "0,1", "0,2", "1,0", "1,1", "1,2", "2,0", "2,1", "2,2"]);
});

test("a crop is seen through the square around it, inside the plane where that has room", () => {
  const plane = { width: 200, height: 100, pixelU: 1, pixelV: 1 };
  assert.deepEqual(cropWindow([0, 20, 40, 80], plane), { u0: 0, v0: 20, width: 60, height: 60 });
  assert.deepEqual(cropWindow([100, 20, 140, 80], plane), { u0: 90, v0: 20, width: 60, height: 60 });
  assert.deepEqual(cropWindow([0, 0, 200, 100], plane), { u0: 0, v0: 0, width: 200, height: 200 });
  // Rows four times as far apart as columns: 80 columns are as long as 20 rows.
  assert.deepEqual(cropWindow([100, 40, 180, 45], { ...plane, pixelV: 4 }), { u0: 100, v0: 32, width: 80, height: 20 });
});

test("what reaches an inner edge of what is seen is cut off, what reaches the outer edge is not", () => {
  const seen = [0, 0, 600, 400] as [number, number, number, number];
  const whole = [0, 0, 1000, 600] as [number, number, number, number];
  assert.equal(isCutOff([5, 5, 100, 100], seen, whole), false);
  assert.equal(isCutOff([100, 100, 579, 200], seen, whole), false);
  assert.equal(isCutOff([100, 100, 580, 200], seen, whole), true);
  assert.equal(isCutOff([100, 100, 200, 380], seen, whole), true);
  assert.equal(isCutOff([100, 100, 200, 594], [0, 200, 600, 600], whole), false);
  assert.equal(isCutOff([10, 10, 27, 27], [0, 0, 32, 32], whole), false, "a crop of 32 pixels has edges of 2");
  assert.equal(isCutOff([10, 10, 30, 27], [0, 0, 32, 32], whole), true);
});
