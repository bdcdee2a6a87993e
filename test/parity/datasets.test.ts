// Sets of ours as other programs read them (fixtures/make/datasets/read_ours.py: pycocotools, Pillow as SAM 2's loader uses it): they agreed on these
// very bytes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { openSet } from "#server/datasets/open-set.ts";
import { writeSampleSets } from "../../fixtures/make/datasets/sample-sets.ts";

const { sha256, pixels }: { sha256: Record<string, string>; pixels: Record<string, Record<string, number>> } = JSON.parse(readFileSync("fixtures/datasets/read-ours.json", "utf8"));

test("pycocotools and Pillow read these files as what they are", async () => {
  const folder = mkdtempSync(join(tmpdir(), "masklet-read-ours-"));
  try {
    await writeSampleSets(folder);
    for (const [name, hash] of Object.entries(sha256)) assert.equal(createHash("sha256").update(readFileSync(join(folder, name))).digest("hex"), hash, `${name} is another file now: read_ours.py has to look at it again`);
    assert.equal(Object.keys(sha256).length, 102);
    const set = await openSet(join(folder, "coco"));
    for (const item of set.dataset.items) {
      const counts: Record<string, number> = {};
      for (const number of (await set.readCrop(item)).labels.data) if (number !== 0) counts[number] = (counts[number] ?? 0) + 1;
      assert.deepEqual(counts, pixels[item.id]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
