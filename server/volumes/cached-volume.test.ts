import assert from "node:assert/strict";
import { test } from "node:test";
import { cachedVolume, createPlaneCache } from "./cached-volume.ts";
import type { VolumeSource, VoxelBox } from "./source.ts";

/** 6 planes of 2 x 3 bytes; a voxel is 100 z + 10 y + x. Every read of a plane is noted. */
function counted(): { source: VolumeSource; reads: number[] } {
  const reads: number[] = [];
  const source: VolumeSource = {
    name: "n", shape: { t: 1, c: 1, z: 6, y: 2, x: 3 }, dtype: "uint8", rgb: false, spacing: undefined, displayRange: undefined,
    async read({ z, y, x }) {
      const values: number[] = [];
      for (let k = z[0]; k < z[1]; k++) {
        reads.push(k);
        for (let j = y[0]; j < y[1]; j++) for (let i = x[0]; i < x[1]; i++) values.push(100 * k + 10 * j + i);
      }
      return Uint8Array.from(values);
    },
    planeKey: async () => "key",
    close: async () => undefined,
  };
  return { source, reads };
}

const box = (z0: number, z1: number): VoxelBox => ({ t: 0, c: 0, z: [z0, z1], y: [1, 2], x: [1, 3] });

test("windows into the same planes decode them once", async () => {
  const { source, reads } = counted();
  const volume = cachedVolume(source, createPlaneCache(1000));
  assert.deepEqual(await volume.read(box(0, 2)), Uint8Array.of(11, 12, 111, 112));
  assert.deepEqual(await volume.read(box(0, 3)), Uint8Array.of(11, 12, 111, 112, 211, 212));
  assert.deepEqual(reads, [0, 1, 2]);
});

test("the plane unused for longest goes first, and the budget holds", async () => {
  const { source, reads } = counted();
  const cache = createPlaneCache(24);
  const volume = cachedVolume(source, cache);
  const other = cachedVolume(counted().source, cache);
  await volume.read(box(0, 4));
  await volume.read(box(0, 1));
  await other.read(box(0, 1));
  assert.equal(cache.usedBytes(), 24);
  await volume.read(box(0, 1));
  await volume.read(box(1, 2));
  assert.deepEqual(reads, [0, 1, 2, 3, 1], "plane 0 was used last, plane 1 had to go");
});

test("a box through more planes than the budget holds is read as it is, and pushes nothing out", async () => {
  const { source, reads } = counted();
  const volume = cachedVolume(source, createPlaneCache(24));
  await volume.read(box(0, 3));
  assert.deepEqual(await volume.read(box(0, 5)), Uint8Array.of(11, 12, 111, 112, 211, 212, 311, 312, 411, 412));
  await volume.read(box(0, 3));
  assert.deepEqual(reads, [0, 1, 2, 0, 1, 2, 3, 4]);
});

test("a plane over a quarter of the budget is not kept; closing gives the memory back", async () => {
  const { source, reads } = counted();
  const small = createPlaneCache(20);
  const volume = cachedVolume(source, small);
  await volume.read(box(0, 1));
  await volume.read(box(0, 1));
  assert.deepEqual(reads, [0, 0]);
  assert.equal(small.usedBytes(), 0);

  const cache = createPlaneCache(1000);
  const first = cachedVolume(source, cache);
  const second = cachedVolume(source, cache);
  await first.read(box(0, 4));
  await second.read(box(0, 1));
  await first.close();
  assert.equal(cache.usedBytes(), 6);
});
