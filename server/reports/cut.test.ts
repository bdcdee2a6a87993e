import assert from "node:assert/strict";
import { test } from "node:test";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { imageArray, labelArray } from "../../test/array-readers.ts";
import { crossCuts, cutsThrough, spreadCuts } from "./choose-cuts.ts";
import { pixelSizeFor, readCut, wholePlane } from "./cut.ts";

const size = [2, 3, 4] as const;
// The value of a voxel says where it is: zyx as digits.
const digits = Float32Array.from({ length: 24 }, (_, at) => 100 * Math.floor(at / 12) + 10 * (Math.floor(at / 4) % 3) + (at % 4));
const source = { labels: [labelArray(digits, size)], image: imageArray(digits, size), spacing: [1, 1, 1] as const };

test("planes across z, y and x have their rows and columns the right way round", async () => {
  assert.deepEqual([...(await readCut(source, wholePlane(0, 1, size), 1)).ids[0]!], [100, 101, 102, 103, 110, 111, 112, 113, 120, 121, 122, 123]);
  const y = await readCut(source, wholePlane(1, 2, size), 1);
  assert.deepEqual([y.width, y.height, ...y.ids[0]!], [4, 2, 20, 21, 22, 23, 120, 121, 122, 123]);
  const x = await readCut(source, wholePlane(2, 3, size), 1);
  assert.deepEqual([x.width, x.height, ...x.ids[0]!], [3, 2, 3, 13, 23, 103, 113, 123]);
  assert.deepEqual([...x.grey!], [3, 13, 23, 103, 113, 123]);
});

test("unequal voxels look as they are", async () => {
  const tall = { ...source, spacing: [3, 1, 1] as const };
  const { width, height, ids } = await readCut(tall, wholePlane(1, 0, size), 1);
  assert.deepEqual([width, height], [4, 6]);
  assert.deepEqual([...ids[0]!.filter((_, at) => at % 4 === 0)], [0, 0, 0, 100, 100, 100]);
});

test("shrinking takes mean greys and the id in the middle; enlarging repeats voxels", async () => {
  const half = await readCut(source, { axis: 0, index: 0, rows: [0, 2], columns: [0, 4] }, 2);
  assert.deepEqual([half.width, half.height, ...half.grey!, ...half.ids[0]!], [2, 1, 5.5, 7.5, 11, 13]);
  const twice = await readCut(source, { axis: 0, index: 0, rows: [1, 2], columns: [2, 4] }, 0.5);
  assert.deepEqual([...twice.ids[0]!], [12, 12, 13, 13, 12, 12, 13, 13]);
});

test("values that are no numbers are left out of means, and told when there is nothing else", async () => {
  const image = imageArray(Float32Array.from([NaN, 4, NaN, NaN]), [1, 1, 4]);
  const { grey } = await readCut({ labels: [], image, spacing: [1, 1, 1] }, wholePlane(0, 0, [1, 1, 4]), 2);
  assert.deepEqual([...grey!], [4, NaN]);
});

test("a large plane is read in bands, each of its rows once", async () => {
  const large: Triple = [1, 6000, 3000];
  const reads: number[] = [];
  let rows = 0;
  const labels: LabelReader = { name: "large", size: large, spacing: undefined, read: async (start, end) => {
    const voxels = (end[1] - start[1]) * (end[2] - start[2]);
    reads.push(voxels);
    rows += end[1] - start[1];
    return new Uint32Array(voxels).fill(1 + Math.floor(start[1] / 3000));
  } };
  const cut = wholePlane(0, 0, large);
  const { width, height } = await readCut({ labels: [labels], image: undefined, spacing: [1, 1, 1] }, cut, pixelSizeFor([cut], [1, 1, 1], 500));
  assert.deepEqual([width, height], [250, 500]);
  assert.ok(reads.length > 1 && Math.max(...reads) <= 4_000_000 && rows <= 6000 + reads.length, `${reads.length} reads of up to ${Math.max(...reads)} voxels`);
});

test("cuts are spread over what holds objects, and pass through its middle", () => {
  const objects = [{ start: [10, 4, 0], end: [12, 6, 8] }, { start: [30, 0, 0], end: [34, 2, 2] }];
  assert.deepEqual(spreadCuts([50, 20, 20], objects).map(({ index }) => index), [12, 16, 20, 24, 28, 32]);
  assert.deepEqual(spreadCuts([50, 20, 20], [{ start: [3, 0, 0], end: [5, 1, 1] }]).map(({ index }) => index), [3, 4]);
  assert.deepEqual(crossCuts([50, 20, 20], objects).map(({ axis, index }) => [axis, index]), [[1, 3], [2, 4]]);
  assert.deepEqual(crossCuts([1, 20, 20], objects), []);
  assert.equal(spreadCuts([50, 20, 20], []).length, 6);
});

test("an object is cut through the voxel asked for, with room around it inside the volume", () => {
  const [z, y, x] = cutsThrough({ start: [0, 10, 10], end: [2, 30, 20] }, [1.5, 12, 13], [40, 40, 22]);
  assert.deepEqual(z, { axis: 0, index: 1, rows: [4, 36], columns: [6, 22] });
  assert.deepEqual(y, { axis: 1, index: 12, rows: [0, 6], columns: [6, 22] });
  assert.deepEqual(x, { axis: 2, index: 13, rows: [0, 6], columns: [4, 36] });
  assert.equal(cutsThrough({ start: [0, 0, 0], end: [1, 5, 5] }, [0, 2, 2], [1, 9, 9]).length, 1);
});
