import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { unzipSync } from "fflate";
import { packMask } from "#protocol/mask.ts";
import type { Mask, Overlap } from "#protocol/types.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { readOptions } from "./options.ts";
import { fillDisk } from "../../test/end-to-end/full-disk.ts";
import { checkResultPaths, resultOptions, resultPaths, writeResults } from "./write-results.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-results-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const volume = { shape: { t: 1, c: 1, z: 2, y: 3, x: 4 }, spacing: undefined };

function mask(objectId: number, z: number, box: Mask["box"], score: number): Mask {
  const data = new Uint8Array((box[2] - box[0]) * (box[3] - box[1])).fill(1);
  return { objectId, axis: "z", index: z, t: 0, score, ...packMask({ box, data }) };
}
/** Two on plane 1 that share the pixel (2, 1). */
const masks = [mask(5, 1, [1, 0, 3, 2], 0.5), mask(9, 1, [2, 1, 4, 3], 0.75)];

test("the paths are those of the options", () => {
  assert.deepEqual(resultPaths(readOptions(["--rois", "a.zip", "--csv", "b.csv"], resultOptions)), { rois: "a.zip", geojson: undefined, csv: "b.csv" });
});

test("labels hold the ids on every plane, and overlap is settled as asked", async () => {
  const plane1 = async (overlap: Overlap): Promise<number[]> => {
    assert.deepEqual(await writeResults({ labels: at("labels.tif") }, volume, masks, overlap), [at("labels.tif")]);
    const labels = await openVolume(at("labels.tif"));
    const ids = await labels.read({ t: 0, c: 0, z: [0, 2], y: [0, 3], x: [0, 4] });
    await labels.close();
    assert.deepEqual([labels.shape, [...ids.subarray(0, 12)]], [volume.shape, new Array(12).fill(0)]);
    return [...ids.subarray(12)];
  };
  assert.deepEqual(await plane1("first"), [0, 5, 5, 0, 0, 5, 5, 9, 0, 0, 9, 9]);
  assert.deepEqual(await plane1("highest-score"), [0, 5, 5, 0, 0, 5, 9, 9, 0, 0, 9, 9]);
});

test("ROIs, GeoJSON and measurements are written where asked, and nothing else is", async () => {
  const paths = { rois: at("r.zip"), geojson: at("o.geojson"), csv: at("m.csv") };
  assert.deepEqual(await writeResults(paths, volume, masks, "first"), [paths.rois, paths.geojson, paths.csv]);
  assert.deepEqual(Object.keys(unzipSync(readFileSync(paths.rois))), ["obj0005-z0002-t0001.roi", "obj0009-z0002-t0001.roi"]);
  assert.equal(JSON.parse(readFileSync(paths.geojson, "utf8")).features.length, 2);
  assert.match(readFileSync(paths.csv, "utf8"), /volume_vx.*\n5,\d+,0,4,4,/);
  assert.deepEqual(readdirSync(folder).sort(), ["labels.tif", "m.csv", "o.geojson", "r.zip"]);
});

test("a folder that is not there is told before and at writing, with the file's name", async () => {
  const csv = join(folder, "nowhere", "m.csv");
  await assert.rejects(checkResultPaths({ rois: undefined, csv }), { code: "file_not_written", message: /m\.csv/ });
  await assert.rejects(writeResults({ csv }, volume, masks, "first"), { code: "file_not_written", message: /m\.csv/ });
  await checkResultPaths({ csv: at("m.csv"), labels: "beside-the-command.tif" });
});

test("a full disk is told by the file's name, and the earlier result of that name stays whole", async () => {
  const paths = { labels: at("kept.tif"), csv: at("kept.csv") };
  await writeResults(paths, volume, masks, "first");
  const before = [readFileSync(paths.labels), readFileSync(paths.csv)];
  const files = readdirSync(folder);
  const disk = await fillDisk();
  try {
    await assert.rejects(writeResults({ labels: paths.labels }, volume, masks, "last"), { code: "disk_full", message: /kept\.tif/ });
    await assert.rejects(writeResults({ csv: paths.csv }, volume, masks, "last"), { code: "disk_full", message: /kept\.csv/ });
  } finally {
    disk.free();
  }
  assert.deepEqual([readFileSync(paths.labels), readFileSync(paths.csv)], before);
  assert.deepEqual(readdirSync(folder), files, "no part is left");
});

test("a label image of ours is replaced; another folder of that name is told before", async () => {
  const { writeLabelsZarr } = await import("#server/exports/labels-zarr.ts");
  await writeLabelsZarr(at("own.zarr"), { size: [1, 2, 2], name: "own" }, async () => new Uint32Array(4));
  await checkResultPaths({ labels: at("own.zarr") });
  mkdirSync(at("other.zarr"));
  await assert.rejects(checkResultPaths({ labels: at("other.zarr") }), /no label image of Masklet's/);
  mkdirSync(at("folder.tif"));
  await assert.rejects(checkResultPaths({ labels: at("folder.tif") }), /it is a folder/);
});
