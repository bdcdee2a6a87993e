import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fromFile } from "geotiff";
import { decode } from "tiff";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { cachedVolume, createPlaneCache } from "#server/volumes/cached-volume.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { createPlaneStore } from "#server/volumes/plane-store.ts";
import { openPushedVolume } from "#server/volumes/pushed-volume.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { firstStack, fixtureValue, testVolumeSource, voxels, wholeHyperstack, type ExpectedVolume } from "./volume-source.ts";

const fixtures = new URL("../../fixtures/tiff/", import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), "masklet-volumes-"));
after(() => rm(folder, { recursive: true, force: true }));

const names = (await readdir(fixtures)).filter((name) => name.endsWith(".tif"));
const eight = (t: number, c: number, z: number, y: number, x: number): number => fixtureValue(t, c, z, y, x) % 251;

for (const name of names.filter((file) => file.startsWith("u16-"))) testVolumeSource(name, firstStack, () => openVolume(join(fixtures, name)));
for (const name of names.filter((file) => file.startsWith("f32-") || file === "f64.tif")) {
  testVolumeSource(name, { ...firstStack, dtype: "float32", value: (...at) => fixtureValue(...at) / 8 - 1000.5 }, () => openVolume(join(fixtures, name)));
}
const kinds: Readonly<Record<string, ExpectedVolume>> = {
  "i16.tif": { ...firstStack, dtype: "float32", value: (...at) => fixtureValue(...at) - 20_000 },
  "i8.tif": { ...firstStack, dtype: "float32", value: (...at) => eight(...at) - 128 },
  "u32-deflate-predictor.tif": { ...firstStack, dtype: "float32", value: (...at) => fixtureValue(...at) * 200 },
  "imagej-hyperstack.tif": wholeHyperstack,
  "imagej-hyperstack-deflate.tif": wholeHyperstack,
  "ij-hyperstack-be.tif": wholeHyperstack,
  "ij-hyperstack-le.tif": wholeHyperstack,
  "ij-float-be.tif": { ...firstStack, dtype: "float32", value: (...at) => fixtureValue(...at) / 8 - 1000.5 },
  "ij-palette.tif": { ...firstStack, dtype: "uint8", value: eight },
  "ij-signed16.tif": firstStack,
  "ome-czt.tif": wholeHyperstack,
  "ome-zct-lzw.tif": wholeHyperstack,
};
for (const [name, expected] of Object.entries(kinds)) testVolumeSource(name, expected, () => openVolume(join(fixtures, name)));
const colour: ExpectedVolume = {
  shape: { t: 1, c: 3, z: 3, y: 20, x: 36 }, dtype: "uint8", rgb: true,
  value: (_, c, z, y, x) => eight(c === 2 ? 1 : 0, c === 1 ? 1 : 0, z, y, x),
};
for (const name of ["rgb-lzw.tif", "rgb-planar.tif", "ij-rgb.tif"]) testVolumeSource(name, colour, () => openVolume(join(fixtures, name)));

test("calibration and display range of ImageJ's own files", async () => {
  const expected = {
    "ij-hyperstack-be.tif": [{ z: 2.5, y: 0.5, x: 0.25 }, [2000, 4228]],
    "ij-hyperstack-le.tif": [{ z: 2.5, y: 0.5, x: 0.25 }, [2000, 4228]],
    // ImageJ leaves a slice distance of 1 out.
    "ij-float-be.tif": [{ z: 1, y: 0.5, x: 0.25 }, [-500, 900.5]],
    "ij-rgb.tif": [{ z: 2.5, y: 0.5, x: 0.25 }, undefined],
  } as const;
  for (const [name, [spacing, range]] of Object.entries(expected)) {
    const volume = await openVolume(join(fixtures, name));
    assert.deepEqual([volume.spacing, volume.displayRange], [spacing, range], name);
    await volume.close();
  }
});

test("every fixture is in a suite", () => {
  const refused = ["u8-bits1.tif"];
  const covered = names.filter((name) => /^(u16-|f32-)/.test(name) || name === "f64.tif" || name.includes("rgb") || name in kinds || refused.includes(name));
  assert.deepEqual(covered, names);
});

const written = join(folder, "written.tif");
await writeImagejTiff(written, { shape: wholeHyperstack.shape, dtype: "uint16", spacing: { z: 0.2, y: 0.065, x: 0.065 } }, planesInOrder(wholeHyperstack));
testVolumeSource("ImageJ stack of our own writer", wholeHyperstack, () => openVolume(written));
testVolumeSource("cached, all planes fit", wholeHyperstack, async () => cachedVolume(await openVolume(written), createPlaneCache(1 << 20)));
testVolumeSource("cached, four planes fit", wholeHyperstack, async () => cachedVolume(await openVolume(written), createPlaneCache(4 * 36 * 20 * 2)));
testVolumeSource("cached, no plane fits", wholeHyperstack, async () => cachedVolume(await openVolume(written), createPlaneCache(100)));

const store = createPlaneStore(join(folder, "planes"));
for (const dtype of ["uint8", "uint16", "float32"] as const) {
  const expected: ExpectedVolume = { ...wholeHyperstack, dtype, value: dtype === "uint8" ? eight : fixtureValue };
  testVolumeSource(`pushed on demand, ${dtype}`, expected, async () => {
    const volume = await openPushedVolume({ declaration: { name: "live", shape: expected.shape, dtype }, planes: store, indexFile: join(folder, `${dtype}.planes`) });
    volume.setSupplier(async (planes) => {
      for (const plane of planes) {
        const pixels = voxels(expected, plane.t, plane.c, [plane.z, plane.z + 1], [0, 20], [0, 36]);
        await volume.put(plane, new Uint8Array(pixels.buffer), { onlyIfNeeded: true });
      }
    });
    return volume;
  });
}

// Two other readers agree with ours on each file they can read.
test("geotiff reads the same values", async () => {
  // Its predictor works in the machine's byte order, not the file's.
  const wrongThere = ["u16-deflate-predictor-be.tif"];
  for (const name of names.filter((file) => file.startsWith("u16-") && !wrongThere.includes(file))) {
    const volume = await openVolume(join(fixtures, name));
    const other = await fromFile(join(fixtures, name));
    for (let z = 0; z < 3; z++) {
      const [theirs] = await (await other.getImage(z)).readRasters({ interleave: false });
      assert.deepEqual(await volume.read({ t: 0, c: 0, z: [z, z + 1], y: [0, 20], x: [0, 36] }), theirs, name);
    }
    other.close();
    await volume.close();
  }
});

test("the tiff package reads the same values", async () => {
  // It knows no PackBits, zstd, BigTIFF and predictor 3, and mistakes predictors in tiles and in big-endian files.
  const readable = names.filter((name) => /^(u16|f32|imagej)-/.test(name) && !/packbits|zstd|bigtiff|predictor3|predictor-be|tiled-deflate-predictor/.test(name));
  assert.ok(readable.length >= 8, readable.join());
  for (const name of [...readable.map((file) => join(fixtures, file)), written]) {
    const volume = await openVolume(name);
    const pages = decode(await readFile(name));
    const { t, c, z } = volume.shape;
    assert.equal(pages.length, t * c * z, name);
    for (let page = 0; page < pages.length; page++) {
      // ImageJ's order: channels fastest, then slices, then frames.
      const at = { t: Math.floor(page / (c * z)), c: page % c, z: Math.floor(page / c) % z };
      const ours = await volume.read({ t: at.t, c: at.c, z: [at.z, at.z + 1], y: [0, 20], x: [0, 36] });
      assert.deepEqual([...ours], [...pages[page]!.data], `${name} page ${page}`);
    }
    await volume.close();
  }
});

function* planesInOrder(expected: ExpectedVolume): Generator<Pixels> {
  for (let t = 0; t < expected.shape.t; t++) {
    for (let z = 0; z < expected.shape.z; z++) {
      for (let c = 0; c < expected.shape.c; c++) yield voxels(expected, t, c, [z, z + 1], [0, expected.shape.y], [0, expected.shape.x]);
    }
  }
}
