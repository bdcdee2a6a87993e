import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import type { Size3 } from "../kernels/size3.ts";
import { copyOverlap, cropped, grown, voxelsIn, wholeBox } from "./box3.ts";
import { chunkBeside, chunkBox, chunkGrid, chunkPlace, chunksTouching } from "./chunk-grid.ts";

test("a grid by hand: the last chunks are smaller, numbers go in raster order", () => {
  const grid = chunkGrid([5, 3, 7], 3);
  assert.deepEqual([grid.counts, grid.chunks], [[2, 1, 3], 6]);
  assert.deepEqual(chunkBox(grid, 0), { start: [0, 0, 0], end: [3, 3, 3] });
  assert.deepEqual(chunkBox(grid, 5), { start: [3, 0, 6], end: [5, 3, 7] });
  assert.deepEqual([chunkPlace(grid, 4), chunkBeside(grid, 4, [-1, 0, 1]), chunkBeside(grid, 4, [1, 0, 0]), chunkBeside(grid, 4, [0, -1, 0]), chunkBeside(grid, 5, [0, 0, 1])], [[1, 0, 1], 2, undefined, undefined, undefined]);
  assert.deepEqual(chunksTouching(grid, { start: [2, 1, 3], end: [4, 2, 7] }), [1, 2, 4, 5]);
  assert.deepEqual(chunksTouching(grid, { start: [3, 0, 0], end: [5, 3, 3] }), [3]);
});

test("chunks cover every voxel once; a box touches the chunks it shares a voxel with; being beside goes both ways", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const size: Size3 = [random.whole(1, 9), random.whole(1, 8), random.whole(1, 10)];
    const grid = chunkGrid(size, random.whole(1, 11));
    const owner = new Uint16Array(size[0] * size[1] * size[2]);
    for (let chunk = 0; chunk < grid.chunks; chunk++) {
      const box = chunkBox(grid, chunk);
      copyOverlap(new Uint16Array(voxelsIn(box)).fill(chunk + 1), box, owner, wholeBox(size));
      for (const away of [[1, 0, 0], [0, -1, 1], [-1, -1, -1]] as const) {
        const beside = chunkBeside(grid, chunk, away);
        if (beside !== undefined) assert.equal(chunkBeside(grid, beside, [-away[0], -away[1], -away[2]]), chunk);
      }
    }
    assert.ok(owner.every((chunk) => chunk > 0));
    const low = size.map((side) => random.whole(0, side - 1));
    const high = size.map((side, axis) => random.whole(low[axis]! + 1, side));
    const box = { start: [low[0]!, low[1]!, low[2]!], end: [high[0]!, high[1]!, high[2]!] } as const;
    assert.deepEqual(chunksTouching(grid, box), [...new Set(cropped(owner, wholeBox(size), box))].map((chunk) => chunk - 1).sort((a, b) => a - b), `seed ${seed}`);
  }
});

test("a wider box ends where the volume does", () => {
  assert.deepEqual(grown({ start: [1, 4, 2], end: [3, 5, 6] }, [2, 1, 3], [9, 5, 20]), { start: [0, 3, 0], end: [5, 5, 9] });
});
