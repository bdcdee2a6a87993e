import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { Dtype } from "#protocol/types.ts";
import { writeScene, writeSceneSet } from "../../test/dataset-scene.ts";
import { checkSet } from "./check-set.ts";
import type { CocoOptions } from "./coco-write.ts";
import { convertSet } from "./convert-set.ts";
import type { Crop } from "./crop-files.ts";
import { openSet } from "./open-set.ts";
import { writeSetFolder } from "./output-folder.ts";
import type { SetFormat } from "./set.ts";
import { throughView } from "./through-view.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-convert-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const usual: CocoOptions = { images: "png", segmentation: "rle" };
let nth = 0;

async function convert(input: string, format: SetFormat, options: CocoOptions = usual): Promise<string> {
  const output = join(folder, `out-${nth++}`);
  const set = await openSet(input);
  await writeSetFolder(output, (into) => convertSet(set, format, into, options));
  return output;
}

async function crops(input: string): Promise<Map<string, Crop>> {
  const set = await openSet(input);
  const found = new Map<string, Crop>();
  for (const item of set.dataset.items) found.set(item.id, await set.readCrop(item));
  return found;
}

async function made(name: string, dtype: Dtype, order: Parameters<typeof writeSceneSet>[2], firstId = 1): Promise<string> {
  return writeSceneSet(join(folder, name), await writeScene(folder, dtype, firstId), order);
}

const scenes: readonly (readonly [string, Dtype, Parameters<typeof writeSceneSet>[2], number])[] = [
  ["2d-u16", "uint16", { crops: 5 }, 1],
  ["3d-u8", "uint8", { dimensions: 3, crop: [6, 20, 24], turns: [0, 5], turnAll: true, crops: 5 }, 1],
  ["along-x", "uint16", { crop: [14, 20, 1], axis: "x", turns: [0, 1] }, 1],
  ["ids above a palette", "uint8", { turns: [0] }, 300],
  ["ids above 16 bits", "uint16", { turns: [0] }, 70_000],
];
for (const [name, dtype, order, firstId] of scenes) {
  test(`${name}: labels survive every way there and back; pixels where the format holds them`, async () => {
    const stacks = await made(name, dtype, order, firstId);
    const [first, description] = [await crops(stacks), readFileSync(join(stacks, "dataset.json"), "utf8")];
    const coco = await convert(stacks, "coco");
    const sam2 = await convert(stacks, "sam2");
    const fromCoco = await convert(coco, "stacks");
    const fromSam2 = await convert(sam2, "coco");
    for (const [way, exact] of [[coco, true], [fromCoco, true], [await convert(stacks, "coco", { images: "tiff", segmentation: "counts" }), true], [sam2, false], [fromSam2, false], [await convert(fromSam2, "stacks"), false]] as const) {
      const back = await crops(way);
      assert.deepEqual([...back.keys()], [...first.keys()]);
      for (const [id, crop] of back) {
        assert.deepEqual(crop.labels, first.get(id)!.labels, id);
        if (exact) assert.deepEqual(crop.image, first.get(id)!.image, id);
        else assert.deepEqual(crop.image.size, first.get(id)!.image.size, id);
      }
      const report = await checkSet(await openSet(way));
      assert.deepEqual(report.findings.filter(({ code }) => code !== "labels_full"), [], way);
    }
    assert.equal(readFileSync(join(fromCoco, "dataset.json"), "utf8"), description);
  });
}

test("polygons hold what has no hole", async () => {
  const stacks = await made("polygons", "uint8", { turns: [0], crops: 5 });
  const first = await crops(stacks);
  for (const [id, { labels }] of await crops(await convert(stacks, "coco", { images: "png", segmentation: "polygons" }))) assert.deepEqual(labels, first.get(id)!.labels, id);
});

test("single pictures as SA-1B has them, there and back; stacks are refused", async () => {
  const stacks = await made("single", "uint16", { turns: [0, 3], crops: 5 });
  const sa1b = await convert(stacks, "sa1b");
  const [first, back] = [await crops(stacks), await crops(sa1b)];
  for (const [id, { labels, image }] of first) {
    assert.deepEqual(back.get(id)!.labels, labels, id);
    assert.deepEqual(back.get(id)!.image.size, image.size, id);
  }
  assert.deepEqual((await checkSet(await openSet(sa1b))).findings, []);
  // Without the description it is a set from elsewhere, with the same objects.
  rmSync(join(sa1b, "masklet.json"));
  const foreign = await openSet(sa1b);
  assert.deepEqual([foreign.format, foreign.dataset.items.length], ["sa1b", first.size]);
  const counts = await Promise.all(foreign.dataset.items.map(async (item) => new Set((await foreign.readCrop(item)).labels.data).size));
  assert.deepEqual(counts.sort(), [...first.values()].map(({ labels }) => new Set(labels.data).size).sort());
  rmSync(join(sa1b, "train", "sa_000001.json"));
  assert.deepEqual((await openSet(sa1b)).findings.map(({ code }) => code), ["labels_missing"]);
  const deep = await made("deep", "uint8", { dimensions: 3, crop: [3, 20, 24], crops: 5, turns: [0] });
  await assert.rejects(convert(deep, "sa1b"), /3 planes, and SA-1B holds single pictures/);
});

test("JPEGs of SAM 2 sets are the range as 0 to 255, to a few grey values", async () => {
  const stacks = await made("range", "float32", { turns: [0] });
  const [set, sam2] = [await openSet(stacks), await crops(await convert(stacks, "sam2"))];
  const { range } = set.dataset.sources[0]!;
  let [sum, count] = [0, 0];
  for (const [id, { image }] of await crops(stacks)) {
    throughView(image.data, range, new Uint8Array(image.data.length)).forEach((value, at) => { sum += Math.abs(value - sam2.get(id)!.image.data[at]!); count++; });
  }
  assert.ok(sum / count < 3, String(sum / count));
});

test("floats are exact in TIFF; in PNG they are the range in 16 bits, and the description says so", async () => {
  const stacks = await made("floats", "float32", { turns: [0] });
  const first = await crops(stacks);
  const tiff = await crops(await convert(stacks, "coco", { images: "tiff", segmentation: "rle" }));
  for (const [id, { image }] of first) assert.deepEqual(tiff.get(id)!.image, image);
  const png = await convert(stacks, "coco");
  const { dataset } = await openSet(png);
  assert.deepEqual([dataset.sources[0]!.dtype, dataset.sources[0]!.range], ["uint16", [0, 65_535]]);
  const [low, high] = (await openSet(stacks)).dataset.sources[0]!.range;
  for (const [id, { image }] of await crops(png)) {
    image.data.forEach((value, at) => {
      const raw = Math.max(low, Math.min(high, first.get(id)!.image.data[at]!));
      assert.ok(Math.abs(low + (value / 65_535) * (high - low) - raw) <= (high - low) / 65_535, `${value} ${raw}`);
    });
  }
});

test("more than 255 objects make folders of objects, and come back", async () => {
  const paths = await writeScene(folder, "uint8");
  const { writeImagejTiff } = await import("#server/exports/tiff-writer.ts");
  const many = join(folder, "many.tif");
  await writeImagejTiff(many, { shape: { t: 1, c: 1, z: 24, y: 66, x: 80 }, dtype: "uint16", spacing: { z: 0.5, y: 0.25, x: 0.25 } }, Array.from({ length: 24 }, () => Uint16Array.from({ length: 66 * 80 }, (_, at) => (at % 3 === 0 ? 0 : at + 1))));
  const stacks = await writeSceneSet(join(folder, "many"), { image: paths.image, labels: many }, { crops: 3, parts: { train: 1, val: 0, test: 0 }, turns: [0] });
  const sam2 = await convert(stacks, "sam2");
  const [first, back] = [await crops(stacks), await crops(sam2)];
  for (const [id, { labels }] of first) assert.deepEqual(back.get(id)!.labels, labels);
});

test("a set that is wrong is not converted", async () => {
  const stacks = await made("wrong", "uint8", { turns: [0] });
  const { dataset } = await openSet(stacks);
  rmSync(join(stacks, dataset.items[2]!.labels));
  await assert.rejects(convert(stacks, "coco"), (fault: unknown) => fault instanceof MaskletError && fault.code === "file_missing");
});
