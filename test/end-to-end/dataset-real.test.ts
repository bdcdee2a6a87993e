// Sets of real stacks: made, sound in every format, and back with the same labels.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { openSet } from "#server/datasets/open-set.ts";
import { realData } from "../tools.ts";
import { runCommand } from "./run-command.ts";

const { folder: data, skip } = realData();
const scenes: readonly (readonly [name: string, image: string, labels: string, size: string])[] = [
  ["nuclei of an embryo, 16 bit", "bbbc050-embryo/raw/Emb06_t401.tif", "bbbc050-embryo/gt/Emb06_t401.tif", "64,64"],
  ["nuclei on one plane, deflate", "stardist-nuclei/img2d.tif", "stardist-nuclei/mask2d.tif", "96,96"],
  ["cells of an ovule, stacks with calibration", "plantseg-ovule/1137_mini_raw.tif", "plantseg-ovule/1137_mini_labels.tif", "12,40,40"],
];

for (const [name, image, labels, size] of scenes) {
  test(name, { skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "masklet-dataset-real-"));
    const dataset = async (...args: string[]): Promise<Record<string, unknown>> => {
      const { code, out, err } = await runCommand(["dataset", ...args, "--json"], { home: join(folder, "home") });
      assert.equal(code, 0, out + err);
      return JSON.parse(out);
    };
    try {
      const made = await dataset("make", "--image", join(data, image), "--labels", join(data, labels), "--output", join(folder, "stacks"), "--crops", "20", "--size", size, "--turns", "4");
      assert.deepEqual([made["crops"], made["train"], made["val"], made["test"]], [20, 64, 2, 2]);
      const first = await openSet(join(folder, "stacks"));
      for (const format of ["coco", "sam2"]) {
        await dataset("convert", "--input", join(folder, "stacks"), "--output", join(folder, format), "--format", format);
        assert.equal((await dataset("check", join(folder, format)))["errors"], 0);
        const other = await openSet(join(folder, format));
        for (const item of other.dataset.items) assert.deepEqual((await other.readCrop(item)).labels, (await first.readCrop(first.dataset.items.find(({ id }) => id === item.id)!)).labels);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
