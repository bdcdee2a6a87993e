import assert from "node:assert/strict";
import test from "node:test";
import { Pace } from "./pace.ts";
import { forEachFlag, surfaceFlags, wordsOf } from "./surface-flags.ts";

test("a voxel with another object beside it is a surface of its own, one with ground beside it of both", async () => {
  // One plane: an axis of one voxel has no neighbours. The array's own faces are left out.
  const ids = Uint32Array.of(
    1, 1, 1, 1, 1, 1,
    1, 1, 1, 2, 0, 0,
    1, 1, 1, 2, 2, 0,
    1, 1, 1, 2, 2, 2,
    1, 1, 1, 2, 2, 2,
  );
  assert.deepEqual([...await surfaceFlags(ids, [1, 5, 6], new Pace(undefined))], [
    0, 0, 0, 0, 0, 0,
    0, 0, 2, 3, 0, 0,
    0, 0, 2, 2, 3, 0,
    0, 0, 2, 2, 0, 0,
    0, 0, 0, 0, 0, 0,
  ]);
});

test("flags of a part of a row are found, and none beside it", () => {
  const flags = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 1);
  const found: number[][] = [];
  forEachFlag(flags, wordsOf(flags), 1, 14, (at, flag) => void found.push([at, flag]));
  assert.deepEqual(found, [[9, 2], [11, 3]]);
});
