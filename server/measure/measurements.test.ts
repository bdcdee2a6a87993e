import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mask } from "#protocol/types.ts";
import { measureObjects } from "./measurements.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";

function mask(objectId: number, z: number, u: number, v: number, rows: readonly string[], at: Partial<Mask> = {}): Mask {
  return maskOfRows(u, v, rows, { objectId, index: z, ...at });
}

function clusters(masks: readonly Mask[]): number[][] {
  return measureObjects(masks, undefined).map((row) => [row.objectId, row.t, row.clusterId]);
}

test("one object on two planes, in micrometres and in voxels", () => {
  const masks = [mask(6, 3, 30, 10, ["####"], { score: 0.25 }), mask(6, 4, 30, 10, ["##", "##"], { score: 0.75 })];
  const row = { objectId: 6, clusterId: 6, t: 0, voxels: 8, start: [3, 10, 30], end: [5, 12, 34], score: 0.5 };
  assert.deepEqual(measureObjects(masks, { z: 2, y: 0.5, x: 0.25 }), [{ ...row, volume: 2, centroid: [8, 5.375, 7.875] }]);
  assert.deepEqual(measureObjects(masks, undefined), [{ ...row, volume: 8, centroid: [4, 10.75, 31.5] }]);
});

test("the voxel at the origin has its centre at a half", () => {
  const [row] = measureObjects([mask(1, 0, 0, 0, ["#"])], undefined);
  assert.deepEqual([row?.centroid, row?.start, row?.end], [[0.5, 0.5, 0.5], [0, 0, 0], [1, 1, 1]]);
});

test("frames are measured apart, empty masks not at all", () => {
  const masks = [mask(2, 0, 0, 0, ["##"], { t: 1 }), mask(2, 0, 0, 0, ["#"]), mask(9, 1, 0, 0, ["."])];
  assert.deepEqual(measureObjects(masks, undefined).map((row) => [row.objectId, row.t, row.voxels]), [[2, 0, 1], [2, 1, 2]]);
  assert.deepEqual(measureObjects([], undefined), []);
});

test("a voxel in several masks of one object counts once, whatever their axis", () => {
  // The y plane y = 1 holds (x, z) = (4..5, 2); the z plane z = 2 holds (x, y) = (5, 1) too.
  const masks = [mask(3, 1, 4, 2, ["##"], { axis: "y" }), mask(3, 2, 5, 1, ["#"])];
  const [row] = measureObjects(masks, undefined);
  assert.deepEqual([row?.voxels, row?.start, row?.end], [2, [2, 1, 4], [3, 2, 6]]);
});

test("objects that overlap or meet at a corner are one cluster, in their frame only", () => {
  assert.deepEqual(clusters([mask(4, 0, 0, 0, ["##"]), mask(2, 0, 1, 0, ["##"])]), [[2, 0, 2], [4, 0, 2]]);
  assert.deepEqual(clusters([mask(4, 0, 31, 5, ["#"]), mask(2, 1, 32, 6, ["#"])]), [[2, 0, 2], [4, 0, 2]]);
  assert.deepEqual(clusters([mask(4, 0, 31, 5, ["#"]), mask(2, 0, 33, 5, ["#"])]), [[2, 0, 2], [4, 0, 4]]);
  assert.deepEqual(clusters([mask(4, 0, 0, 0, ["#"]), mask(2, 2, 0, 0, ["#"])]), [[2, 0, 2], [4, 0, 4]]);
  assert.deepEqual(clusters([mask(4, 0, 0, 0, ["#"]), mask(2, 0, 0, 0, ["#"], { t: 1 })]), [[2, 1, 2], [4, 0, 4]]);
});

test("a chain is one cluster, named by its smallest id", () => {
  const masks = [9, 5, 7, 3].map((id, at) => mask(id, at, at, 0, ["#"]));
  assert.deepEqual(clusters([...masks, mask(1, 0, 40, 0, ["#"])]), [[1, 0, 1], [3, 0, 3], [5, 0, 3], [7, 0, 3], [9, 0, 3]]);
});

test("clusters are those of a slow comparison of all pairs of voxels", () => {
  for (let seed = 1; seed <= 60; seed++) {
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const masks = Array.from({ length: 14 }, (_, at) => {
      const rows = Array.from({ length: 1 + random(4) }, () => Array.from({ length: 6 }, () => (random(3) === 0 ? "#" : ".")).join(""));
      return mask(1 + (at % 9), random(4), 20 + random(24), random(12), rows);
    });
    const voxels = masks.flatMap((one) => {
      const rowBytes = (one.box[2] - one.box[0] + 7) >> 3;
      const found: { id: number; at: number[] }[] = [];
      for (let y = one.box[1]; y < one.box[3]; y++) {
        for (let x = one.box[0]; x < one.box[2]; x++) {
          const u = x - one.box[0];
          if ((one.bits[(y - one.box[1]) * rowBytes + (u >> 3)]! >> (7 - (u & 7))) & 1) found.push({ id: one.objectId, at: [one.index, y, x] });
        }
      }
      return found;
    });
    const smallest = new Map(voxels.map((voxel) => [voxel.id, voxel.id]));
    for (let changed = true; changed; ) {
      changed = false;
      for (const a of voxels) {
        for (const b of voxels) {
          if (smallest.get(a.id)! <= smallest.get(b.id)! || a.at.some((value, axis) => Math.abs(value - b.at[axis]!) > 1)) continue;
          smallest.set(a.id, smallest.get(b.id)!);
          changed = true;
        }
      }
    }
    const expected = [...smallest].sort((a, b) => a[0] - b[0]).map(([id, cluster]) => [id, 0, cluster]);
    assert.deepEqual(clusters(masks), expected, `seed ${seed}`);
  }
});
