import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rename, rm, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { openPlaneIndex } from "./plane-index.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-index-"));
after(() => rm(folder, { recursive: true, force: true }));
const hashes = ["a", "b", "c"].map((letter) => letter.repeat(64));
const plane = (z: number) => ({ t: 0, c: 0, z });

test("one line a plane, in the order they came", async () => {
  const file = join(folder, "one.planes");
  const index = await openPlaneIndex(file);
  await Promise.all([index.add(plane(5), hashes[0]!), index.add({ t: 1, c: 2, z: 3 }, hashes[1]!), index.add(plane(5), hashes[0]!)]);
  assert.equal(await readFile(file, "utf8"), `0 0 5 ${hashes[0]}\n1 2 3 ${hashes[1]}\n`);
  assert.equal(index.size(), 2);
});

test("a plane that has a hash takes no other, until it is forgotten", async () => {
  const file = join(folder, "two.planes");
  const index = await openPlaneIndex(file);
  await index.add(plane(0), hashes[0]!);
  await assert.rejects(index.add(plane(0), hashes[1]!), (fault) => fault instanceof MaskletError && fault.code === "volume_changed");
  index.forget(plane(0));
  await index.add(plane(0), hashes[2]!);
  assert.equal((await openPlaneIndex(file)).hashOf(plane(0)), hashes[2]);
});

test("after an append that failed, the next plane has a line of its own", async () => {
  const file = join(folder, "three.planes");
  const index = await openPlaneIndex(file);
  await index.add(plane(0), hashes[0]!);
  // The file cannot be written for a while, and a part of a line got through.
  await rename(file, `${file}.away`);
  await mkdir(file);
  await assert.rejects(index.add(plane(1), hashes[1]!), (fault) => fault instanceof MaskletError && fault.code === "file_not_written");
  assert.equal(index.hashOf(plane(1)), undefined);
  await rm(file, { recursive: true });
  await rename(`${file}.away`, file);
  await appendFile(file, "0 0 1 bbbb");
  await index.add(plane(2), hashes[2]!);
  const again = await openPlaneIndex(file);
  assert.deepEqual([again.hashOf(plane(0)), again.hashOf(plane(1)), again.hashOf(plane(2))], [hashes[0], undefined, hashes[2]]);
});
