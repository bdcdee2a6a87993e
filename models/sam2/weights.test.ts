import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { Checkpoint, CheckpointTensor, TensorDtype } from "../checkpoints/checkpoint.ts";
import { matchSam2Tensors } from "./match-tensors.ts";
import { dimension, type Side } from "./table-rows.ts";
import { sam2TensorNames, unusedTensors, type NetworkParts } from "./tensor-names.ts";
import { sam2Weights } from "./weights.ts";

type Shapes = Record<string, readonly number[]>;

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value);
}

/** Names joined from a tree whose leaves are shapes. */
function flatten(tree: unknown, prefix = ""): Shapes {
  if (isShape(tree)) return { [prefix]: tree };
  return Object.assign({}, ...Object.entries(Object(tree)).map(([word, below]) => flatten(below, prefix === "" ? word : `${prefix}.${word}`)));
}

/** As the official classes and transformers' class have them: fixtures/make/sam2-names.py. */
const tiny = JSON.parse(readFileSync(new URL("../../fixtures/checkpoints/sam2.1-tiny-names.json", import.meta.url), "utf8"));
const [official, transformers] = [flatten(tiny.official), flatten(tiny.transformers)];
/** The same of EdgeTAM: fixtures/make/sam2/make_edgetam.py. Batch norms count in whole numbers, which no network needs. */
const edge = JSON.parse(readFileSync(new URL("../../fixtures/checkpoints/edgetam-names.json", import.meta.url), "utf8"));
const [edgeOfficial, edgeTransformers] = [floats(flatten(edge.official)), floats(flatten(edge.transformers))];

function floats(shapes: Shapes): Shapes {
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => !name.endsWith(".num_batches_tracked")));
}

function checkpointOf(shapes: Shapes, metadata: Record<string, string> = {}, values: Record<string, readonly number[]> = {}, dtypes: Record<string, TensorDtype> = {}): Checkpoint {
  const tensorOf = (name: string, shape: readonly number[]): CheckpointTensor => ({ shape, dtype: dtypes[name] ?? "float32",
    read: async () => Float32Array.from(values[name] ?? Array<number>(shape.reduce((product, side) => product * side, 1)).fill(1)) });
  return { file: "made.pt", format: "torch", metadata, tensors: new Map(Object.entries(shapes).map(([name, shape]) => [name, tensorOf(name, shape)])), close: async () => {} };
}

const without = (shapes: Shapes, ...names: string[]): Shapes => Object.fromEntries(Object.entries(shapes).filter(([name]) => !names.includes(name)));

const tinyConfig = {
  imageSize: 1024,
  trunk: { kind: "hiera", embedDim: 96, blocks: [1, 2, 7, 2], heads: [1, 2, 4, 8], windows: [8, 4, 14, 7], globalBlocks: [5, 7, 9], positionGrid: 7, windowPositionGrid: 8 },
  width: 256, memoryWidth: 64, maskPromptWidth: 16, decoder: { layers: 2, heads: 8, mlpWidth: 2048 }, memoryAttention: { layers: 4, mlpWidth: 2048 },
  perceiver: undefined, fuserLayers: 2, memoryFrames: 7, maxPointers: 16, occlusionMemory: true, pointerTime: true,
};

const edgeConfig = {
  ...tinyConfig, trunk: { kind: "repvit", embedDim: 48, blocks: [2, 2, 14, 2] }, memoryAttention: { layers: 2, mlpWidth: 2048 },
  perceiver: { layers: 2, loose: 256, side: 16 }, occlusionMemory: false, pointerTime: false,
};

for (const { name, config, namings } of [{ name: "SAM 2.1 tiny", config: tinyConfig, namings: { official, transformers } }, { name: "EdgeTAM", config: edgeConfig, namings: { official: edgeOfficial, transformers: edgeTransformers } }]) {
  for (const [naming, shapes] of Object.entries(namings)) {
    test(`the ${naming} classes' own names and shapes of ${name} are all known, and give its dimensions`, async () => {
      assert.deepEqual((await sam2Weights(checkpointOf(shapes))).config, config);
      const { tensors } = matchSam2Tensors(checkpointOf(shapes));
      assert.deepEqual([...tensors.keys()].sort(), Object.keys(namings.official).filter((key) => !unusedTensors.has(key)).sort());
      for (const [key, { shape }] of tensors) assert.deepEqual(shape, namings.official[key], key);
    });
  }

  test(`every name of transformers' class of ${name} is in the table`, () => {
    const { parts } = matchSam2Tensors(checkpointOf(namings.transformers));
    const known = new Set(sam2TensorNames(parts).flatMap((row) => [...row.transformers, ...(row.joined ?? [])]));
    assert.deepEqual(Object.keys(namings.transformers).filter((key) => !known.has(key)), [...unusedTensors].filter((key) => key in namings.transformers));
    assert.deepEqual([...known].filter((key) => !(key in namings.transformers)), []);
  });
}

test("the tied Fourier matrix may be there once, under either name", async () => {
  const [one, other] = ["prompt_encoder.shared_embedding.positional_embedding", "shared_image_embedding.positional_embedding"];
  for (const gone of [one, other]) {
    const { shape } = await sam2Weights(checkpointOf(without(transformers, gone)));
    assert.deepEqual(shape("sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"), [2, 128]);
  }
  await assert.rejects(sam2Weights(checkpointOf(without(transformers, one, other))), { code: "checkpoint_mismatch", message: /1 tensors are missing \(prompt_encoder\.shared_embedding/ });
});

test("transformers' merged point embeddings are four rows", async () => {
  const merged = Array.from({ length: 4 * 256 }, (_, at) => Math.floor(at / 256) + 10);
  const { read } = await sam2Weights(checkpointOf(transformers, {}, { "prompt_encoder.point_embed.weight": merged }));
  for (const [row, value] of [10, 11, 12, 13].entries()) {
    assert.deepEqual(await read(`sam_prompt_encoder.point_embeddings.${row}.weight`), new Float32Array(256).fill(value));
  }
});

test("SAM 2.0 lacks three tensors and is told by that", async () => {
  const { config, shape } = await sam2Weights(checkpointOf(without(official, "no_obj_embed_spatial", "obj_ptr_tpos_proj.weight", "obj_ptr_tpos_proj.bias")));
  assert.deepEqual(config, { ...tinyConfig, occlusionMemory: false, pointerTime: false });
  assert.throws(() => shape("no_obj_embed_spatial"), { code: "internal" });
});

/** Names and shapes of a network of any size, from the table that the tests above hold against the originals. */
function madeShapes(parts: Partial<NetworkParts>, sizes: Record<string, number>): Shapes {
  const all = { ...matchSam2Tensors(checkpointOf(official)).parts, ...parts };
  const known: Record<string, number> = { ...Object.fromEntries(matchSam2Tensors(checkpointOf(official)).dimensions), ...sizes };
  const count = (side: Side): number => typeof side === "number" ? side : known[side.of]! * side.times;
  return Object.fromEntries(sam2TensorNames(all).map(({ official: name, shape }) => [name, shape.map(count)]));
}

test("the official sizes are known by width and blocks", async () => {
  const cases = [
    { embed: 96, grid: 7, trunkBlocks: 16, openingBlocks: [1, 3, 14], blocks: [1, 2, 11, 2], heads: [1, 2, 4, 8], windows: [8, 4, 14, 7], globalBlocks: [7, 10, 13] },
    { embed: 112, grid: 14, trunkBlocks: 24, openingBlocks: [2, 5, 21], blocks: [2, 3, 16, 3], heads: [2, 4, 8, 16], windows: [8, 4, 14, 7], globalBlocks: [12, 16, 20] },
    { embed: 144, grid: 7, trunkBlocks: 48, openingBlocks: [2, 8, 44], blocks: [2, 6, 36, 4], heads: [2, 4, 8, 16], windows: [8, 4, 16, 8], globalBlocks: [23, 33, 43] },
  ];
  for (const { embed, grid, trunkBlocks, openingBlocks, ...trunk } of cases) {
    const { config } = await sam2Weights(checkpointOf(madeShapes({ trunk: { kind: "hiera", blocks: trunkBlocks, openingBlocks } }, { [dimension.embed]: embed, [dimension.grid]: grid })));
    assert.deepEqual(config, { ...tinyConfig, trunk: { kind: "hiera", embedDim: embed, positionGrid: grid, windowPositionGrid: 8, ...trunk } });
  }
});

const shrunken = { "masklet.heads": "1,2,4,8", "masklet.windows": "8,4,6,3", "masklet.global_blocks": "4", "masklet.decoder_heads": "4", "masklet.image_size": "128" };
const shrunkenShapes = madeShapes({ trunk: { kind: "hiera", blocks: 8, openingBlocks: [1, 3, 6] }, memoryLayers: 2, fuserLayers: 1 },
  { [dimension.embed]: 8, [dimension.width]: 48, [dimension.memory]: 16, [dimension.decoderMlp]: 96, [dimension.attentionMlp]: 80, [dimension.iou]: 40, [dimension.maskPrompt]: 8 });

test("any other size is read with what its metadata says", async () => {
  const { config } = await sam2Weights(checkpointOf(shrunkenShapes, shrunken));
  assert.deepEqual(config, {
    ...tinyConfig, imageSize: 128, width: 48, memoryWidth: 16, maskPromptWidth: 8, fuserLayers: 1,
    trunk: { kind: "hiera", embedDim: 8, blocks: [1, 2, 3, 2], heads: [1, 2, 4, 8], windows: [8, 4, 6, 3], globalBlocks: [4], positionGrid: 7, windowPositionGrid: 8 },
    decoder: { layers: 2, heads: 4, mlpWidth: 96 }, memoryAttention: { layers: 2, mlpWidth: 80 },
  });
});

test("missing or unusable metadata is named by its key", async () => {
  for (const key of ["masklet.heads", "masklet.windows", "masklet.global_blocks", "masklet.decoder_heads"]) {
    const rest = Object.fromEntries(Object.entries(shrunken).filter(([other]) => other !== key));
    await assert.rejects(sam2Weights(checkpointOf(shrunkenShapes, rest)), (thrown: { code?: string; details?: { key?: string } }) => thrown.code === "checkpoint_metadata" && thrown.details?.key === key, key);
  }
  const bad: Record<string, readonly string[]> = {
    "masklet.heads": ["1,2,4", "1,2,4,7", "0,2,4,8", "1,2,4,x", ""], "masklet.windows": ["8,4,7,3", "8,4,6", "8,4,6,0", "8,4,6,-3"],
    "masklet.global_blocks": ["4,4", "5,4", "8", "1.5"], "masklet.decoder_heads": ["0", "5", "4,4"],
  };
  for (const [key, texts] of Object.entries(bad)) {
    for (const text of texts) await assert.rejects(sam2Weights(checkpointOf(shrunkenShapes, { ...shrunken, [key]: text })), { code: "checkpoint_metadata" }, `${key}=${text}`);
  }
});

test("the input's side: asked for, else in the metadata, else 1024; a multiple of 32 in range", async () => {
  const side = async (metadata: Record<string, string>, imageSize?: number): Promise<number> => (await sam2Weights(checkpointOf(official, metadata), { imageSize })).config.imageSize;
  assert.deepEqual([await side({}), await side({ "masklet.image_size": "512" }), await side({ "masklet.image_size": "512" }, 256)], [1024, 512, 256]);
  for (const wrong of [0, -32, 100, 1056, 512.5, NaN]) await assert.rejects(side({}, wrong), { code: "image_size_invalid" }, String(wrong));
  // The smaller grid would fit 12 patches, but the trunk halves its grid three times.
  const smallerTiles = checkpointOf({ ...official, "image_encoder.trunk.pos_embed_window": [1, 96, 4, 4] });
  await assert.rejects(sam2Weights(smallerTiles, { imageSize: 48 }), { code: "image_size_invalid" });
  for (const wrong of ["", "large", "500", "1e3"]) await assert.rejects(side({ "masklet.image_size": wrong }), { code: "image_size_invalid" }, wrong);
});

test("what is missing and what is unknown is listed", async () => {
  const renamed = { ...without(official, "no_mem_embed", "sam_mask_decoder.conv_s0.bias"), "sam_mask_decoder.conv_skip.bias": [32] };
  await assert.rejects(sam2Weights(checkpointOf(renamed)), { code: "checkpoint_mismatch", message: /2 tensors are missing \(sam_mask_decoder\.conv_s0\.bias, no_mem_embed\), and 1 are unknown \(sam_mask_decoder\.conv_skip\.bias\)/ });
  await assert.rejects(sam2Weights(checkpointOf({ "image_encoder.patch_embed.proj.weight": [768, 3, 16, 16] })), { code: "checkpoint_mismatch", message: /neither image_encoder\.trunk.*but image_encoder\.patch_embed/ });
  await assert.rejects(sam2Weights(checkpointOf({ ...official, "image_encoder.trunk.blocks.999999999.norm1.weight": [96] })), { code: "checkpoint_mismatch", message: /are missing/ });
});

test("leftovers of a training are ignored, unless they would change what the network computes", async () => {
  const leftovers = { ...official, "criterion.weight": [7], "ema.decay": [1], "image_encoder.trunk.steps": [] };
  assert.deepEqual((await sam2Weights(checkpointOf(leftovers, {}, {}, { "image_encoder.trunk.steps": "int64" }))).config, tinyConfig);
  await assert.rejects(sam2Weights(checkpointOf({ ...official, "image_encoder.trunk.blocks.0.adapter.weight": [96, 96] })), { code: "checkpoint_mismatch", message: /unknown tensors \(image_encoder\.trunk\.blocks\.0\.adapter\.weight\)/ });
});

test("a shape that does not fit is named with the one that would", async () => {
  const wrong = (name: string, shape: readonly number[], dtype: TensorDtype = "float32"): Promise<unknown> => sam2Weights(checkpointOf({ ...official, [name]: shape }, {}, {}, { [name]: dtype }));
  await assert.rejects(wrong("memory_encoder.out_proj.weight", [64, 128, 1, 1]), { code: "checkpoint_mismatch", message: /out_proj\.weight has the shape \[64, 128, 1, 1\] where \[64, 256, 1, 1\] is needed/ });
  await assert.rejects(wrong("no_obj_ptr", [256]), { code: "checkpoint_mismatch", message: /no_obj_ptr has the shape \[256\] where \[1, 256\]/ });
  await assert.rejects(wrong("image_encoder.trunk.pos_embed", [1, 96, 7, 8]), { code: "checkpoint_mismatch", message: /pos_embed has the shape/ });
  await assert.rejects(wrong("no_obj_ptr", [1, 256], "int32"), { code: "checkpoint_mismatch", message: /no_obj_ptr holds int32/ });
});

test("transformers' two projections are one, keys first", async () => {
  const where = "spatial_perceiver.layers.1.self_attention";
  const { read } = await sam2Weights(checkpointOf(edgeTransformers, {}, { [`${where}.k_proj.weight`]: Array<number>(4096).fill(3), [`${where}.v_proj.weight`]: Array<number>(4096).fill(4) }));
  const both = await read("spatial_perceiver.layers.1.self_attn.to_kv.weight");
  assert.deepEqual([both.length, ...new Set(both.subarray(0, 4096)), ...new Set(both.subarray(4096))], [8192, 3, 4]);
  await assert.rejects(sam2Weights(checkpointOf(without(edgeTransformers, `${where}.v_proj.weight`))), { code: "checkpoint_mismatch", message: /1 tensors are missing \(spatial_perceiver\.layers\.1\.self_attention\.v_proj\.weight\)/ });
});

test("EdgeTAM's counters are passed over; a foreign part, a missing one and a wrong one are named", async () => {
  const body = "image_encoder.trunk.body";
  const counted = { ...edgeOfficial, [`${body}.stem.conv1.bn.num_batches_tracked`]: [] };
  assert.deepEqual((await sam2Weights(checkpointOf(counted, {}, {}, { [`${body}.stem.conv1.bn.num_batches_tracked`]: "int64" }))).config, edgeConfig);
  const refused = (shapes: Shapes, message: RegExp): Promise<void> => assert.rejects(sam2Weights(checkpointOf(shapes)), { code: "checkpoint_mismatch", message });
  const cutOff = Object.fromEntries(Object.entries(edgeOfficial).filter(([name]) => !name.startsWith("spatial_perceiver.")));
  await refused(cutOff, /tensors are missing \(spatial_perceiver\.latents, /);
  await refused({ ...edgeOfficial, "spatial_perceiver.pos": [64] }, /unknown tensors \(spatial_perceiver\.pos\)/);
  // As timm's fuse() leaves it.
  const fused = { ...without(edgeOfficial, `${body}.stem.conv1.bn.weight`), [`${body}.stem.conv1.bias`]: [24] };
  await refused(fused, /missing \(image_encoder\.trunk\.body\.stem\.conv1\.bn\.weight\), and 1 are unknown \(image_encoder\.trunk\.body\.stem\.conv1\.bias\)/);
  await refused({ ...edgeOfficial, [`${body}.stages_2.blocks.13.token_mixer.conv.bn.running_var`]: [96] }, /running_var has the shape \[96\] where \[192\]/);
  await refused({ ...edgeOfficial, [`${body}.stages_1.blocks.0.se.fc1.weight`]: [16, 96, 1, 1] }, /se\.fc1\.bias has the shape \[24\] where \[16\]/);
  await refused({ ...edgeOfficial, "spatial_perceiver.latents_2d": [250, 64] }, /250 latents in windows, which is no square number/);
});

test("EdgeTAM's windows must fill its grid; another width needs the decoder's heads", async () => {
  const at = async (imageSize: number): Promise<number> => (await sam2Weights(checkpointOf(edgeOfficial), { imageSize })).config.imageSize;
  assert.deepEqual([await at(256), await at(512), await at(1024)], [256, 512, 1024]);
  for (const wrong of [128, 320, 640]) await assert.rejects(at(wrong), { code: "image_size_invalid", details: { imageSize: String(wrong), multiple: 256, limit: 1024 } });
  const more = madeShapes({ ...matchSam2Tensors(checkpointOf(edgeOfficial)).parts, trunk: { kind: "repvit", blocks: [2, 2, 15, 2] } }, Object.fromEntries(matchSam2Tensors(checkpointOf(edgeOfficial)).dimensions));
  await assert.rejects(sam2Weights(checkpointOf(more)), { code: "checkpoint_metadata", message: /masklet\.decoder_heads/ });
  assert.deepEqual((await sam2Weights(checkpointOf(more, { "masklet.decoder_heads": "8" }))).config, { ...edgeConfig, trunk: { kind: "repvit", embedDim: 48, blocks: [2, 2, 15, 2] } });
});

test("a variance below 0 is found when it is read", async () => {
  const name = "image_encoder.trunk.body.stem.conv2.bn.running_var";
  const { read } = await sam2Weights(checkpointOf(edgeOfficial, {}, { [name]: [...Array<number>(47).fill(1), -1e-3] }));
  await assert.rejects(read(name), { code: "checkpoint_invalid", message: /stem\.conv2\.bn\.running_var has a variance below 0/ });
});

test("a trunk of other than four stages is refused", async () => {
  await assert.rejects(sam2Weights(checkpointOf(without(official, "image_encoder.trunk.blocks.10.proj.weight", "image_encoder.trunk.blocks.10.proj.bias"))), { code: "checkpoint_mismatch" });
});

test("weights that are NaN or infinite are found when they are read, and named", async () => {
  const { read } = await sam2Weights(checkpointOf(official, {}, { no_obj_embed_spatial: [NaN, Infinity, -Infinity, ...Array<number>(61).fill(0)] }));
  await assert.rejects(read("no_obj_embed_spatial"), { code: "weights_not_finite", message: /3 values of no_obj_embed_spatial/ });
  assert.deepEqual(await read("no_obj_ptr"), new Float32Array(256).fill(1));
});
