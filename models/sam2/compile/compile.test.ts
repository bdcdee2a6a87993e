// Shrunken networks with random weights against what the official code answers in PyTorch (fixtures/sam2). At 128 windows do not
// fill their grids, at 192 they do.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { openCheckpoint } from "../../checkpoints/open-checkpoint.ts";
import { openGraph, type GraphTensor } from "../../runtime/session.ts";
import { networkFiles, readNetworkDescription } from "../network-description.ts";
import { sam2Weights, type Sam2Weights } from "../weights.ts";
import { compileSam2 } from "./compile.ts";

async function withNetwork(name: string, imageSize: number, body: (weights: Sam2Weights, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-compile-"));
  const checkpoint = await openCheckpoint(`fixtures/sam2/${name}.safetensors`);
  try {
    await body(await sam2Weights(checkpoint, { imageSize }), folder);
  } finally {
    await checkpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The largest difference of each output, over all cases of a graph in a file of references. */
async function differences(folder: string, file: string, reference: string): Promise<Record<string, number>> {
  const expected = await openCheckpoint(reference);
  const tensor = async (name: string): Promise<GraphTensor> => {
    const { shape, read } = expected.tensors.get(name)!;
    return { data: await read(), dims: shape };
  };
  const graphName = file.replace(".onnx", "");
  const graph = await openGraph(join(folder, file), { model: "test" });
  const worst: Record<string, number> = {};
  const cases = new Set([...expected.tensors.keys()].filter((name) => name.startsWith(`${graphName}.`)).map((name) => name.split(".")[1]!));
  assert.ok(cases.size > 0);
  for (const one of cases) {
    // What a case does not give is one of the encoder's answers; the decoder's features are conditioned.
    const source = (input: string) => [`${graphName}.${one}.${input}`, ...(graphName === "mask-decoder" ? [input] : []), `image-encoder.image.${input === "features" ? "s2" : input}`, input]
      .find((name) => expected.tensors.has(name))!;
    const feeds: Record<string, GraphTensor> = {};
    for (const { name } of graph.inputs) feeds[name] = await tensor(source(name));
    const answers = await graph.run(feeds);
    for (const [name, { data, dims }] of Object.entries(answers)) {
      const wanted = await tensor(`${graphName}.${one}.${name}`);
      assert.deepEqual(dims, wanted.dims, `${file} ${one} ${name}`);
      worst[name] = data.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted.data[index]!)), worst[name] ?? 0);
    }
  }
  await graph.close();
  await expected.close();
  return worst;
}

for (const { name, imageSize } of [{ name: "sam2.1_shrunken", imageSize: 128 }, { name: "sam2.1_shrunken", imageSize: 192 }, { name: "sam2_shrunken", imageSize: 128 }, { name: "edgetam_shrunken", imageSize: 128 }, { name: "edgetam_shrunken", imageSize: 192 }]) {
  test(`${name} at ${imageSize} answers as PyTorch does`, () => withNetwork(name, imageSize, async (weights, folder) => {
    await compileSam2(weights, folder);
    const reference = `fixtures/sam2/${name}.modules-${imageSize}.safetensors`;
    for (const file of [networkFiles.imageEncoder, networkFiles.maskDecoder, networkFiles.memoryEncoder, networkFiles.memoryAttention]) {
      for (const [output, difference] of Object.entries(await differences(folder, file, reference))) {
        assert.ok(difference < 2e-4, `${file} ${output}: ${difference}`);
      }
    }
  }));
}

test("the folder holds the graphs, one file of weights and a description, equal at every writing", () => withNetwork("sam2.1_shrunken", 64, async (weights, folder) => {
  const contents = async () => Promise.all((await readdir(folder)).sort().map(async (file) => [file, (await readFile(join(folder, file))).toString("base64")]));
  const shares: number[] = [];
  await compileSam2(weights, folder, { sourceSha256: "ab".repeat(32), onProgress: ({ done, total }) => shares.push(done / total) });
  const first = await contents();
  assert.deepEqual(first.map(([file]) => file), Object.values(networkFiles).sort());
  assert.equal(shares.at(-1), 1);
  const { config, sourceSha256, constants } = await readNetworkDescription(folder, "test");
  assert.deepEqual(config, weights.config);
  assert.equal(sourceSha256, "ab".repeat(32));
  assert.deepEqual(constants.noMemory, await weights.read("no_mem_embed"));
  await compileSam2(weights, folder, { sourceSha256: "ab".repeat(32) });
  assert.deepEqual(await contents(), first);
}));

test("compiling hears a cancel", () => withNetwork("sam2_shrunken", 128, async (weights, folder) => {
  const abort = new AbortController();
  await assert.rejects(compileSam2(weights, folder, { signal: abort.signal, onProgress: () => abort.abort() }), { code: "cancelled" });
  await assert.rejects(readNetworkDescription(folder, "test"), { code: "model_damaged" });
}));

test("eight-bit layers change the deepest features a little, and nothing else", () => withNetwork("sam2.1_shrunken", 128, async (weights, folder) => {
  await compileSam2(weights, folder, { int8: true });
  assert.equal((await readNetworkDescription(folder, "test")).int8, true);
  const reference = "fixtures/sam2/sam2.1_shrunken.modules-128.safetensors";
  const { s0, s1, s2 } = await differences(folder, networkFiles.imageEncoder, reference);
  assert.ok(s0! < 2e-4 && s1! < 2e-4, `${s0} ${s1}`);
  assert.ok(s2! > 1e-3 && s2! < 1, `${s2}`);
  for (const [output, difference] of Object.entries(await differences(folder, networkFiles.maskDecoder, reference))) assert.ok(difference < 2e-4, `${output}: ${difference}`);
}));
