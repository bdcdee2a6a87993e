// Whole networks in files: fixtures/sam2, one set of random weights written by PyTorch and safetensors in three ways.
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { Checkpoint } from "../checkpoints/checkpoint.ts";
import { openCheckpoint } from "../checkpoints/open-checkpoint.ts";
import { matchSam2Tensors } from "./match-tensors.ts";
import { sam2Weights } from "./weights.ts";

async function opened(t: TestContext, name: string): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(new URL(`../../fixtures/sam2/${name}`, import.meta.url).pathname);
  t.after(() => checkpoint.close());
  return checkpoint;
}

test("the official .pt, official safetensors and transformers' safetensors hold the same network", async (t) => {
  const whole = await opened(t, "sam2.1_shrunken.safetensors");
  const weights = await sam2Weights(whole);
  assert.equal(whole.metadata["masklet.family"], "sam2.1");
  for (const name of ["sam2.1_shrunken.pt", "sam2.1_shrunken.transformers.safetensors"]) {
    const other = await opened(t, name);
    // Neither can say what a network this small has; the official sizes need not.
    await assert.rejects(sam2Weights(other), { code: "checkpoint_metadata" });
    const same = await sam2Weights({ ...other, metadata: whole.metadata });
    assert.deepEqual(same.config, weights.config);
    const names = [...matchSam2Tensors(whole).tensors.keys()];
    assert.equal(names.length, 370);
    for (const tensor of names) {
      assert.deepEqual(same.shape(tensor), weights.shape(tensor), tensor);
      assert.deepEqual(await same.read(tensor), await weights.read(tensor), `${name}: ${tensor}`);
    }
  }
});

test("SAM 2.0 and 2.1 are told apart", async (t) => {
  const [older, newer] = [await sam2Weights(await opened(t, "sam2_shrunken.safetensors")), await sam2Weights(await opened(t, "sam2.1_shrunken.safetensors"))];
  assert.deepEqual([older.config.occlusionMemory, older.config.pointerTime], [false, false]);
  assert.deepEqual({ ...older.config, occlusionMemory: true, pointerTime: true }, newer.config);
});
