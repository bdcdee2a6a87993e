import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { scanSource } from "./scan-source.ts";
import { seededRandom } from "./seeded-random.ts";

const shape = { t: 1, c: 1, z: 9, y: 13, x: 17 };
const value = (z: number, y: number, x: number): number => (z === 2 && y === 3 ? NaN : z * 100 + y * 10 + x);
const id = (z: number, y: number, x: number): number => ((z + y + x) % 4 === 0 ? 1 + (y % 3) : 0);
const labels = labelReader(memoryVolume(shape, (_t, _c, z, y, x) => id(z, y, x)));
const marks = { name: "labels", kind: "labels" as const };
const volume = memoryVolume(shape, (_t, _c, z, y, x) => value(z, y, x));
const source = (chunk?: VolumeSource["chunk"]) => ({ volume: { ...volume, chunk }, frame: 0, channel: 0, labels, file: undefined, marks });

test("means and filled parts of the cells that a box touches, whatever the box", async () => {
  // Cells of 1 x 2 x 2 voxels.
  const scan = await scanSource(source(), [1, 8, 8]);
  const random = seededRandom(3);
  for (let round = 0; round < 40; round++) {
    const start = [random.below(9), random.below(6), random.below(10)] as const;
    const [y0, x0, y1, x1] = [start[1] & ~1, start[2] & ~1, Math.min(13, (start[1] + 8 + 1) & ~1), Math.min(17, (start[2] + 8 + 1) & ~1)];
    let [sum, finite, full, all] = [0, 0, 0, 0];
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++, all++) {
        if (id(start[0], y, x) > 0) full++;
        if (Number.isNaN(value(start[0], y, x))) continue;
        sum += value(start[0], y, x);
        finite++;
      }
    }
    const seen = scan.look(start, [1, 8, 8]);
    assert.ok(Math.abs(seen.mean - sum / finite) < 1e-9 && Math.abs(seen.foreground - full / all) < 1e-12, `${start.join()}: ${JSON.stringify(seen)} ${sum / finite} ${full / all}`);
  }
});

test("the same hashes and means in any chunking; others for other voxels", async () => {
  const plain = await scanSource(source(), [4, 4, 4]);
  for (const chunk of [{ z: 4, y: 5, x: 6 }, { z: 1, y: 13, x: 17 }, { z: 64, y: 64, x: 64 }]) {
    const other = await scanSource(source(chunk), [4, 4, 4]);
    assert.deepEqual([other.sha256, other.labelsSha256, other.look([1, 2, 3], [4, 4, 4])], [plain.sha256, plain.labelsSha256, plain.look([1, 2, 3], [4, 4, 4])]);
  }
  const changed = memoryVolume(shape, (_t, _c, z, y, x) => value(z, y, x) + Number(z === 8 && y === 12 && x === 16));
  const other = await scanSource({ ...source(), volume: changed }, [4, 4, 4]);
  assert.notEqual(other.sha256, plain.sha256);
  assert.equal(other.labelsSha256, plain.labelsSha256);
});

test("it hears when it is stopped, and tells how far it is", async () => {
  const done: number[] = [];
  await scanSource(source({ z: 3, y: 13, x: 17 }), [1, 4, 4], { onProgress: (progress) => done.push(progress.done / progress.total) });
  assert.deepEqual(done.at(-1), 1);
  assert.deepEqual(done, [...done].sort((a, b) => a - b));
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(scanSource(source(), [1, 4, 4], { signal: stop.signal }), (fault: unknown) => fault instanceof MaskletError && fault.code === "cancelled");
});
