import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import type { Box3 } from "../contract.ts";
import { voxelsIn, wholeBox } from "./box3.ts";
import { chunkBeside, chunkBox, chunkGrid, chunksTouching } from "./chunk-grid.ts";
import { openPassLog } from "./pass-log.ts";
import { openStore, planInMemory, planOnDisk } from "./voxel-store.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-stores-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("chunks cover a volume once, the last ones smaller", () => {
  const grid = chunkGrid([5, 7, 9], 4);
  assert.deepEqual([grid.counts, grid.chunks], [[2, 2, 3], 12]);
  assert.deepEqual(chunkBox(grid, 11), { start: [4, 4, 8], end: [5, 7, 9] });
  const voxels = Array.from({ length: grid.chunks }, (_, chunk) => voxelsIn(chunkBox(grid, chunk))).reduce((a, b) => a + b);
  assert.equal(voxels, 5 * 7 * 9);
  assert.equal(chunkBeside(grid, 0, [1, 1, 1]), 10);
  assert.equal(chunkBeside(grid, 0, [0, -1, 0]), undefined);
  assert.deepEqual(chunksTouching(grid, { start: [3, 0, 4], end: [5, 4, 8] }), [1, 7]);
});

test("memory and disk give back what was written, over any box; zeros where nothing was", () => {
  const size: Size3 = [9, 10, 13];
  const grid = chunkGrid(size, 4);
  const random = seededRandom(3);
  const stores = [openStore(planInMemory("a", "uint16", grid)), openStore(planOnDisk("a", "uint16", grid, join(folder, "a")))];
  const whole = Uint16Array.from({ length: voxelsIn(wholeBox(size)) }, () => random.whole(1, 65_535));
  for (const store of stores) {
    assert.ok(store.read(wholeBox(size)).every((value) => value === 0));
    // Slabs that are no chunks, as passes over planes write them.
    for (let z = 0; z < size[0]; z += 2) {
      const box: Box3 = { start: [z, 0, 0], end: [Math.min(9, z + 2), 10, 13] };
      store.write(box, whole.subarray(z * 130, Math.min(9, z + 2) * 130));
    }
    for (let nth = 0; nth < 40; nth++) {
      const start: Size3 = [random.whole(0, 8), random.whole(0, 9), random.whole(0, 12)];
      const end: Size3 = [random.whole(start[0] + 1, 9), random.whole(start[1] + 1, 10), random.whole(start[2] + 1, 13)];
      const expected: number[] = [];
      for (let z = start[0]; z < end[0]; z++) for (let y = start[1]; y < end[1]; y++) for (let x = start[2]; x < end[2]; x++) expected.push(whole[(z * 10 + y) * 13 + x]!);
      assert.deepEqual([...store.read({ start, end })], expected);
    }
    store.close();
  }
});

test("more than 2^31 voxels: places are exact, and a sparse file takes no room", () => {
  const size: Size3 = [4000, 1000, 1000];
  const file = join(folder, "huge");
  const store = openStore(planOnDisk("huge", "uint8", chunkGrid(size, 128), file));
  const far: Box3 = { start: [3990, 990, 896], end: [4000, 1000, 1000] };
  const values = Uint8Array.from({ length: voxelsIn(far) }, (_, at) => at % 251);
  store.write(far, values);
  assert.deepEqual(store.read(far), values);
  assert.equal(store.read({ start: [3989, 990, 896], end: [3990, 1000, 1000] }).some((value) => value !== 0), false);
  store.close();
  assert.ok(statSync(file).size > 2 ** 31 && statSync(file).blocks * 512 < 2 ** 26);
});

test("a pass is replayed as far as it was noted; a torn record is done again", () => {
  const log = openPassLog(folder);
  const heard = (of: ReturnType<typeof openPassLog>): [number, unknown][] => {
    const found: [number, unknown][] = [];
    of.replay<unknown>("pass", (nth, answer) => void found.push([nth, answer]));
    return found;
  };
  assert.deepEqual(heard(log), []);
  log.append("pass", 3, { labels: Uint32Array.from([1, 70_000]), low: -Infinity });
  log.append("pass", 0, 5);
  log.finish("pass");
  appendFileSync(join(folder, "pass.answers"), Buffer.from([200, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3]));
  const again = openPassLog(folder);
  const expected = [[3, { labels: Uint32Array.from([1, 70_000]), low: -Infinity }], [0, 5]];
  assert.deepEqual(heard(again), expected);
  again.append("pass", 1, "last");
  again.finish("pass");
  assert.deepEqual(heard(openPassLog(folder)), [...expected, [1, "last"]]);
});
