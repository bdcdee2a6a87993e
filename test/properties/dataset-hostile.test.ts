// Sets that lie: a coded error or a finding before memory is taken, nothing read outside the set's folder, nothing left of what was begun.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { after } from "node:test";
import { encode } from "fast-png";
import { asMaskletError } from "#protocol/errors.ts";
import { checkSet } from "#server/datasets/check-set.ts";
import { convertSet } from "#server/datasets/convert-set.ts";
import { openSet } from "#server/datasets/open-set.ts";
import { writeSetFolder } from "#server/datasets/output-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-hostile-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const png = encode({ width: 4, height: 3, data: new Uint8Array(12).map((_, at) => at * 20), channels: 1, depth: 8 });
writeFileSync(join(folder, "secret.png"), png);
const image = { id: 1, file_name: "a.png", width: 4, height: 3 };
const whole = { size: [3, 4], counts: [2, 4, 6] };
const annotation = (segmentation: unknown, more: object = {}) => ({ id: 1, image_id: 1, category_id: 1, area: 4, bbox: [0, 0, 1, 1], iscrowd: 0, segmentation, ...more });
let nth = 0;

function setOf(files: Record<string, unknown>): string {
  const root = join(folder, `set-${nth++}`);
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  return root;
}
const coco = (json: unknown, files: Record<string, unknown> = {}): string => setOf({ "annotations/instances_train.json": json, "images/a.png": png, ...files });

/** What check says, and the code with which a conversion ends; it must leave nothing behind. */
async function looked(root: string): Promise<{ findings: string[]; whys: string; code: string }> {
  const output = `${root}-out`;
  const before = readdirSync(folder).length;
  const report = await openSet(root).then(checkSet).catch((thrown: unknown) => {
    const fault = asMaskletError(thrown);
    assert.notEqual(fault.code, "internal", String(fault.cause));
    return { findings: [{ code: fault.code, why: fault.message }] };
  });
  const code = await openSet(root).then((set) => writeSetFolder(output, (into) => convertSet(set, "stacks", into, { images: "png", segmentation: "rle" }))).then(() => "done", (thrown: unknown) => asMaskletError(thrown).code);
  if (code !== "done") assert.deepEqual([existsSync(output), readdirSync(folder).length], [false, before], "something was left");
  return { findings: report.findings.map((found) => found.code), whys: report.findings.map(({ why }) => why).join("; "), code };
}

test("a sound set from elsewhere, to begin with", async () => {
  const { findings, code } = await looked(coco({ images: [image], annotations: [annotation(whole)], categories: [] }));
  assert.deepEqual([findings, code], [["split_empty"], "done"]);
});

const lies: Record<string, readonly [json: unknown, finding: string, why: RegExp]> = {
  "runs longer than the picture": [{ images: [image], annotations: [annotation({ size: [3, 4], counts: [2, 1e9] })] }, "file_broken", /1000000002 pixels long/],
  "negative runs": [{ images: [image], annotations: [annotation({ size: [3, 4], counts: [-2, 14] })] }, "file_broken", /-2 long/],
  "runs of another picture": [{ images: [image], annotations: [annotation({ size: [1e9, 1e9], counts: [1e18] })] }, "file_broken", /1000000000,1000000000/],
  "compressed runs that break off": [{ images: [image], annotations: [annotation({ size: [3, 4], counts: "PPPP" })] }, "file_broken", /break off/],
  "a segmentation that is a text": [{ images: [image], annotations: [annotation("all of it")] }, "file_broken", /picture of null/],
  "a polygon of two corners": [{ images: [image], annotations: [annotation([[1, 1, 2, 2]])] }, "file_broken", /at least three pairs/],
  "a polygon of no numbers": [{ images: [image], annotations: [annotation([[null, "a", 1, 1, 2, 2]])] }, "file_broken", /pairs of numbers/],
  "a picture of 10^9 x 10^9": [{ images: [{ ...image, width: 1e9, height: 1e9 }], annotations: [] }, "annotation_invalid", /maxCropVoxels/],
  "a picture larger than its file": [{ images: [{ ...image, width: 4000, height: 3000 }], annotations: [annotation({ size: [3000, 4000], counts: [12e6] })] }, "file_broken", /COCO says 4000 x 3000/],
  "negative sides": [{ images: [{ ...image, width: -4 }], annotations: [] }, "annotation_invalid", /-4/],
  "two pictures with one id": [{ images: [image, image], annotations: [annotation(whole)] }, "id_duplicate", /another image 1/],
  "two annotations with one id": [{ images: [image], annotations: [annotation(whole), annotation(whole)] }, "id_duplicate", /another annotation 1/],
  "an annotation of no picture": [{ images: [image], annotations: [annotation(whole, { image_id: 77 })] }, "annotation_invalid", /no image 77/],
  "a picture that is not there": [{ images: [{ ...image, file_name: "b.png" }], annotations: [] }, "image_missing", /not there/],
  "a way up": [{ images: [{ ...image, file_name: "../secret.png" }], annotations: [] }, "path_outside", /not under an allowed folder/],
  "a way up, hidden": [{ images: [{ ...image, file_name: "x/../../../secret.png" }], annotations: [] }, "path_outside", /secret/],
  "an absolute path": [{ images: [{ ...image, file_name: join(folder, "secret.png") }], annotations: [] }, "path_outside", /secret/],
  "a path of Windows": [{ images: [{ ...image, file_name: "..\\..\\secret.png" }], annotations: [] }, "path_outside", /secret/],
  "a path with a zero": [{ images: [{ ...image, file_name: "a.png\0.txt" }], annotations: [] }, "path_outside", /a\.png/],
  "no COCO at all": [{ hello: "world" }, "dataset_invalid", /no lists/],
  "lists of nothing": [{ images: [null, 7, "x", []], annotations: [null, 5, []] }, "annotation_invalid", /needs id/],
};
for (const [name, [json, found, why]] of Object.entries(lies)) {
  test(`COCO that lies: ${name}`, async () => {
    const { findings, whys, code } = await looked(coco(json));
    assert.ok(findings.includes(found), findings.join());
    assert.match(whys, why);
    assert.notEqual(code, "done");
  });
}

test("what is no JSON, nested too deep, or a link that leads out", async () => {
  assert.deepEqual((await looked(coco("{"))).code, "dataset_invalid");
  assert.deepEqual((await looked(coco("[".repeat(10_000_000)))).code, "dataset_invalid");
  assert.deepEqual((await looked(coco(`{"images":[],"annotations":[],"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`))).code, "dataset_invalid");
  const linked = coco({ images: [{ ...image, file_name: "link.png" }], annotations: [] });
  symlinkSync(join(folder, "secret.png"), join(linked, "images", "link.png"));
  assert.deepEqual((await looked(linked)).findings.slice(0, 1), ["path_outside"]);
});

test("polygons off the picture, huge or of infinite length are cut to it or refused", async () => {
  const off = await looked(coco({ images: [image], annotations: [annotation([[-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9]]), annotation([[50, 50, 60, 50, 60, 60]], { id: 2 })] }));
  assert.deepEqual([off.findings.includes("labels_full"), off.code], [true, "done"]);
  assert.match((await looked(coco('{"images":[{"id":1,"file_name":"a.png","width":4,"height":3}],"annotations":[{"id":1,"image_id":1,"segmentation":[[1e999,0,3,3,0,3]]}]}'))).whys, /Infinity/);
});

test("a million annotations are read, one by one", async () => {
  const annotations = Array.from({ length: 1_000_000 }, (_, at) => `{"id":${at},"image_id":1,"segmentation":{"size":[3,4],"counts":[12]}}`);
  const { findings, whys } = await looked(coco(`{"images":[${JSON.stringify(image)}],"annotations":[${annotations.join(",")}]}`));
  assert.ok(findings.includes("file_broken"));
  assert.match(whys, /1000000 objects where 65535 fit/);
});

test("pictures that lie: bombs, cuts, other kinds", async () => {
  const json = { images: [image], annotations: [annotation(whole)] };
  const bomb = png.slice();
  new DataView(bomb.buffer).setUint32(16, 2 ** 30);
  assert.match((await looked(coco(json, { "images/a.png": bomb }))).whys, /maxCropVoxels/);
  assert.deepEqual((await looked(coco(json, { "images/a.png": png.subarray(0, 50) }))).code === "done", false);
  assert.match((await looked(coco(json, { "images/a.png": "not a picture" }))).whys, /neither PNG nor JPEG/);
  assert.match((await looked(coco(json, { "images/a.png": new Uint8Array(0) }))).whys, /neither PNG nor JPEG/);
});

test("stacks that lie", async () => {
  const item = { id: "a-1", source: "a", split: "train", t: 0, c: 0, axis: "z", start: [0, 0, 0], size: [1, 3, 4], spacing: null, image: "images/a.tif", labels: "labels/a.tif", objects: 1, turn: 0 };
  const source = { id: "a", name: "a", sha256: "0".repeat(64), shape: { t: 1, c: 1, z: 1, y: 3, x: 4 }, dtype: "uint8", spacing: null, range: [0, 255] };
  const dataset = (items: unknown[], more: object = {}): string => setOf({ "dataset.json": { format: "masklet-dataset", version: 1, name: "n", seed: 1, dimensions: 2, sources: [source], items, ...more } });
  assert.match((await looked(dataset([{ ...item, image: "../secret.png" }]))).whys, /at \/items\/0\/image.*pattern/);
  assert.match((await looked(dataset([{ ...item, size: [1, 1e12, 4] }]))).whys, /at \/items\/0\/size/);
  assert.match((await looked(dataset([{ ...item, turn: 9 }]))).whys, /turn/);
  assert.match((await looked(dataset([item], { version: 2 }))).whys, /version/);
  assert.deepEqual((await looked(dataset([{ ...item, size: [1, 4_000_000, 4_000_000] }]))).findings.slice(0, 1), ["box_outside"]);
  assert.ok((await looked(dataset([item, item]))).findings.includes("id_duplicate"));
  assert.ok((await looked(dataset([{ ...item, source: "b" }]))).findings.includes("source_unknown"));
  assert.equal((await looked(dataset([item]))).code, "file_missing");
  assert.equal((await looked(setOf({ "readme.txt": "hello" }))).code, "dataset_invalid");
});

test("SAM 2 sets that lie", async () => {
  const { greyJpeg, palettePng, greyPng } = await import("#server/pictures/encode-pixels.ts");
  const [jpeg, mask] = [greyJpeg(new Uint8Array(12).fill(90), 4, 3), palettePng(new Uint8Array(12).fill(1), 4, 3, [[0, 0, 0], [255, 0, 0]])];
  const sound = { "JPEGImages/v/00000.jpg": jpeg, "Annotations/v/00000.png": mask };
  assert.equal((await looked(setOf(sound))).code, "done");
  assert.match((await looked(setOf({ ...sound, "Annotations/v/00000.png": greyPng(new Uint8Array(12), 4, 3) }))).whys, /no palette/);
  assert.match((await looked(setOf({ ...sound, "Annotations/v/00000.png": palettePng(new Uint8Array(20), 5, 4, [[0, 0, 0]]) }))).whys, /5 x 4/);
  assert.match((await looked(setOf({ "JPEGImages/v/00000.jpg": jpeg }))).whys, /no file/);
  assert.match((await looked(setOf({ ...sound, "JPEGImages/v/00000.jpg": jpeg.subarray(0, 30) }))).whys, /neither|damaged|read/);
  assert.ok((await looked(setOf({ ...sound, "Annotations/w/00000.png": mask }))).findings.includes("file_unlisted"));
  assert.ok((await looked(setOf({ ...sound, "JPEGImages/w/readme.txt": "x" }))).findings.includes("image_missing"));
});
