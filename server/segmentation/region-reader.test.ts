import assert from "node:assert/strict";
import test from "node:test";
import type { VolumeSource } from "#server/volumes/source.ts";
import { regionOf, regionReader } from "./region-reader.ts";

/** 3 channels of 1 x 2 x 3 voxels; a channel's values begin at its number times 90. */
function volume(rgb: boolean): VolumeSource {
  const shape = { t: 1, c: 3, z: 1, y: 2, x: 3 };
  return {
    name: "small", shape, dtype: "uint8", rgb, spacing: undefined, displayRange: undefined,
    read: async ({ c, y, x }) => {
      const values: number[] = [];
      for (let row = y[0]; row < y[1]; row++) for (let column = x[0]; column < x[1]; column++) values.push(c * 90 + row * 3 + column);
      return Uint8Array.from(values);
    },
    planeKey: async () => "key",
    close: async () => undefined,
  };
}

const voxels = async (rgb: boolean, c: number): Promise<number[]> => {
  const asked = { c, region: { x: { start: 1, end: 3 } } };
  const source = volume(rgb);
  const region = regionOf(source.shape, asked);
  return [...await regionReader(source, asked, region).read({ start: [0, 1, 0], end: [1, 2, 2] })];
};

test("a channel is read as it is, counted from the region's start", async () => {
  assert.deepEqual(await voxels(false, 2), [184, 185]);
});

test("a colour volume is read as its luminance, whatever channel is named", async () => {
  // 0.299 * 4 + 0.587 * 94 + 0.114 * 184 = 77.35, and one more for the next voxel.
  assert.deepEqual(await voxels(true, 0), [77, 78]);
  assert.deepEqual(await voxels(true, 2), await voxels(true, 0));
});
