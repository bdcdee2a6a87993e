// OME-Zarr 0.4 and 0.5 and plain arrays as Python's zarr writes them, held to the suite of all volumes and to zarrita's own reading.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as zarrita from "zarrita";
import { createPlaneCache } from "#server/volumes/cached-volume.ts";
import { openOmeZarr, openZarrLabels } from "#server/volumes/ome-zarr.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { firstStack, fixtureValue, testVolumeSource, wholeHyperstack, type ExpectedVolume } from "./volume-source.ts";
import { unpackZarrFixtures } from "./zarr-fixtures.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-zarr-"));
after(() => rm(folder, { recursive: true, force: true }));
const names = unpackZarrFixtures(folder);
const at = (...path: string[]): string => join(folder, ...path);

const hole = (z: number, y: number, x: number): boolean => (z < 2 && y < 16 && x < 16) || (z === 2 && y >= 16 && x >= 32);
const holes: ExpectedVolume = { ...firstStack, value: (t, c, z, y, x) => hole(z, y, x) ? 7 : fixtureValue(t, c, z, y, x) };
const float = (value: (stored: number) => number): ExpectedVolume => ({ ...firstStack, dtype: "float32", value: (...where) => value(fixtureValue(...where)) });
const others: Readonly<Record<string, ExpectedVolume>> = {
  "v2-5d.zarr": wholeHyperstack,
  "v3-5d.zarr": wholeHyperstack,
  "v3-4d-channels-last.zarr": { ...wholeHyperstack, shape: { ...wholeHyperstack.shape, t: 1 } },
  "v3-holes.zarr": holes,
  "v3-sharded-holes.zarr": holes,
  "kind-u8.zarr": { ...firstStack, dtype: "uint8", value: (...where) => fixtureValue(...where) % 251 },
  "kind-i8.zarr": float((stored) => stored % 251 - 128),
  "kind-i16.zarr": float((stored) => stored - 20_000),
  "kind-i32.zarr": float((stored) => stored - 20_000),
  "kind-u32.zarr": float((stored) => stored * 200),
  "kind-i64.zarr": float((stored) => stored),
  "kind-u64.zarr": float((stored) => stored),
  "kind-f32.zarr": float((stored) => stored / 8 - 1000.5),
  "kind-f64.zarr": float((stored) => stored / 8 - 1000.5),
  "kind-bool.zarr": float((stored) => stored % 3 === 0 ? 1 : 0),
};
// A single slice: the suite's boxes want three.
const apart = ["v3-2d.zarr"];
for (const name of names.filter((one) => !apart.includes(one))) testVolumeSource(name, others[name] ?? firstStack, () => openVolume(at(name)));
testVolumeSource("no chunk fits into the cache", firstStack, () => openOmeZarr(at("v3-zstd.zarr"), { cache: createPlaneCache(10) }));
testVolumeSource("two chunks fit into the cache", wholeHyperstack, () => openOmeZarr(at("v2-5d.zarr"), { cache: createPlaneCache(2 * 2 * 16 * 16 * 2) }));

async function withVolume(name: string, check: (volume: VolumeSource) => Promise<void> | void): Promise<void> {
  const volume = await openVolume(at(name));
  try {
    await check(volume);
  } finally {
    await volume.close();
  }
}

const whole = { t: 0, c: 0, z: [0, 3], y: [0, 20], x: [0, 36] } as const;

test("zarrita's own reading of every array agrees", async () => {
  const axesOf: Readonly<Record<string, string>> = { "v2-5d.zarr": "tczyx", "v3-5d.zarr": "tczyx", "v3-4d-channels-last.zarr": "zyxc", "plain-v3.zarr": "xyz", "v3-2d.zarr": "yx" };
  for (const name of names) {
    const root = zarrita.root(new FileStore(at(name)));
    const array = await zarrita.open(name.startsWith("plain") ? root : root.resolve("0"), { kind: "array" });
    const { data, stride } = await zarrita.get(array);
    const axes = axesOf[name] ?? "zyx";
    await withVolume(name, async (volume) => {
      const { shape } = volume;
      for (let t = 0; t < shape.t; t++) for (let c = 0; c < shape.c; c++) {
        const ours = await volume.read({ t, c, z: [0, shape.z], y: [0, shape.y], x: [0, shape.x] });
        for (let z = 0, nth = 0; z < shape.z; z++) for (let y = 0; y < shape.y; y++) for (let x = 0; x < shape.x; x++, nth++) {
          const place = { t, c, z, y, x };
          const from = [..."tczyx"].reduce((sum, _, axis) => sum + (axes[axis] === undefined ? 0 : Object.entries(place).find(([key]) => key === axes[axis])![1] * stride[axis]!), 0);
          if (ours[nth] !== Number("get" in data ? data.get(from) : data[from])) assert.fail(`${name} at ${JSON.stringify(place)}`);
        }
      }
    });
  }
});

/** As zarrita's own store, whose types ask for a browser. */
class FileStore {
  readonly root: string;
  constructor(root: string) {
    this.root = root;
  }
  async get(key: `/${string}`): Promise<Uint8Array | undefined> {
    return readFile(join(this.root, key)).catch(() => undefined);
  }
  async getRange(key: `/${string}`, range: { offset: number; length: number } | { suffixLength: number }): Promise<Uint8Array | undefined> {
    const bytes = await this.get(key);
    return "suffixLength" in range ? bytes?.subarray(bytes.length - range.suffixLength) : bytes?.subarray(range.offset, range.offset + range.length);
  }
}

test("calibration: units, both scales, and none without a unit", async () => {
  await withVolume("v2-zstd.zarr", ({ spacing, displayRange }) => assert.deepEqual([spacing, displayRange], [{ z: 2.5, y: 0.5, x: 0.25 }, undefined]));
  await withVolume("v3-zstd.zarr", ({ spacing }) => assert.deepEqual(spacing, { z: 2.5, y: 0.5, x: 0.25 }));
  // 0.5 mm, 0.25 nm and 0.125 angstrom, each twice.
  await withVolume("v2-5d.zarr", ({ spacing, displayRange }) => assert.deepEqual([spacing, displayRange], [{ z: 1000, y: 0.0005, x: 0.000025 }, [2000, 4228]]));
  await withVolume("v3-4d-channels-last.zarr", ({ spacing }) => assert.deepEqual(spacing, { z: 2.5, y: 0.5, x: 0.25 }));
  await withVolume("v3-2d.zarr", async (volume) => {
    assert.deepEqual([volume.shape, volume.spacing, volume.name], [{ t: 1, c: 1, z: 1, y: 20, x: 36 }, { z: 0.25, y: 0.5, x: 0.25 }, "v3-2d.zarr"]);
    assert.deepEqual([...await volume.read({ ...whole, z: [0, 1] })], Array.from({ length: 720 }, (_, nth) => fixtureValue(0, 0, 0, Math.floor(nth / 36), nth % 36)));
  });
  for (const name of ["v3-no-unit.zarr", "plain-v2.zarr", "plain-v3.zarr"]) await withVolume(name, ({ spacing }) => assert.equal(spacing, undefined, name));
});

test("absent chunks are the fill value and are counted, each once", async () => {
  for (const name of ["v3-holes.zarr", "v3-sharded-holes.zarr"]) {
    await withVolume(name, async (volume) => {
      assert.deepEqual([volume.missingChunks?.(), volume.chunk], [0, { z: 2, y: 16, x: 16 }]);
      await volume.read({ ...whole, z: [0, 1], y: [0, 1], x: [0, 1] });
      assert.equal(volume.missingChunks?.(), 1, name);
      await volume.read(whole);
      await volume.read(whole);
      assert.equal(volume.missingChunks?.(), 2, name);
    });
  }
  await withVolume("v3-zstd.zarr", async (volume) => {
    await volume.read(whole);
    assert.equal(volume.missingChunks?.(), 0);
  });
});

test("label ids above 2^24 are exact, in a folder within the image's", async () => {
  const labels = await openZarrLabels(at("with-labels.zarr", "labels", "cells"));
  assert.deepEqual([labels.name, labels.shape, labels.spacing], ["cells", firstStack.shape, { z: 2.5, y: 0.5, x: 0.25 }]);
  const read = await labels.read({ ...whole, z: [2, 3], y: [19, 20], x: [34, 36] });
  assert.deepEqual(read, Uint32Array.from([34, 35], (x) => 2 ** 31 + Math.floor(fixtureValue(0, 0, 2, 19, x) / 100)));
  labels.close();
  for (const [kind, first] of [["u8", 2000 % 251], ["u32", 400_000], ["u64", 2000], ["i64", 2000], ["bool", 0]] as const) {
    assert.equal((await (await openZarrLabels(at(`kind-${kind}.zarr`))).read({ ...whole, y: [0, 1], x: [0, 1] }))[0], first, kind);
  }
  await assert.rejects(openZarrLabels(at("kind-f32.zarr")), { code: "zarr_unsupported", message: /whole numbers/ });
  await assert.rejects((await openZarrLabels(at("kind-i16.zarr"))).read(whole), { code: "zarr_invalid", message: /label -\d+/ });
});

test("plane keys change with the pixels' files, and with those of other planes not", async () => {
  const keys = async (): Promise<string[]> => {
    const volume = await openVolume(at("v3-dots.zarr"));
    const found = await Promise.all([0, 2].map((z) => volume.planeKey({ t: 0, c: 0, z })));
    await volume.close();
    return found;
  };
  const before = await keys();
  const chunk = at("v3-dots.zarr", "0", "c.1.0.0");
  const { mtime } = await stat(chunk);
  await utimes(chunk, mtime, new Date(mtime.getTime() + 1000));
  const then = await keys();
  assert.equal(then[0], before[0]);
  assert.notEqual(then[1], before[1]);
  const meta = at("v3-dots.zarr", "zarr.json");
  await utimes(meta, mtime, new Date(mtime.getTime() + 2000));
  assert.notEqual((await keys())[0], then[0]);
});

test("a folder without Zarr is a folder, and a group without an image names what is in it", async () => {
  await assert.rejects(openVolume(folder), { code: "file_unreadable", message: /folder/ });
  await writeFile(at("zarr.json"), JSON.stringify({ zarr_format: 3, node_type: "group", attributes: { "bioformats2raw.layout": 3 } }));
  await assert.rejects(openVolume(folder), { code: "zarr_invalid", message: /without an image; open one of the folders in it: kind-bool\.zarr, / });
});
