import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { checkSameGrid, labelReader } from "./label-reader.ts";

const shape = { t: 2, c: 1, z: 2, y: 3, x: 4 };
const coded = (code: string, says: RegExp) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === code && says.test(fault.message);

test("a box of a label image comes as whole numbers", async () => {
  const reader = labelReader(memoryVolume(shape, (t, _c, z, y, x) => t * 1000 + z * 100 + y * 10 + x, { spacing: { z: 3, y: 2, x: 1 } }), { frame: 1 });
  assert.deepEqual([reader.size, reader.spacing], [[2, 3, 4], [3, 2, 1]]);
  assert.deepEqual(await reader.read([1, 0, 2], [2, 2, 4]), Uint32Array.of(1102, 1103, 1112, 1113));
});

test("what is no id is told with its place", async () => {
  for (const value of [0.5, -1, NaN, Infinity]) {
    const reader = labelReader(memoryVolume(shape, (_t, _c, z, y, x) => (z === 1 && y === 2 && x === 3 ? value : 7)));
    await assert.rejects(reader.read([0, 0, 0], [2, 3, 4]), coded("labels_invalid", /z=1, y=2, x=3/));
  }
  const wide = labelReader(memoryVolume(shape, () => 2 ** 24 + 2));
  await assert.rejects(wide.read([0, 0, 0], [1, 1, 1]), coded("labels_too_many", /16777218/));
  assert.throws(() => labelReader(memoryVolume(shape, () => 0), { frame: 2 }), coded("plane_off_volume", /t = 2/));
  assert.throws(() => labelReader(memoryVolume({ ...shape, c: 3 }, () => 7, { rgb: true })), coded("labels_invalid", /every voxel it holds a colour/));
});

test("two label images on one grid go together, others are refused", () => {
  const grid = (size: [number, number, number], spacing?: [number, number, number]) => ({ name: "labels.tif", size, spacing });
  checkSameGrid(grid([2, 3, 4], [1, 1, 1]), grid([2, 3, 4]));
  checkSameGrid(grid([2, 3, 4], [1, 1, 1]), grid([2, 3, 4], [1.0005, 1, 1]));
  assert.throws(() => checkSameGrid(grid([2, 3, 4]), grid([2, 4, 3])), coded("labels_mismatch", /2 x 3 x 4.*2 x 4 x 3/));
  assert.throws(() => checkSameGrid(grid([2, 3, 4], [1, 1, 1]), grid([2, 3, 4], [2, 1, 1])), coded("labels_mismatch", /micrometres/));
});
