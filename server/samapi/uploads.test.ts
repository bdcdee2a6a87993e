import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { encode } from "fast-png";
import { createUploads } from "./uploads.ts";

const frame = (level: number): Uint8Array => encode({ width: 4, height: 3, channels: 1, data: new Uint8Array(12).fill(level) });

async function inScratch(work: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "masklet-uploads-"));
  try {
    await work(scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

test("frames come in the order of their numbers, the later of two with one number counts, and they are given away once", () => inScratch(async (scratch) => {
  const uploads = createUploads(scratch, 60_000);
  await Promise.all([["10.jpg", 1], ["2.jpg", 2], ["007.jpeg", 3], ["1.JPG", 4]].map(([filename, level]) => uploads.put({ dirname: "a", filename: String(filename), bytes: frame(Number(level)) })));
  await uploads.put({ dirname: "a", filename: "02.jpg", bytes: frame(9) });
  const taken = await uploads.take("a");
  assert.deepEqual(taken?.frames.map(({ file }) => file.split("/").at(-1)), ["1.jpg", "2.jpg", "7.jpg", "10.jpg"]);
  assert.deepEqual(new Uint8Array(readFileSync(taken!.frames[1]!.file)), frame(9));
  assert.deepEqual([taken!.frames[0]!.head?.width, taken!.frames[0]!.head?.height], [4, 3]);
  assert.equal(await uploads.take("a"), undefined);
  await uploads.put({ dirname: "a", filename: "0.jpg", bytes: frame(5) });
  await taken!.remove();
  assert.equal((await uploads.take("a"))?.frames.length, 1, "a folder of the same name is another one");
  assert.equal(await uploads.take("b"), undefined);
  await uploads.close();
  assert.deepEqual(readdirSync(scratch), []);
}));

test("what processes that were killed left behind goes, what living ones have stays", () => inScratch(async (scratch) => {
  // No process has the highest number that Linux gives away.
  const [dead, alive, other] = ["samapi-frames-4194304-abc", `samapi-frames-${process.pid}-abc`, "classical-abc"];
  for (const name of [dead, alive, other]) {
    mkdirSync(join(scratch, name));
    writeFileSync(join(scratch, name, "0.jpg"), "");
  }
  const uploads = createUploads(scratch, 60_000);
  await uploads.put({ dirname: "a", filename: "0.jpg", bytes: frame(1) });
  assert.deepEqual(readdirSync(scratch).filter((name) => [dead, alive, other].includes(name)).sort(), [other, alive].sort());
  await uploads.close();
}));
