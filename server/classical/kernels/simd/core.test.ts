import assert from "node:assert/strict";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { MaskletError } from "#protocol/errors.ts";
import { seededVoxels } from "../../../../test/neighbourhood-laws.ts";
import { laplacianOfGaussian } from "../laplacian-of-gaussian.ts";
import { medianFilter } from "../median.ts";
import { dilate } from "../morphology.ts";
import { columnMedians } from "../rings.ts";
import { simdCore, withMemory } from "./core.ts";

test("memory is given back after each call, also a failed one, and within another", () => {
  const at = withMemory((_core, take) => {
    const outer = take(10);
    const inner = withMemory((_same, takeInside) => takeInside(100));
    assert.ok(inner >= outer + 10 && inner % 16 === 0);
    assert.equal(take(1), inner, "the inner call's memory is free again");
    return outer;
  });
  assert.throws(() => withMemory((_core, take) => take(2 ** 29)), (error) => error instanceof MaskletError && error.code === "too_large");
  assert.equal(withMemory((_core, take) => take(1)), at);
});

test("large planes and deep stacks leave the memory small", () => {
  const wide = seededVoxels(1, "float32", 3 * 900 * 1100);
  laplacianOfGaussian(wide, [3, 900, 1100], 1.4);
  medianFilter(wide, [3, 900, 1100], 1);
  dilate(wide, [3, 900, 1100], 3, "ball");
  columnMedians(wide, [300, 99, 100]);
  const bytes = simdCore().memory.buffer.byteLength;
  assert.ok(bytes < 2 ** 23, `${bytes} bytes`);
});

test("a call that needed much leaves no more than others", () => {
  dilate(new Uint8Array(2500 * 41), [1, 41, 2500], 16, "ball");
  assert.ok(simdCore().memory.buffer.byteLength < 2 ** 25 + 1);
  assert.deepEqual(medianFilter(Uint8Array.of(1, 9, 1, 1), [1, 1, 4], 1), Uint8Array.of(1, 1, 1, 1));
});

test("each thread has its own", async () => {
  const source = `
    const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(new URL("../median.ts", import.meta.url).href)}).then(({ medianFilter }) => parentPort.postMessage(medianFilter(Uint8Array.of(1, 9, 1, 1), [1, 1, 4], 1)));`;
  const worker = new Worker(source, { eval: true });
  const answer = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  assert.deepEqual(answer, Uint8Array.of(1, 1, 1, 1));
  await worker.terminate();
});
