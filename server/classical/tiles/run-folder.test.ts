import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { withScratch } from "../../../test/classical-scenes.ts";
import { openRunFolder } from "./run-folder.ts";

test("without a key every run has a folder of its own", async () => {
  await withScratch(async (scratch) => {
    const folders = [openRunFolder(scratch, undefined, "a"), openRunFolder(scratch, undefined, "a")];
    assert.deepEqual(readdirSync(scratch).length, 2);
    assert.ok(folders.every((folder) => existsSync(folder)));
  });
});

test("with a key what is there is kept, unless it was made in another way or nothing says how", async () => {
  await withScratch(async (scratch) => {
    const folder = openRunFolder(scratch, "key", "a");
    const left = join(folder, "range.answers");
    writeFileSync(left, "left");
    assert.deepEqual([openRunFolder(scratch, "key", "a"), existsSync(left)], [folder, true]);
    assert.deepEqual([openRunFolder(scratch, "key", "b"), existsSync(left)], [folder, false]);
    writeFileSync(left, "left");
    writeFileSync(join(folder, "way.json"), "");
    openRunFolder(scratch, "key", "b");
    assert.equal(existsSync(left), false);
  });
});

test("a scratch folder that cannot be written", async () => {
  await withScratch(async (scratch) => {
    const file = join(scratch, "file");
    writeFileSync(file, "");
    for (const key of [undefined, "key"]) assert.throws(() => openRunFolder(file, key, "a"), (thrown) => thrown instanceof MaskletError && thrown.code === "file_not_written");
  });
});
