import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Mask } from "#protocol/types.ts";
import { fold } from "./fold.ts";
import { openJournalFile } from "./journal.ts";
import { readRecords } from "./record.ts";
import type { Author } from "./record.ts";
import type { OpenSession, SessionEvent } from "./session.ts";
import { createSessionStore } from "./session-store.ts";

const ann: Author = { id: "a1", name: "ann" };
const bob: Author = { id: "b1", name: "bob" };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-sessions-"));
  await work(folder).finally(() => rm(folder, { recursive: true }));
}

function mask(objectId: number, index: number, area: number): Mask {
  return { objectId, axis: "z", index, t: 0, box: [0, 0, 8, 1], bits: new Uint8Array([area & 255]), score: 0.5, area };
}

function prompt(session: OpenSession, objectId: number, index: number, author = ann, baseSeq?: number): Promise<number> {
  const cut = { axis: "z" as const, index, t: 0, c: 0 };
  return session.edit({ kind: "prompt.set", objectId, cut, parts: { box: [0, 0, 4, 4] }, mask: mask(objectId, index, 3), model: "m" }, author, baseSeq);
}

/** Park and Miller's generator: the same row for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

test("a session opens again as it was, also without having been closed", () => inFolder(async (folder) => {
  const store = createSessionStore({ folder });
  const session = await store.create("vol-abcdef", { sigma: 2 });
  assert.equal(await prompt(session, 1, 5), 1);
  const run = await session.edit({ kind: "propagate", run: { objects: [1], along: "z", direction: "both", window: "object", model: "m" } }, ann);
  await session.addMask(run, mask(1, 6, 9));
  await session.freeze({ range: [3, 200], invert: false, sigma: 2 });
  await session.freeze({ range: [0, 1], invert: true, sigma: 0 });
  const { sessionId } = session.description;
  const bytes = await readFile(join(folder, sessionId, "journal.bin"));
  assert.deepEqual(fold(readRecords(bytes).records), session.state());
  await store.close();

  const again = createSessionStore({ folder });
  assert.deepEqual(await again.list(), [session.summary()], "listed without being opened");
  const reopened = await again.open(sessionId);
  assert.deepEqual(reopened.state(), session.state());
  assert.deepEqual(reopened.summary(), { sessionId, volumeId: "vol-abcdef", seq: 2, view: { range: [3, 200], invert: false, sigma: 2 },
    objects: [{ objectId: 1, seq: 2, prompts: [{ axis: "z", index: 5, t: 0, c: 0 }], masks: 2 }] });
  assert.equal((await reopened.undo(bob)).kind, "propagate");
  assert.equal(reopened.summary().objects[0]!.masks, 1);
  await again.close();
}));

test("random edits: undo all and redo all give the same state, and every prefix of the journal equals the fold at that time", () => inFolder(async (folder) => {
  for (let seed = 1; seed <= 8; seed++) {
    const next = random(seed);
    const upTo = (count: number): number => Math.floor(next() * count);
    const store = createSessionStore({ folder: join(folder, `${seed}`) });
    const session = await store.create("vol-abcdef");
    const states = [session.state()];
    for (let step = 0; step < 40; step++) {
      const objectId = 1 + upTo(3);
      const cut = { axis: "z" as const, index: upTo(6), t: 0, c: 0 };
      const kind = upTo(7);
      if (kind <= 1) await prompt(session, objectId, cut.index);
      else if (kind === 2) await session.edit({ kind: "prompt.remove", objectId, cut }, ann);
      else if (kind === 3) await session.edit({ kind: "object.remove", objectId }, ann);
      else if (kind === 4) await session.undo(ann).catch((fault: { code: string }) => assert.equal(fault.code, "nothing_to_undo"));
      else if (kind === 5) await session.redo(ann).catch((fault: { code: string }) => assert.equal(fault.code, "nothing_to_undo"));
      else {
        const seq = await session.edit({ kind: "propagate", run: { objects: [objectId], along: "z", direction: "forward", window: "object", model: "m" } }, ann);
        for (let index = cut.index; index < 6; index++) {
          states.push(session.state());
          await session.addMask(seq, mask(objectId, index, upTo(200)));
        }
        states.push(session.state());
        await session.addEnd(seq, { objectId, direction: "forward", index: 3, reason: next() < 0.5 ? "lost" : "cancelled" });
      }
      if (states.at(-1) !== session.state()) states.push(session.state());
    }
    const { records } = readRecords(await readFile(join(folder, `${seed}`, session.description.sessionId, "journal.bin")));
    for (let count = 0; count <= records.length; count++) {
      assert.deepEqual(fold(records.slice(0, count)), states[count], `seed ${seed}, ${count} records`);
    }
    const full = session.state();
    for (const _ of full.undoable) await session.undo(ann);
    assert.equal(session.state().objects.size, 0, `seed ${seed}`);
    for (const _ of full.undoable) await session.redo(ann);
    assert.deepEqual(session.state().objects, full.objects, `seed ${seed}`);
    await store.close();
  }
}));

test("a stale edit of an object someone else touched is a conflict; one's own is not", () => inFolder(async (folder) => {
  const store = createSessionStore({ folder });
  const session = await store.create("vol-abcdef");
  const seen = await prompt(session, 1, 5, ann);
  await prompt(session, 1, 6, bob, seen);
  await assert.rejects(prompt(session, 1, 7, ann, seen), { code: "conflict", details: { objectId: 1, seq: 2, baseSeq: 1 } });
  assert.equal(await prompt(session, 2, 7, ann, seen), 3);
  assert.equal(await prompt(session, 2, 8, ann, seen), 4);
  await session.undo(bob);
  await assert.rejects(prompt(session, 2, 8, ann, 4), { code: "conflict" });
  await store.close();
}));

test("edits asked at once are made one after another and told to all in order", () => inFolder(async (folder) => {
  const store = createSessionStore({ folder });
  const session = await store.create("vol-abcdef");
  const events: SessionEvent[] = [];
  const stop = session.subscribe((event) => events.push(event));
  assert.deepEqual(await Promise.all([prompt(session, 1, 5), prompt(session, 2, 5, bob), session.undo(ann).then(({ seq }) => seq)]), [1, 2, 3]);
  stop();
  await prompt(session, 1, 5);
  assert.deepEqual(events.map(({ changed, author, of }) => [changed.seq, changed.kind, changed.objects, author.name, of]),
    [[1, "prompt.set", [1], "ann", undefined], [2, "prompt.set", [2], "bob", undefined], [3, "undo", [2], "ann", 2]]);
  await store.close();
}));

test("an edit that a full disk refused is not there, and the next one is", () => inFolder(async (folder) => {
  const disk = { full: false };
  const store = createSessionStore({ folder, openFile: async (path) => {
    const file = await openJournalFile(path);
    return { ...file, datasync: () => disk.full ? Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })) : file.datasync() };
  } });
  const session = await store.create("vol-abcdef");
  disk.full = true;
  await assert.rejects(prompt(session, 1, 5), { code: "disk_full" });
  assert.equal(session.state().seq, 0);
  disk.full = false;
  assert.equal(await prompt(session, 1, 6), 1);
  await store.close();
  const again = createSessionStore({ folder });
  assert.deepEqual((await again.open(session.description.sessionId)).state(), session.state());
  await again.close();
}));

test("a folder in use is refused; the lock of a dead process is not", () => inFolder(async (folder) => {
  const first = createSessionStore({ folder });
  const session = await first.create("vol-abcdef");
  const second = createSessionStore({ folder });
  await assert.rejects(second.open(session.description.sessionId), { code: "session_in_use", details: { folder, pid: process.pid } });
  await first.close();
  // Our own number, but begun at another time: a killed process whose number was given away again.
  for (const stale of [JSON.stringify({ pid: process.pid, began: "another boot 1" }), JSON.stringify({ pid: 2 ** 30, began: null }), ""]) {
    await writeFile(join(folder, "lock"), stale);
    const third = createSessionStore({ folder });
    await third.open(session.description.sessionId);
    await third.close();
  }
}));

test("the lock of a process that was killed but not yet buried is not kept", { skip: process.platform !== "linux" && "only Linux tells" }, () => inFolder(async (folder) => {
  // The shell's child ends at once; the program that takes the shell's place never asks for its exit code.
  const shell = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = await once(shell.stdout, "data");
    await writeFile(join(folder, "lock"), JSON.stringify({ pid: Number(String(line)), began: null }));
    const store = createSessionStore({ folder });
    await store.create("vol-abcdef");
    await store.close();
  } finally {
    shell.kill("SIGKILL");
  }
}));

test("unknown and damaged sessions say so, and do not hide the others", () => inFolder(async (folder) => {
  const unreadable: string[] = [];
  const store = createSessionStore({ folder, onUnreadable: (sessionId, error) => unreadable.push(`${sessionId} ${error.code}`) });
  assert.deepEqual(await store.list(), []);
  for (const wrong of ["ses-000000", "../../etc", "ses-", "ses-a/../b"]) await assert.rejects(store.open(wrong), { code: "not_found" }, wrong);
  const good = await store.create("vol-abcdef");
  for (const [name, text] of [["ses-aaaaaa", "{"], ["ses-bbbbbb", `{"sessionId":"ses-other1"}`]] as const) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "session.json"), text);
    await assert.rejects(store.open(name), { code: "session_damaged" });
  }
  assert.deepEqual((await store.list()).map(({ sessionId }) => sessionId), [good.description.sessionId]);
  assert.deepEqual(unreadable.sort(), ["ses-aaaaaa session_damaged", "ses-bbbbbb session_damaged"]);
  assert.equal((await store.newestOf("vol-abcdef"))?.description.sessionId, good.description.sessionId);
  assert.equal(await store.newestOf("vol-zzzzzz"), undefined);
  await store.close();
}));
