import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { Checkpoint } from "./checkpoint.ts";
import { openCheckpoint } from "./open-checkpoint.ts";

const fixture = (name: string): string => new URL(`../../fixtures/checkpoints/${name}`, import.meta.url).pathname;

async function opened(t: TestContext, path: string): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(path);
  t.after(() => checkpoint.close());
  return checkpoint;
}

async function fileOf(t: TestContext, content: Uint8Array | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-checkpoint-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "weights.pt");
  await writeFile(path, content);
  return path;
}

async function valuesOf({ tensors }: Checkpoint, name: string): Promise<number[]> {
  return [...await tensors.get(name)!.read()];
}

/** As fixtures/make/checkpoints.py makes them: start, start + 0.25, ... */
const ramp = (count: number, start = 0): number[] => Array.from({ length: count }, (_, at) => start + at / 4);
const whole = (row: number, column: number): number => (row * 6 + column) / 4;

/** Shape and row-major values of each tensor, however it lies in its storage. */
const expected: Readonly<Record<string, readonly [shape: number[], values: number[]]>> = {
  plain: [[2, 3], ramp(6, 1)],
  parameter: [[3], ramp(3, -1)],
  half: [[5], ramp(5, -2)],
  brain: [[5], ramp(5, -2)],
  double: [[2, 2], ramp(4, 9)],
  rows: [[2, 6], ramp(12, 1.5)],
  columns: [[4, 3], [0, 1, 2, 3].flatMap((row) => [2, 3, 4].map((column) => whole(row, column)))],
  transposed: [[6, 4], [0, 1, 2, 3, 4, 5].flatMap((column) => [0, 1, 2, 3].map((row) => whole(row, column)))],
  permuted: [[4, 2, 3], [0, 1, 2, 3].flatMap((k) => [0, 1].flatMap((i) => [0, 1, 2].map((j) => (i * 12 + j * 4 + k) / 4)))],
  every_second: [[2, 2], [whole(0, 0), whole(0, 3), whole(2, 0), whole(2, 3)]],
  expanded: [[2, 3], [0, 0.25, 0.5, 0, 0.25, 0.5]],
  scalar: [[], [2.5]],
  empty: [[0, 3], []],
};

for (const [name, format] of [["views.pt", "torch"], ["views.safetensors", "safetensors"]] as const) {
  test(`${name}: views, transposes, parameters and every float type, as PyTorch sees them`, async (t) => {
    const checkpoint = await opened(t, fixture(name));
    assert.equal(checkpoint.format, format);
    assert.deepEqual([...checkpoint.tensors.keys()].sort(), [...Object.keys(expected), "steps"].sort());
    for (const [tensor, [shape, values]] of Object.entries(expected)) {
      assert.deepEqual(checkpoint.tensors.get(tensor)!.shape, shape, tensor);
      assert.deepEqual(await valuesOf(checkpoint, tensor), values, tensor);
    }
    assert.deepEqual(["plain", "half", "brain", "double", "steps"].map((tensor) => checkpoint.tensors.get(tensor)!.dtype), ["float32", "float16", "bfloat16", "float64", "int64"]);
    await assert.rejects(valuesOf(checkpoint, "steps"), { code: "checkpoint_unsupported" });
  });
}

test("metadata comes from safetensors' own, and from top-level masklet keys of torch", async (t) => {
  assert.deepEqual((await opened(t, fixture("views.safetensors"))).metadata, { format: "pt", "masklet.image_size": "64" });
  assert.deepEqual((await opened(t, fixture("trainer.pt"))).metadata, { "masklet.image_size": "64" });
});

test("weights lie at the top level too, also with pickle protocol 4", async (t) => {
  const checkpoint = await opened(t, fixture("top-level.pt"));
  assert.deepEqual([...checkpoint.tensors.keys()], ["plain", "transposed"]);
  assert.deepEqual(await valuesOf(checkpoint, "transposed"), expected["transposed"]![1]);
});

test("a trainer's file gives its model alone: optimizer, losses and numpy's numbers are read over", async (t) => {
  const checkpoint = await opened(t, fixture("trainer.pt"));
  assert.deepEqual([...checkpoint.tensors.keys()], ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"]);
  assert.deepEqual(await valuesOf(checkpoint, "0.weight"), ramp(6));
});

test("half floats keep their ends: zeros of both signs, the largest, subnormal ones, infinity and NaN", async (t) => {
  const checkpoint = await opened(t, fixture("extremes.pt"));
  assert.deepEqual(await valuesOf(checkpoint, "half"), [0, -0, 65504, 2 ** -24, -(2 ** -14), Infinity, NaN, 0.333251953125]);
  assert.deepEqual(await valuesOf(checkpoint, "brain"), [0, -0, 65536, 2 ** -24, -(2 ** -14), Infinity, NaN, 0.333984375]);
});

test("a pickle that asks for anything else is refused, and says for what", async () => {
  await assert.rejects(openCheckpoint(fixture("foreign.pt")), { code: "checkpoint_unsupported", message: /"collections\.Counter"/ });
});

test("what is no checkpoint is named", async (t) => {
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ["", /empty/],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:0\n", /git-lfs pointer/],
    ["<!DOCTYPE html><html></html>", /web page/],
    [Uint8Array.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]), /before version 1\.6/],
    [Uint8Array.from([0x80, 4, 0x95, 0, 0, 0]), /bare Python pickle/],
    [Uint8Array.from([0x89, 0x48, 0x44, 0x46, 13, 10]), /HDF5/],
    ["just some text", /no format/],
  ];
  for (const [content, message] of cases) await assert.rejects(openCheckpoint(await fileOf(t, content)), { code: "checkpoint_unsupported", message });
});

test("a missing file and a folder have their codes", async () => {
  await assert.rejects(openCheckpoint(fixture("none.pt")), { code: "file_missing" });
  await assert.rejects(openCheckpoint(fixture("")), { code: "file_unreadable" });
});

function safetensorsOf(header: object, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  return Uint8Array.from([...new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer), ...text, ...new Uint8Array(dataBytes)]);
}

test("low-rank adapters that were not merged are refused, whoever named them", async (t) => {
  const names = ["base_model.model.trunk.qkv.lora_A.default.weight", "blocks.0.attn.qkv.lora_B", "blocks.0.attn.qkv.base_layer.weight", "blocks.0.attn.qkv.w_a_linear_q.weight"];
  for (const name of names) {
    const path = await fileOf(t, safetensorsOf({ [name]: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, 4));
    await assert.rejects(openCheckpoint(path), { code: "checkpoint_unsupported", message: /LoRA.*merge/ }, name);
  }
  const merged = safetensorsOf({ "blocks.0.exploration.weight": { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, 4);
  assert.equal((await opened(t, await fileOf(t, merged))).tensors.size, 1);
});
