import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { zstdDecompressSync } from "node:zlib";
import * as zarrita from "zarrita";
import { openZarrLabels } from "#server/volumes/ome-zarr.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { ZarrBox } from "#server/volumes/zarr-writer.ts";
import { objectColor } from "./object-colors.ts";
import { writeLabelsZarr } from "./labels-zarr.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-labels-zarr-"));
after(() => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

/** Boxes with gaps between them, ids above 2^24: the formula of fixtures/make/zarr-labels-check.py. */
function label(z: number, y: number, x: number): number {
  if (z % 9 >= 7 || y % 37 >= 30 || x % 41 >= 33) return 0;
  return (Math.floor(z / 9) * 10_000 + Math.floor(y / 37) * 100 + Math.floor(x / 41)) * 1733 + 1;
}

async function labelsOf({ z, y, x }: ZarrBox, value = label): Promise<Uint32Array> {
  const out = new Uint32Array((z[1] - z[0]) * (y[1] - y[0]) * (x[1] - x[0]));
  let to = 0;
  for (let k = z[0]; k < z[1]; k++) for (let j = y[0]; j < y[1]; j++) for (let i = x[0]; i < x[1]; i++) out[to++] = value(k, j, i);
  return out;
}

const size = [70, 530, 600] as const;
const spacing = { z: 0.3, y: 0.1, x: 0.1 };
const target = { size, spacing, name: "cells" };

/** zarrita's own store, less what the tests do not need. */
function storeOf(root: string): { get(key: `/${string}`): Promise<Uint8Array | undefined> } {
  return { get: (key) => readFile(join(root, key)).catch(() => undefined) };
}

test("metadata and every level are what Python's zarr found in them", async () => {
  const boxes: string[] = [];
  const progress: number[] = [];
  const written = await writeLabelsZarr(at("labels.zarr"), target, async (box) => {
    boxes.push(`${box.z.join("-")} ${box.y.join("-")} ${box.x.join("-")}`);
    return labelsOf(box);
  }, { onProgress: ({ done, total, unit }) => progress.push(done / total, unit === "bytes" ? 0 : 1) });
  assert.deepEqual(boxes, ["0-64 0-512 0-512", "0-64 0-512 512-600", "0-64 512-530 0-512", "0-64 512-530 512-600", "64-70 0-512 0-512", "64-70 0-512 512-600", "64-70 512-530 0-512", "64-70 512-530 512-600"]);
  assert.deepEqual([progress.at(-2), progress.at(-1)], [1, 0]);

  const found = JSON.parse(readFileSync(new URL("../../fixtures/zarr/labels.json", import.meta.url), "utf8"));
  assert.deepEqual(written, { maxId: found.levels[0].max, levels: found.levels.length });
  const { attributes } = JSON.parse(readFileSync(join(at("labels.zarr"), "zarr.json"), "utf8"));
  const { colors } = attributes.ome["image-label"];
  assert.deepEqual({ ...attributes.ome, "image-label": {} }, found.ome);
  assert.deepEqual([colors.length, colors[0], colors.at(-1)], found.colors);
  assert.deepEqual(colors[4], { "label-value": 5, rgba: [...objectColor(5), 255] });
  for (const level of found.levels) {
    // zarrita's own reading; of level 0 ours too.
    const array = await zarrita.open(zarrita.root(storeOf(join(at("labels.zarr"), level.path))), { kind: "array" });
    const { data } = await zarrita.get(array);
    assert.ok(data instanceof Uint32Array);
    assert.deepEqual([array.shape, array.chunks, createHash("sha256").update(new Uint8Array(data.buffer)).digest("hex")], [level.shape, level.chunks, level.sha256], level.path);
  }
  const ours = await openZarrLabels(at("labels.zarr"));
  assert.deepEqual([ours.spacing, ours.shape, ours.chunk], [spacing, { t: 1, c: 1, z: 70, y: 530, x: 600 }, { z: 64, y: 512, x: 512 }]);
  const box = { z: [60, 70], y: [500, 530], x: [500, 600] } as const;
  assert.deepEqual(await ours.read({ t: 0, c: 0, ...box }), await labelsOf(box));
  const volume = await openVolume(at("labels.zarr"));
  assert.deepEqual([volume.dtype, volume.spacing, volume.name], ["float32", spacing, "labels.zarr"]);
});

test("a chunk by hand: one zstd frame that states its size, little-endian, padded to a whole chunk by zeros", async () => {
  const packed = readFileSync(join(at("labels.zarr"), "0", "c", "1", "1", "1"));
  // RFC 8878: magic number; a descriptor that says: 4 bytes of content size, no checksum.
  assert.deepEqual([packed.readUInt32LE(0), packed[4]! >> 6, packed[4]! & 4], [0xfd2fb528, 2, 0]);
  const bytes = zstdDecompressSync(packed);
  assert.equal(bytes.length, 64 * 512 * 512 * 4);
  for (const [z, y, x] of [[0, 0, 0], [5, 17, 87], [5, 17, 88], [6, 0, 0], [3, 18, 3]] as const) {
    const inside = z < 6 && y < 18 && x < 88;
    assert.equal(bytes.readUInt32LE(4 * ((z * 512 + y) * 512 + x)), inside ? label(64 + z, 512 + y, 512 + x) : 0);
  }
});

test("a small uncalibrated image is one level without unit; nothing but zeros is no chunk and no colour", async () => {
  const small = { size: [3, 5, 7], name: "one" } as const;
  assert.deepEqual(await writeLabelsZarr(at("small.zarr"), small, (box) => labelsOf(box, (z, y, x) => z === 1 ? y * 7 + x : 0)), { maxId: 34, levels: 1 });
  assert.deepEqual(JSON.parse(readFileSync(join(at("small.zarr"), "zarr.json"), "utf8")).attributes.ome.multiscales[0].axes[0], { name: "z", type: "space" });
  const volume = await openVolume(at("small.zarr"));
  assert.deepEqual([volume.spacing, volume.chunk], [undefined, { z: 3, y: 5, x: 7 }]);
  assert.deepEqual([...await volume.read({ t: 0, c: 0, z: [1, 2], y: [1, 2], x: [0, 7] })], [7, 8, 9, 10, 11, 12, 13]);

  assert.deepEqual(await writeLabelsZarr(at("empty.zarr"), small, (box) => labelsOf(box, () => 0)), { maxId: 0, levels: 1 });
  assert.deepEqual(readdirSync(join(at("empty.zarr"), "0")), ["zarr.json"]);
  assert.deepEqual(JSON.parse(readFileSync(join(at("empty.zarr"), "zarr.json"), "utf8")).attributes.ome["image-label"], {});
  assert.deepEqual([...await (await openZarrLabels(at("empty.zarr"))).read({ t: 0, c: 0, z: [0, 1], y: [0, 1], x: [0, 3] })], [0, 0, 0]);
});

test("every second voxel at odd sizes, z as soon as it is the finest", async () => {
  for (const [z, expected] of [[undefined, [[5, 301, 270], [3, 151, 135]]], [0.15, [[5, 301, 270], [5, 151, 135]]]] as const) {
    await writeLabelsZarr(at("odd.zarr"), { size: [5, 301, 270], name: "odd", spacing: z === undefined ? undefined : { z, y: 0.1, x: 0.1 } }, (box) => labelsOf(box, (k, j, i) => k * 100_000 + j * 300 + i + 1));
    for (const [nth, [nz, ny, nx]] of expected.entries()) {
      const level = await openZarrLabels(join(at("odd.zarr"), String(nth)));
      assert.deepEqual(level.shape, { t: 1, c: 1, z: nz, y: ny, x: nx });
      const last = await level.read({ t: 0, c: 0, z: [nz - 1, nz], y: [ny - 1, ny], x: [nx - 1, nx] });
      const zStep = nth === 1 && z === undefined ? 2 : 1;
      assert.equal(last[0], (nz - 1) * zStep * 100_000 + (ny - 1) * (nth + 1) * 300 + (nx - 1) * (nth + 1) + 1);
    }
  }
});

const other = { size: [2, 3, 4], name: "other" } as const;
const ones = (box: ZarrBox): Promise<Uint32Array> => labelsOf(box, () => 1);
const listing = (): string[] => readdirSync(folder).sort();

test("a label image of ours is replaced, anything else of that name is not", async () => {
  await writeLabelsZarr(at("again.zarr"), target, (box) => labelsOf(box));
  const before = listing();
  await writeLabelsZarr(`${at("again.zarr")}/`, other, ones);
  assert.deepEqual(listing(), before);
  assert.deepEqual((await openZarrLabels(at("again.zarr"))).shape, { t: 1, c: 1, z: 2, y: 3, x: 4 });
  mkdirSync(at("folder.zarr"));
  writeFileSync(join(at("folder.zarr"), "zarr.json"), "{}");
  await writeFile(at("file.zarr"), "text");
  symlinkSync(at("again.zarr"), at("link.zarr"));
  for (const name of ["folder.zarr", "file.zarr", "link.zarr"]) {
    await assert.rejects(writeLabelsZarr(at(name), other, () => assert.fail("nothing is computed for it")), { code: "file_not_written", message: /no label image of Masklet's/ });
  }
  await assert.rejects(writeLabelsZarr(at("nowhere/l.zarr"), other, ones), { code: "file_not_written", message: /nowhere/ });
  assert.deepEqual(listing(), [...before, "file.zarr", "folder.zarr", "link.zarr"].sort());
});

test("a fault, a cancel, a full disk: nothing is left, what was there stays", async () => {
  await writeLabelsZarr(at("kept.zarr"), other, ones);
  const before = listing();
  const temporary = (): string => at(listing().find((name) => name.startsWith("kept.zarr.") && name.endsWith(".part"))!);
  await assert.rejects(writeLabelsZarr(at("kept.zarr"), target, async () => { throw new RangeError("mine"); }), RangeError);
  await assert.rejects(writeLabelsZarr(at("kept.zarr"), other, async () => new Uint32Array(3)), { code: "shape_invalid" });
  const stop = new AbortController();
  await assert.rejects(writeLabelsZarr(at("kept.zarr"), target, (box) => {
    stop.abort();
    return labelsOf(box);
  }, { signal: stop.signal }), { code: "cancelled" });
  // The first chunk's file, and the pyramid's, are the full device.
  for (const chunk of ["0", "1"]) {
    await assert.rejects(writeLabelsZarr(at("kept.zarr"), target, (box) => {
      const place = join(temporary(), chunk, "c", "0", "0");
      mkdirSync(place, { recursive: true });
      if (box.z[0] === 0 && box.y[0] === 0 && box.x[0] === 0) symlinkSync("/dev/full", join(place, "0"));
      return labelsOf(box);
    }), { code: "disk_full", details: { file: at("kept.zarr") } });
  }
  assert.deepEqual(listing(), before);
  assert.deepEqual([...await (await openZarrLabels(at("kept.zarr"))).read({ t: 0, c: 0, z: [0, 1], y: [0, 1], x: [0, 2] })], [1, 1]);
});
