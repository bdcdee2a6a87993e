import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import type { SeededRandom } from "../../../fixtures/make/seeded-random.ts";
import { withScratch } from "../../../test/classical-scenes.ts";
import type { Box3 } from "../contract.ts";
import type { Size3 } from "../kernels/size3.ts";
import { copyOverlap, cropped, voxelsIn, wholeBox } from "./box3.ts";
import { chunkBox, chunkGrid } from "./chunk-grid.ts";
import { newVoxels } from "./store-medium.ts";
import { openStore, planInMemory, planOnDisk } from "./voxel-store.ts";

function randomBox(random: SeededRandom, size: Size3): Box3 {
  const start = size.map((side) => random.whole(0, side - 1));
  const end = size.map((side, axis) => random.whole(start[axis]! + 1, side));
  return { start: [start[0]!, start[1]!, start[2]!], end: [end[0]!, end[1]!, end[2]!] };
}

for (const place of ["memory", "disk"] as const) {
  test(`in ${place}: what was written in whole rows of chunks is read over any box, the rest is zeros, also by who opens it later`, async () => {
    await withScratch(async (scratch) => {
      for (let seed = 1; seed <= 160; seed++) {
        const random = seededRandom(seed);
        const size: Size3 = [random.whole(1, 7), random.whole(1, 9), random.whole(1, 12)];
        const side = random.whole(1, 13);
        const grid = chunkGrid(size, side);
        const dtype = (["uint8", "uint16", "uint32", "float32"] as const)[seed % 4]!;
        const plan = place === "memory" ? planInMemory("one", dtype, grid) : planOnDisk("one", dtype, grid, join(scratch, `${seed}.voxels`));
        const store = openStore(plan);
        // Chunks of few values are packed, others are not, and writes go over both.
        const present = random.between(0, 1) ** 2;
        const wanted = newVoxels(dtype, voxelsIn(wholeBox(size)));
        for (let writes = 0; writes < 6; writes++) {
          const box = random.whole(0, 2) === 0 ? wholeBox(size) : randomBox(random, size);
          const x0 = Math.floor(box.start[2] / side) * side;
          const rows: Box3 = { start: [box.start[0], box.start[1], x0], end: [box.end[0], box.end[1], Math.min(size[2], Math.ceil(box.end[2] / side) * side)] };
          const values = newVoxels(dtype, voxelsIn(rows)).map(() => (random.between(0, 1) < present ? random.whole(1, 250) : 0));
          store.write(rows, values);
          copyOverlap(values, rows, wanted, wholeBox(size));
        }
        const late = openStore(plan);
        for (let reads = 0; reads < 8; reads++) {
          const box = randomBox(random, size);
          assert.deepEqual(store.read(box), cropped(wanted, wholeBox(size), box), `seed ${seed}`);
          assert.deepEqual(late.read(box), store.read(box));
        }
        const own = store.read(wholeBox(size));
        own.fill(7);
        assert.deepEqual(store.read(wholeBox(size)), wanted, "what was read is the reader's own");
        store.close();
        late.close();
      }
    });
  });
}

test("a file of four thousand million voxels: a far chunk is written and read where it belongs, and takes no more than itself", async () => {
  await withScratch(async (scratch) => {
    const grid = chunkGrid([4000, 1000, 1000], 128);
    const file = join(scratch, "far.voxels");
    const store = openStore(planOnDisk("far", "uint8", grid, file));
    const far = chunkBox(grid, grid.chunks - 1);
    assert.deepEqual(far, { start: [3968, 896, 896], end: [4000, 1000, 1000] });
    const values = Uint8Array.from({ length: voxelsIn(far) }, (_, at) => 1 + (at % 250));
    store.write(far, values);
    assert.deepEqual(store.read(far), values);
    const over: Box3 = { start: [3966, 894, 895], end: [3970, 898, 899] };
    assert.deepEqual(store.read(over), (() => {
      const wanted = new Uint8Array(4 * 4 * 4);
      copyOverlap(values, far, wanted, over);
      return wanted;
    })());
    assert.deepEqual(store.read({ start: [0, 0, 0], end: [1, 1, 3] }), new Uint8Array(3));
    const { size, blocks } = statSync(file);
    assert.ok(size > 4e9 && blocks * 512 < 2 ** 22, `${size} bytes, of which ${blocks * 512} are on the disk`);
    store.close();
  });
});

test("a chunk that is mostly zeros takes a fraction of the disk, and gives back every bit", async () => {
  await withScratch(async (scratch) => {
    const grid = chunkGrid([64, 64, 64], 64);
    const file = join(scratch, "few.voxels");
    const store = openStore(planOnDisk("few", "float32", grid, file));
    const values = new Float32Array(64 ** 3);
    for (let at = 0; at < values.length; at += 40) values[at] = at % 80 === 0 ? -0 : NaN;
    values[17] = 1e-45;
    store.write(wholeBox([64, 64, 64]), values);
    const found = store.read(wholeBox([64, 64, 64]));
    assert.ok(found.every((value, at) => Object.is(value, values[at])));
    assert.ok(statSync(file).size < values.byteLength / 4);
    store.close();
  });
});
