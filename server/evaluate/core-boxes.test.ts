import assert from "node:assert/strict";
import test from "node:test";
import type { Triple } from "#server/volumes/label-reader.ts";
import { arrayReader } from "../../test/label-scenes.ts";
import { coreGrid, readHaloed } from "./core-boxes.ts";

const volume = ([z, y, x]: Triple): number => z * y * x;

test("boxes cover a volume once, as whole planes where they fit, and keep to their room", () => {
  for (const [size, most] of [[[2160, 2500, 2500], 2 ** 24], [[512, 512, 512], 2 ** 24], [[40, 30, 20], 5000], [[1, 4000, 4000], 2 ** 20]] as const) {
    const { boxes, core, counts, halo } = coreGrid(size, [7, 7, 7], most);
    assert.equal(boxes.reduce((sum, { start, end }) => sum + volume([end[0] - start[0], end[1] - start[1], end[2] - start[2]]), 0), volume(size));
    assert.equal(boxes.length, volume(counts));
    assert.deepEqual(boxes.map(({ nth }) => nth), boxes.map((_, nth) => nth));
    const held = volume([core[0] + 2 * halo[0], core[1] + 2 * halo[1], core[2] + 2 * halo[2]]);
    assert.ok(held <= Math.max(most, 30 ** 3), `${held} voxels of ${size}`);
  }
  assert.deepEqual(coreGrid([512, 512, 512], [7, 7, 7], 2 ** 25).counts, [5, 1, 1]);
  assert.deepEqual(coreGrid([512, 512, 512], [7, 7, 7], 2 ** 24).counts, [8, 2, 1]);
});

test("a halo beyond the volume is ground", async () => {
  const reader = arrayReader(Uint32Array.from({ length: 8 }, (_, at) => at + 1), [2, 2, 2]);
  const { ids, size } = await readHaloed(reader, { nth: 0, start: [0, 0, 0], end: [1, 2, 2] }, [1, 0, 1]);
  assert.deepEqual([size, [...ids]], [[3, 2, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0, 7, 8, 0]]);
});
