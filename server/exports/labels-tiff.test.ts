import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { writeLabelsTiff } from "./labels-tiff.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-labels-"));
after(() => rm(folder, { recursive: true, force: true }));
const name = join(folder, "labels.tif");
const shape = { t: 2, c: 3, z: 3, y: 1, x: 4 };
const spacing = { z: 0.2, y: 0.065, x: 0.065 };
const empty = new Uint32Array(4);

test("one channel, the source's calibration, empty planes and all frames", async () => {
  await writeLabelsTiff(name, { shape, spacing }, 65_535, (t, z) => t === 1 && z === 2 ? Uint32Array.of(0, 1, 65_535, 7) : empty);
  const volume = await openVolume(name);
  assert.deepEqual(volume.shape, { ...shape, c: 1 });
  assert.equal(volume.dtype, "uint16");
  assert.deepEqual(volume.spacing, spacing);
  assert.deepEqual(await volume.read({ t: 0, c: 0, z: [0, 3], y: [0, 1], x: [0, 4] }), new Uint16Array(12));
  assert.deepEqual(await volume.read({ t: 1, c: 0, z: [2, 3], y: [0, 1], x: [0, 4] }), Uint16Array.of(0, 1, 65_535, 7));
  await volume.close();
});

test("the display range is 0 to 255, or to the largest id, whatever the voxels hold", async () => {
  for (const [maxId, top] of [[0, 255], [3, 255], [700, 700]] as const) {
    await writeLabelsTiff(name, { shape, spacing }, maxId, () => empty);
    const volume = await openVolume(name);
    assert.deepEqual(volume.displayRange, [0, top]);
    await volume.close();
  }
});

test("ids above 65535 become float32, exact up to 2^24", async () => {
  await writeLabelsTiff(name, { shape: { ...shape, t: 1, z: 1 } }, 2 ** 24, () => Uint32Array.of(0, 65_536, 2 ** 24 - 1, 2 ** 24));
  const volume = await openVolume(name);
  assert.deepEqual(await volume.read({ t: 0, c: 0, z: [0, 1], y: [0, 1], x: [0, 4] }), Float32Array.of(0, 65_536, 16_777_215, 16_777_216));
  assert.equal(volume.spacing, undefined);
  await volume.close();
});

test("an id that does not fit is an error, never another object", async () => {
  const tooMany = (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "labels_too_many";
  await assert.rejects(writeLabelsTiff(name, { shape }, 2 ** 24 + 1, () => empty), tooMany);
  await assert.rejects(writeLabelsTiff(name, { shape }, 5, () => Uint32Array.of(0, 65_537, 0, 0)), tooMany);
});

test("the colour map is in the file: black for the background, bright for object 1", async () => {
  await writeLabelsTiff(name, { shape }, 5, () => empty);
  const bytes = await readFile(name);
  const entries = bytes.readUInt16BE(8);
  const tags = Array.from({ length: entries }, (_, i) => 10 + 12 * i);
  assert.deepEqual(tags.map((at) => bytes.readUInt16BE(at)), [...tags.map((at) => bytes.readUInt16BE(at))].sort((a, b) => a - b), "tags ascend");
  const map = tags.find((at) => bytes.readUInt16BE(at) === 320)!;
  assert.equal(bytes.readUInt32BE(map + 4), 768);
  const at = bytes.readUInt32BE(map + 8);
  const color = (entry: number): number[] => [0, 256, 512].map((plane) => bytes.readUInt16BE(at + 2 * (plane + entry)));
  assert.deepEqual(color(0), [0, 0, 0]);
  assert.ok(Math.max(...color(1)) === 65_535);
});
