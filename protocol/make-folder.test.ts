import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { makeFolder } from "./make-folder.ts";

describe("makeFolder", async () => {
  const root = await mkdtemp(join(tmpdir(), "masklet-folder-"));
  after(() => rm(root, { recursive: true, force: true }));

  it("makes every level, and takes what is there", async () => {
    await makeFolder(join(root, "a", "b", "c"));
    assert.ok((await stat(join(root, "a", "b", "c"))).isDirectory());
    await makeFolder(join(root, "a", "b", "c"));
  });

  it("says so where a file is in the way", async () => {
    await writeFile(join(root, "file"), "");
    await assert.rejects(makeFolder(join(root, "file")), { code: "file_not_written", message: /a file is in the way/ });
    await assert.rejects(makeFolder(join(root, "file", "below", "it")), { code: "file_not_written" });
  });

  it("ends where a folder takes no entries", { skip: process.platform === "linux" ? false : "there is no /proc" }, async () => {
    await assert.rejects(makeFolder("/proc/masklet/models"), { code: "file_not_written", message: /\/proc\/masklet/ });
  });
});
