import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { createJobQueue } from "./queue.ts";
import type { JobContext, JobEvent, JobQueue } from "./queue.ts";

interface Held {
  readonly context: JobContext;
  finish(result: object): void;
  fail(error: unknown): void;
}

/** A job that does nothing until the test says so; rejects as cancelled when its signal fires. */
function hold(queue: JobQueue, held: Held[], operation = "propagate"): string {
  return queue.submit(operation, (context) => new Promise((finish, fail) => {
    held.push({ context, finish, fail });
    context.signal.addEventListener("abort", () => fail(MaskletError.of("cancelled", {})));
  })).id;
}

function ended(queue: JobQueue, id: string): Promise<JobEvent[]> {
  return new Promise((resolve) => {
    const events: JobEvent[] = [];
    queue.subscribe(id, (event) => {
      events.push(event);
      if (event.event === "end") resolve(events);
    });
  });
}

test("a job goes from running to done, and tells its progress and masks on the way", async () => {
  const queue = createJobQueue();
  const held: Held[] = [];
  const id = hold(queue, held);
  assert.equal(queue.get(id).state, "running");
  const events = ended(queue, id);
  held[0]!.context.onProgress({ done: 1, total: 4, unit: "planes" });
  assert.deepEqual(queue.get(id).progress, { done: 1, total: 4, unit: "planes" });
  const mask = { objectId: 1, axis: "z" as const, index: 0, t: 0, box: [0, 0, 8, 1] as [number, number, number, number], bits: new Uint8Array([255]), score: 1, area: 8 };
  held[0]!.context.onMask(mask);
  held[0]!.finish({ seq: 3 });
  assert.deepEqual((await events).map(({ event }) => event), ["progress", "progress", "mask", "end"]);
  assert.deepEqual(queue.get(id).result, { seq: 3 });
  assert.equal((await ended(queue, id)).length, 1, "who comes late gets the end");
});

test("a job that throws, at once or later, gives its place back", async () => {
  const failed: string[] = [];
  const queue = createJobQueue({ maxRunning: 1, onFailed: (_, error) => failed.push(error.code) });
  const first = queue.submit("undo", () => { throw new TypeError("thrown before any promise"); });
  const held: Held[] = [];
  const second = hold(queue, held);
  assert.equal(queue.get(second).state, "queued");
  await ended(queue, first.id);
  await new Promise((turn) => setImmediate(turn));
  assert.equal(queue.get(first.id).error?.code, "internal");
  assert.equal(queue.get(second).state, "running");
  held[0]!.fail(MaskletError.of("model_host_died", { why: "test" }));
  await ended(queue, second);
  assert.deepEqual([queue.get(second).state, failed], ["failed", ["internal", "model_host_died"]]);
});

test("cancel ends waiting jobs at once and running ones through their signal; ended ones stay", async () => {
  const queue = createJobQueue({ maxRunning: 1 });
  const held: Held[] = [];
  const first = hold(queue, held);
  const second = hold(queue, held);
  assert.equal(queue.cancel(second).state, "cancelled");
  const end = ended(queue, first);
  queue.cancel(first);
  assert.equal((await end).at(-1)!.event, "end");
  assert.equal(queue.get(first).state, "cancelled");
  assert.equal(queue.cancel(first).state, "cancelled");
  assert.throws(() => queue.get("job-000000"), { code: "not_found" });
  assert.throws(() => queue.cancel("job-000000"), { code: "not_found" });
  assert.throws(() => queue.subscribe("job-000000", () => undefined), { code: "not_found" });
});

test("pending and ended jobs are bounded", async () => {
  const queue = createJobQueue({ maxRunning: 1, maxPending: 2, maxEndedJobs: 1 });
  const held: Held[] = [];
  const ids = [hold(queue, held), hold(queue, held)];
  assert.throws(() => hold(queue, held), { code: "too_many", details: { what: "jobs", limit: 2, limitName: "maxPending" } });
  queue.cancel(ids[1]!);
  hold(queue, held);
  await queue.close();
  assert.throws(() => queue.get(ids[1]!), { code: "not_found" });
  assert.throws(() => throwIfCancelled(held[0]!.context.signal), { code: "cancelled" });
});

test("files of a job stay while the job is known, and nobody hears of those of one that failed", async () => {
  const opened: string[] = [];
  const removed: string[] = [];
  const openFolder = async () => {
    const path = `folder-${opened.length}`;
    opened.push(path);
    return { path, remove: async () => { removed.push(path); } };
  };
  const queue = createJobQueue({ openFolder, maxEndedJobs: 2 });
  const held: Held[] = [];
  const run = async (settle: (job: Held) => void): Promise<string> => {
    const id = hold(queue, held, "measure");
    const job = held.at(-1)!;
    assert.equal(await job.context.keepFolder(), await job.context.keepFolder(), "one folder a job");
    assert.equal(queue.folderOf(id), undefined, "not before it is done");
    const end = ended(queue, id);
    settle(job);
    await end;
    return id;
  };
  const [first, second] = [await run((job) => job.finish({})), await run((job) => job.fail(MaskletError.of("export_empty", {})))];
  assert.deepEqual([queue.folderOf(first), queue.folderOf(second)], ["folder-0", undefined]);
  await new Promise((later) => setImmediate(later));
  assert.deepEqual(removed, ["folder-1"]);
  const third = await run((job) => job.finish({}));
  assert.throws(() => queue.folderOf(first), { code: "not_found" });
  await new Promise((later) => setImmediate(later));
  assert.deepEqual(removed, ["folder-1", "folder-0"]);
  assert.equal(queue.folderOf(third), "folder-2");
  await queue.close();
  assert.deepEqual(removed, ["folder-1", "folder-0", "folder-2"]);
});

test("results with many rows are forgotten before there are too many, the newest never", async () => {
  const queue = createJobQueue({ maxEndedRows: 10 });
  const held: Held[] = [];
  const done = async (rows: number): Promise<string> => {
    const id = hold(queue, held);
    const end = ended(queue, id);
    held.at(-1)!.finish({ measures: { objects: Array(rows).fill({}), clusters: [] } });
    await end;
    return id;
  };
  const ids = [await done(4), await done(6), await done(3), await done(99)];
  for (const id of ids.slice(0, 3)) assert.throws(() => queue.get(id), { code: "not_found" });
  assert.equal(queue.get(ids[3]!).state, "done");
});
