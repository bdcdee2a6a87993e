import assert from "node:assert/strict";
import test from "node:test";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import type { VoxelBox } from "#server/volumes/source.ts";
import { withBricks } from "./bricks.ts";

const shape = { t: 2, c: 1, z: 20, y: 150, x: 100 };
const make = () => memoryVolume(shape, (t, _c, z, y, x) => t * 1e6 + z * 1e4 + y * 100 + x);
const boxes: VoxelBox[] = [
  { t: 0, c: 0, z: [3, 19], y: [60, 67], x: [10, 90] },
  { t: 1, c: 0, z: [3, 19], y: [60, 67], x: [10, 90] },
  { t: 0, c: 0, z: [0, 20], y: [149, 150], x: [63, 65] },
  { t: 0, c: 0, z: [15, 17], y: [0, 150], x: [99, 100] },
];

test("bricks give the voxels that the volume gives", async () => {
  const volume = make();
  const bricked = withBricks(volume, "y");
  for (const box of [...boxes, ...boxes]) assert.deepEqual(await bricked.read(box), await volume.read(box));
});

test("walking along y reads each brick once, and rows of bricks in one piece", async () => {
  const volume = make();
  const bricked = withBricks(volume, "y");
  for (let y = 3; y < 120; y++) await bricked.read({ t: 0, c: 0, z: [2, 14], y: [y - 3, y + 4], x: [10, 90] });
  assert.deepEqual(volume.reads, ["0 0 0-16 0-64 0-100", "0 0 0-16 64-128 0-100"]);
});

test("the budget holds: bricks unused for longest go, and a plane too large for it is read as it is", async () => {
  const volume = make();
  // Float32: room for four bricks, so a read may take two.
  const bricked = withBricks(volume, "x", 4 * 16 * 64 * 64 * 4);
  const one = (y: number, x: number): VoxelBox => ({ t: 0, c: 0, z: [0, 2], y: [y, y + 2], x: [x, x + 2] });
  for (const box of [one(0, 0), one(64, 0), one(128, 0), one(0, 64), one(0, 0), one(64, 64), one(0, 0), one(64, 0)]) await bricked.read(box);
  assert.equal(volume.reads.length, 6, "the brick at 64, 0 was the only one that had to come again");
  await bricked.read({ t: 0, c: 0, z: [0, 2], y: [0, 150], x: [3, 4] });
  assert.equal(volume.reads.at(-1), "0 0 0-2 0-150 3-4");
});

test("along z the volume is read as it is", () => {
  const volume = make();
  assert.equal(withBricks(volume, "z"), volume);
});
