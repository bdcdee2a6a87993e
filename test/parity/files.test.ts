// The same network from every file it comes in: official .pt, safetensors in half precision, and transformers' naming.
import assert from "node:assert/strict";
import test from "node:test";
import { openCheckpoint } from "#models/checkpoints/open-checkpoint.ts";
import type { Checkpoint } from "#models/checkpoints/checkpoint.ts";
import { sam2Weights } from "#models/sam2/weights.ts";
import { fixture } from "./compiled.ts";
import { readTensors } from "./read-tensors.ts";

const OFFICIAL = "sam2.1_shrunken.safetensors";
/** In the official files, and read by nothing when a network is used. */
const UNUSED = "no_mem_pos_enc";
/** A whole number beside each batch norm. */
const COUNTER = "num_batches_tracked";

test("metadata and tensors give the network's dimensions", async () => {
  const { config } = await withCheckpoint(OFFICIAL, sam2Weights);
  assert.deepEqual(config, {
    imageSize: 128,
    trunk: { kind: "hiera", embedDim: 8, blocks: [1, 2, 3, 2], heads: [1, 2, 4, 8], windows: [8, 4, 6, 3], globalBlocks: [4], positionGrid: 7, windowPositionGrid: 8 },
    width: 48, memoryWidth: 16, maskPromptWidth: 16,
    decoder: { layers: 2, heads: 4, mlpWidth: 96 }, memoryAttention: { layers: 2, mlpWidth: 96 },
    perceiver: undefined, fuserLayers: 2, memoryFrames: 7, maxPointers: 16, occlusionMemory: true, pointerTime: true,
  });
  const { config: older } = await withCheckpoint("sam2_shrunken.safetensors", sam2Weights);
  assert.deepEqual([older.occlusionMemory, older.pointerTime], [false, false]);
});

test("EdgeTAM's come from its tensors, but for the decoder's heads", async () => {
  const { config } = await withCheckpoint("edgetam_shrunken.safetensors", sam2Weights);
  assert.deepEqual(config, {
    imageSize: 128, trunk: { kind: "repvit", embedDim: 8, blocks: [2, 1, 3, 2] }, width: 48, memoryWidth: 16, maskPromptWidth: 16,
    decoder: { layers: 2, heads: 4, mlpWidth: 96 }, memoryAttention: { layers: 2, mlpWidth: 96 }, perceiver: { layers: 2, loose: 12, side: 4 },
    fuserLayers: 2, memoryFrames: 7, maxPointers: 16, occlusionMemory: false, pointerTime: false,
  });
});

for (const name of ["sam2.1_shrunken", "edgetam_shrunken"]) test(`the official .pt holds the same values: ${name}`, async () => {
  const said = readTensors(fixture(`${name}.safetensors`));
  await withCheckpoint(`${name}.pt`, async (checkpoint) => {
    assert.equal(checkpoint.format, "torch");
    assert.deepEqual([...checkpoint.tensors.keys()].sort(), said.names().sort());
    for (const [key, tensor] of checkpoint.tensors) {
      assert.deepEqual([...tensor.shape], [...said.get(key).dims], key);
      if (tensor.dtype.includes("float")) assert.deepEqual(await tensor.read(), said.get(key).data, key);
    }
  });
});

for (const network of ["sam2.1_shrunken", "edgetam_shrunken"]) test(`transformers' names lead to the official ones: ${network}`, async () => {
  const said = readTensors(fixture(`${network}.safetensors`));
  await withCheckpoint(`${network}.transformers.safetensors`, async (checkpoint) => {
    // Its metadata, as transformers writes it, does not tell what this size needs.
    const { metadata } = await withCheckpoint(`${network}.safetensors`, async ({ metadata: complete }) => ({ metadata: complete }));
    const weights = await sam2Weights({ ...checkpoint, metadata });
    assert.equal(weights.config.imageSize, 128);
    for (const name of said.names().filter((key) => key !== UNUSED && !key.endsWith(COUNTER))) {
      assert.deepEqual([...weights.shape(name)], [...said.get(name).dims], name);
      assert.deepEqual(await weights.read(name), said.get(name).data, name);
    }
  });
});

async function withCheckpoint<T>(name: string, use: (checkpoint: Checkpoint) => Promise<T>): Promise<T> {
  const checkpoint = await openCheckpoint(fixture(name));
  try {
    return await use(checkpoint);
  } finally {
    await checkpoint.close();
  }
}
