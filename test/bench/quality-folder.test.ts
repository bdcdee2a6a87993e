import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { folderScenes } from "./quality-folder.ts";

test("stacks with true labels beside them are found, grouped by folder, and what is white noise is named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "masklet-quality-"));
  const random = seededRandom(3);
  const write = async (path: string, depth: number, value: (x: number) => number): Promise<void> => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    const plane = (): Uint16Array => Uint16Array.from({ length: 20 * 24 }, (_, at) => value(at % 24));
    await writeImagejTiff(join(folder, path), { shape: { t: 1, c: 1, z: depth, y: 20, x: 24 }, dtype: "uint16" }, Array.from({ length: depth }, plane));
  };
  try {
    for (const [image, labels] of [["clay/raw.tif", "clay/labels.tif"], ["embryo/raw/b.tif", "embryo/gt/b.tif"], ["embryo/raw/a.tif", "embryo/gt/a.tif"]] as const) {
      await write(image, 3, (x) => 100 * x);
      await write(labels, 3, (x) => Number(x > 8));
    }
    await write("nothing/raw.tif", 3, () => random.whole(0, 4000));
    await write("nothing/labels.tif", 3, (x) => Number(x > 8));
    // A single plane, and a stack without labels.
    await write("flat/img2d.tif", 1, (x) => x);
    await write("flat/mask2d.tif", 1, (x) => Number(x > 8));
    await write("alone/raw.tif", 3, (x) => x);
    const { groups, notScored } = await folderScenes(folder);
    assert.deepEqual([groups.map(({ name, scenes }) => [name, scenes]), notScored], [[["clay", 1], ["embryo", 2]], ["nothing/raw.tif"]]);
    const names: string[] = [];
    for await (const { name, source, reader, truth } of groups[1]!.open()) {
      names.push(name);
      const row = await source.read({ t: 0, c: 0, z: [2, 3], y: [4, 5], x: [0, 24] });
      assert.deepEqual([row.length, row[23], reader.size, truth.length, truth[24], truth[33]], [24, 2300, [3, 20, 24], 3 * 20 * 24, 0, 1]);
    }
    assert.deepEqual(names, ["embryo/raw/a.tif", "embryo/raw/b.tif"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
