import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { makePhantom } from "../../fixtures/make/phantom.ts";
import { completeRecipe } from "./complete-recipe.ts";
import type { ClassicalProgress, ClassicalRequest } from "./contract.ts";
import { runRecipeInThread } from "./run-in-thread.ts";
import { runRecipe } from "./run-recipe.ts";
import { cropped, voxelsIn, wholeBox } from "./tiles/box3.ts";

const scratch = mkdtempSync(join(tmpdir(), "masklet-thread-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const phantom = makePhantom({ shape: [34, 60, 68], particles: 7, radius: [7, 12], stacked: 2, leaning: 2, seed: 4 });
const whole = wholeBox(phantom.shape);
const request: ClassicalRequest = {
  reader: { size: phantom.shape, dtype: "uint16", spacing: undefined, read: async (box) => cropped(phantom.raw, whole, box) },
  recipe: completeRecipe("fds"), scratch, threads: 2, chunkSide: 32,
};
/** Half of the volume, and two seeds in it. */
const limits: ClassicalRequest["limits"] = (box) => new Uint8Array(voxelsIn(box)).fill(box.start[1] < 32 ? 1 : 0);
const seeds: ClassicalRequest["seeds"] = (box) => cropped(Uint32Array.from(phantom.labels, (label) => (label < 3 ? label : 0)), whole, box);

for (const [what, more] of Object.entries({ "all of it": {}, "with limits and seeds": { limits, seeds }, "from scratch files": { memoryBytes: 1 }, "up to a mask": { until: "close" } } satisfies Record<string, Partial<ClassicalRequest>>)) {
  test(`a thread gives what running here gives, ${what}`, async () => {
    const said: ClassicalProgress[] = [];
    const there = await runRecipeInThread({ ...request, ...more }, { onProgress: (progress) => said.push(progress) });
    const here = await runRecipe({ ...request, ...more }, {});
    const { read: _read, close: _close, ...found } = there;
    const { read: _readHere, close: _closeHere, ...expected } = here;
    assert.deepEqual(found, expected);
    assert.deepEqual(await there.read(whole), await here.read(whole));
    assert.ok(said.length > 1 && said.some(({ done, total }) => done === total));
    await Promise.all([there.close(), here.close()]);
    await there.close();
    await assert.rejects(there.read(whole), (fault) => fault instanceof MaskletError);
    assert.deepEqual(readdirSync(scratch), []);
    assert.equal(phantom.raw.length, voxelsIn(whole));
  });
}

test("what reading throws comes as it is", async () => {
  const broken = new RangeError("the stack ends early");
  await assert.rejects(runRecipeInThread({ ...request, reader: { ...request.reader, read: () => Promise.reject(broken) } }, {}), (fault) => fault === broken);
  const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
  await assert.rejects(runRecipeInThread({ ...request, reader: { ...request.reader, read: () => Promise.reject(full) } }, {}), (fault) => fault instanceof MaskletError && fault.code === "disk_full");
  assert.deepEqual(readdirSync(scratch), []);
});

test("what the run throws, and being cancelled before and meanwhile", async () => {
  await assert.rejects(runRecipeInThread({ ...request, until: "sieve" }, {}), (fault) => fault instanceof MaskletError && fault.code === "recipe_invalid");
  const isCancelled = (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "cancelled";
  await assert.rejects(runRecipeInThread(request, { signal: AbortSignal.abort() }), isCancelled);
  const meanwhile = new AbortController();
  await assert.rejects(runRecipeInThread(request, { signal: meanwhile.signal, onProgress: ({ step }) => step === "fill" && meanwhile.abort() }), isCancelled);
  assert.deepEqual(readdirSync(scratch), []);
});
