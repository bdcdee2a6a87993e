import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { writeAtomically, writeFault } from "./write-atomic.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-atomic-"));
after(() => rm(folder, { recursive: true, force: true }));

test("a file is replaced whole, and folders are made", async () => {
  const file = join(folder, "a", "b", "c.txt");
  await writeAtomically(file, "first");
  await Promise.all(["second", "third"].map((text) => writeAtomically(file, text)));
  assert.match(await readFile(file, "utf8"), /^(second|third)$/);
  assert.deepEqual(await readdir(join(folder, "a", "b")), ["c.txt"]);
});

test("what cannot be written is told and leaves no part behind", async () => {
  const taken = join(folder, "taken");
  await mkdir(join(taken, "inside"), { recursive: true });
  await assert.rejects(writeAtomically(taken, "x"), (fault) => fault instanceof MaskletError && fault.code === "file_not_written");
  assert.deepEqual((await readdir(folder)).filter((name) => name.endsWith(".part")), []);
});

test("a full disk has its own code, and the cause is kept", () => {
  for (const code of ["ENOSPC", "EDQUOT"]) {
    const cause = Object.assign(new Error("no space left on device"), { code });
    const fault = writeFault("f.tif", cause);
    assert.deepEqual([fault.code, fault.details, fault.cause], ["disk_full", { file: "f.tif" }, cause]);
  }
  const own = MaskletError.of("cancelled", {});
  assert.equal(writeFault("f.tif", own), own);
});
