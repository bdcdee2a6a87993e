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

test("the official .pt holds the same values", async () => {
  const said = readTensors(fixture(OFFICIAL));
  await withCheckpoint("sam2.1_shrunken.pt", async (checkpoint) => {
    assert.equal(checkpoint.format, "torch");
    assert.deepEqual([...checkpoint.tensors.keys()].sort(), said.names().sort());
    for (const [name, tensor] of checkpoint.tensors) {
      assert.deepEqual([...tensor.shape], [...said.get(name).dims], name);
      assert.deepEqual(await tensor.read(), said.get(name).data, name);
    }
  });
});

test("transformers' names lead to the official ones", async () => {
  const said = readTensors(fixture(OFFICIAL));
  await withCheckpoint("sam2.1_shrunken.transformers.safetensors", async (checkpoint) => {
    // Its metadata, as transformers writes it, does not tell what this size needs.
    const { metadata } = await withCheckpoint(OFFICIAL, async ({ metadata: complete }) => ({ metadata: complete }));
    const weights = await sam2Weights({ ...checkpoint, metadata });
    assert.equal(weights.config.imageSize, 128);
    for (const name of said.names().filter((key) => key !== UNUSED)) {
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
