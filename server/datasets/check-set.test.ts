import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { imagejTiff } from "#server/exports/tiff-writer.ts";
import { writeScene, writeSceneSet } from "../../test/dataset-scene.ts";
import { checkDescription, checkSet, type SetReport } from "./check-set.ts";
import { parseDataset, type Dataset, type DatasetItem } from "./description.ts";
import { findLeaks } from "./find-leaks.ts";
import { openSet } from "./open-set.ts";
import { datasetText } from "./set-text.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const sound = await writeSceneSet(join(folder, "sound"), await writeScene(folder, "uint8"), { turns: [0, 1, 6] });
const description = parseDataset(readFileSync(join(sound, "dataset.json"), "utf8"), "dataset.json");
const tiff = (values: Uint8Array | Uint16Array, x: number, y: number): Uint8Array => imagejTiff({ shape: { t: 1, c: 1, z: 1, y, x }, dtype: values instanceof Uint8Array ? "uint8" : "uint16" }, [values]);
let nth = 0;

/** The codes found in a copy of the sound set that something was done to. */
async function found(change: (root: string, dataset: Dataset) => void): Promise<string[]> {
  const root = join(folder, `copy-${nth++}`);
  cpSync(sound, root, { recursive: true });
  const dataset = structuredClone(description);
  change(root, dataset);
  writeFileSync(join(root, "dataset.json"), datasetText(dataset));
  const report: SetReport = await checkSet(await openSet(root));
  assert.equal(report.errors + report.warnings, report.findings.length);
  for (const { todo, item, why } of report.findings) assert.ok(todo.length > 10 && item !== "" && why !== "");
  return [...new Set(report.findings.map(({ code }) => code))].sort();
}
const of = (dataset: Dataset, split: DatasetItem["split"], at = 0): DatasetItem => dataset.items.filter((item) => item.split === split && item.of === undefined)[at]!;

test("a set as it was made has nothing wrong", async () => {
  assert.deepEqual(await found(() => undefined), []);
});

test("each thing that can be wrong is found, with its code", async () => {
  assert.ok((await found((_root, dataset) => { of(dataset, "val").start = [...of(dataset, "train").start]; })).includes("leak_overlap"));
  assert.deepEqual(await found((root, dataset) => copyFileSync(join(root, of(dataset, "train").image), join(root, of(dataset, "test").image))), ["leak_image"]);
  assert.deepEqual(await found((root, dataset) => copyFileSync(join(root, dataset.items.find((item) => item.turn === 6)!.image), join(root, of(dataset, "test").image))), ["leak_image"]);
  assert.deepEqual(await found((root, dataset) => copyFileSync(join(root, of(dataset, "test").image), join(root, of(dataset, "test", 1).image))), ["image_duplicate"]);
  assert.deepEqual(await found((_root, dataset) => { dataset.items.find((item) => item.of !== undefined)!.split = "test"; }), ["leak_turned"]);
  assert.deepEqual(await found((root, dataset) => copyFileSync(join(root, dataset.items.find((item) => item.turn === 6)!.image), join(root, of(dataset, "train").image.replace(".tif", "-t6.tif").replace("0001", "0002")))), ["turn_wrong"]);
  assert.deepEqual(await found((root, dataset) => { writeFileSync(join(root, of(dataset, "test").labels), tiff(new Uint16Array(480), 24, 20)); }), ["labels_empty", "objects_differ"]);
  assert.deepEqual(await found((root, dataset) => { writeFileSync(join(root, of(dataset, "test").labels), tiff(new Uint16Array(480).fill(3), 24, 20)); of(dataset, "test").objects = 1; }), ["labels_full"]);
  assert.deepEqual(await found((root, dataset) => rmSync(join(root, of(dataset, "test").labels))), ["labels_missing"]);
  assert.deepEqual(await found((root, dataset) => rmSync(join(root, of(dataset, "test").image))), ["image_missing"]);
  assert.deepEqual(await found((root) => writeFileSync(join(root, "images", "stray.tif"), "x")), ["file_unlisted"]);
  assert.deepEqual(await found((root, dataset) => { writeFileSync(join(root, of(dataset, "test").image), tiff(new Uint8Array(480).fill(7), 20, 24)); }), ["shape_mismatch"]);
  assert.deepEqual(await found((root, dataset) => { writeFileSync(join(root, of(dataset, "test").image), tiff(new Uint16Array(480).fill(7), 24, 20)); }), ["dtype_differs"]);
  assert.deepEqual(await found((root, dataset) => truncateSync(join(root, of(dataset, "test").image), 300)), ["file_broken"]);
  assert.deepEqual(await found((_root, dataset) => { of(dataset, "test").ids = [70_000]; }), ["ids_invalid"]);
  assert.deepEqual(await found((_root, dataset) => { of(dataset, "test").start = [23, 60, 0]; }), ["box_outside"]);
});

test("descriptions alone: ids, sources, splits", () => {
  const codes = (change: (dataset: Dataset) => void): string[] => {
    const dataset = structuredClone(description);
    change(dataset);
    return [...new Set(checkDescription(dataset).map(({ code }) => code))];
  };
  assert.deepEqual(codes(() => undefined), []);
  assert.deepEqual(codes((dataset) => { dataset.items.push(dataset.items[0]!); }), ["id_duplicate"]);
  assert.deepEqual(codes((dataset) => { dataset.sources.push(dataset.sources[0]!); }), ["id_duplicate"]);
  assert.deepEqual(codes((dataset) => { of(dataset, "val").source = "z"; }), ["source_unknown"]);
  assert.deepEqual(codes((dataset) => { dataset.items = dataset.items.filter((item) => item.split !== "val"); }), ["split_empty"]);
  assert.deepEqual(codes((dataset) => { dataset.items.find((item) => item.of !== undefined)!.of = "nobody"; }), ["turn_wrong"]);
});

test("near crops are told, farther ones, other frames and other sources are not", () => {
  const item = (id: string, split: DatasetItem["split"], x: number, more: Partial<DatasetItem> = {}): DatasetItem => ({ ...description.items[0]!, id, split, start: [0, 0, x], size: [1, 20, 24], ...more });
  const codes = (...items: DatasetItem[]): string[] => findLeaks({ items, margin: 8 }).map(({ code }) => code);
  assert.deepEqual(codes(item("a", "train", 0), item("b", "val", 23)), ["leak_overlap"]);
  assert.deepEqual(codes(item("a", "train", 0), item("b", "val", 24)), ["leak_near"]);
  assert.deepEqual(codes(item("a", "train", 31), item("b", "val", 0)), ["leak_near"]);
  assert.deepEqual(codes(item("a", "train", 0), item("b", "val", 32)), []);
  assert.deepEqual(codes(item("a", "train", 0), item("b", "train", 0)), []);
  assert.deepEqual(codes(item("a", "train", 0), item("b", "val", 0, { source: "b" }), item("c", "test", 0, { t: 1 })), []);
});

test("cancelled is cancelled, not a finding", async () => {
  const stop = new AbortController();
  stop.abort();
  const set = await openSet(sound);
  await assert.rejects(checkSet(set, { signal: stop.signal }), (fault: unknown) => fault instanceof MaskletError && fault.code === "cancelled");
});
