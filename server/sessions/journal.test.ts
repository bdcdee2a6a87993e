import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { openJournal, openJournalFile } from "./journal.ts";
import type { JournalFile } from "./journal.ts";
import { encodeRecord, journalHeader } from "./record.ts";
import type { JournalRecord } from "./record.ts";

const records: readonly JournalRecord[] = [
  { r: "view", view: { range: [0, 255], invert: false, sigma: 1 } },
  { r: "edit", seq: 1, at: "2025-01-01T00:00:00.000Z", author: { id: "a", name: "ann" }, change: { kind: "propagate", run: { objects: [1, 2], along: "z", range: { start: 0, end: 70000 }, direction: "both", window: "object", model: "m" } } },
  { r: "mask", seq: 1, mask: { objectId: 1, axis: "z", index: 4, t: 0, box: [1, 2, 4, 5], bits: new Uint8Array([0xe0, 0xa0, 0xe0]), score: 0.75, area: 8, warnings: ["low-score"] } },
  { r: "end", seq: 1, end: { objectId: 1, direction: "forward", index: 4, reason: "lost" } },
];

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-journal-"));
  await work(folder).finally(() => rm(folder, { recursive: true }));
}

async function written(path: string, all = records): Promise<Uint8Array> {
  const { journal } = await openJournal(path);
  for (const record of all) await journal.append(record, true);
  await journal.close();
  return readFile(path);
}

async function reread(path: string): Promise<readonly JournalRecord[]> {
  const { journal, records: back } = await openJournal(path);
  await journal.close();
  return back;
}

test("what is written is read again, byte arrays too", () => inFolder(async (folder) => {
  await written(join(folder, "journal.bin"));
  assert.deepEqual(await reread(join(folder, "journal.bin")), records);
}));

test("a journal cut at any byte gives the whole records before the cut, and can be written on", () => inFolder(async (folder) => {
  const whole = await written(join(folder, "whole.bin"));
  const ends = records.reduce<number[]>((sum, record) => [...sum, sum.at(-1)! + encodeRecord(record).length], [journalHeader.length]);
  const path = join(folder, "cut.bin");
  for (let cut = 0; cut <= whole.length; cut++) {
    await writeFile(path, whole.subarray(0, cut));
    const kept = ends.filter((end) => end <= cut).length - 1;
    const { journal, records: back } = await openJournal(path);
    assert.deepEqual(back, records.slice(0, Math.max(0, kept)), `cut at ${cut}`);
    await journal.append(records[0]!, false);
    await journal.close();
    assert.equal((await reread(path)).length, Math.max(0, kept) + 1, `cut at ${cut}`);
  }
}));

test("a flipped byte before the last record is damage: told, kept aside, and the part before it opens again", () => inFolder(async (folder) => {
  const whole = await written(join(folder, "whole.bin"));
  const path = join(folder, "journal.bin");
  const lastStart = whole.length - encodeRecord(records.at(-1)!).length;
  for (let at = 0; at < lastStart; at++) {
    const flipped = Uint8Array.from(whole);
    flipped[at]! ^= 0x10;
    await writeFile(path, flipped);
    await assert.rejects(openJournal(path), { code: "session_damaged" }, `byte ${at}`);
    assert.deepEqual(new Uint8Array(await readFile(`${path}.damaged`)), flipped);
    const back = await reread(path);
    assert.deepEqual(back, records.slice(0, back.length));
  }
  for (let at = lastStart; at < whole.length; at++) {
    const flipped = Uint8Array.from(whole);
    flipped[at]! ^= 0x10;
    await writeFile(path, flipped);
    assert.deepEqual(await reread(path), records.slice(0, -1), `byte ${at} of the last record`);
  }
}));

/** A disk that takes so many more bytes and then is full. */
async function fullAfter(path: string, leftBytes: { value: number }): Promise<JournalFile> {
  const file = await openJournalFile(path);
  return {
    ...file,
    write: async (bytes, position) => {
      const fits = bytes.subarray(0, leftBytes.value);
      leftBytes.value -= fits.length;
      await file.write(fits, position);
      if (fits.length < bytes.length) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    },
  };
}

test("a full disk refuses the record, keeps those before, and goes on when there is space again", () => inFolder(async (folder) => {
  const path = join(folder, "journal.bin");
  const left = { value: 1000 };
  const { journal } = await openJournal(path, (at) => fullAfter(at, left));
  await journal.append(records[0]!, true);
  const before = await readFile(path);
  for (const spare of [0, 1, 9, 20]) {
    left.value = spare;
    await assert.rejects(journal.append(records[1]!, true), { code: "disk_full" });
    assert.deepEqual(await readFile(path), before);
  }
  left.value = 1000;
  await journal.append(records[1]!, true);
  await journal.close();
  assert.deepEqual(await reread(path), records.slice(0, 2));
}));

test("another program's file is not taken for a journal", () => inFolder(async (folder) => {
  const path = join(folder, "journal.bin");
  await writeFile(path, "this is a long text of somebody else");
  await assert.rejects(openJournal(path), { code: "session_damaged" });
  assert.ok((await readdir(folder)).includes("journal.bin.damaged"));
  await copyFile(`${path}.damaged`, path);
}));
