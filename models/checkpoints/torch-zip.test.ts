import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { deflateRawSync } from "node:zlib";
import { torchPickle, zipOf, type TensorEntry, type ZipEntry } from "../../fixtures/make/small-torch.ts";
import { openCheckpoint } from "./open-checkpoint.ts";

const floats = (...values: number[]): Uint8Array => new Uint8Array(new Float32Array(values).buffer);
const storage = { type: "FloatStorage", key: "0", elements: 6 };
const tensor = (changes: Partial<TensorEntry> = {}): TensorEntry => ({ storage, offset: 0, size: [2, 3], stride: [3, 1], ...changes });
const data: ZipEntry = { name: "made/data/0", bytes: floats(1, 2, 3, 4, 5, 6) };

const pickleOf = (tensors: Readonly<Record<string, TensorEntry>>): ZipEntry => ({ name: "made/data.pkl", bytes: torchPickle(tensors) });

async function fileOf(t: TestContext, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-torch-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "made.pt");
  await writeFile(path, bytes);
  return path;
}

async function readAll(t: TestContext, entries: readonly ZipEntry[]): Promise<Record<string, number[]>> {
  const checkpoint = await openCheckpoint(await fileOf(t, zipOf(entries)));
  t.after(() => checkpoint.close());
  const values: Record<string, number[]> = {};
  for (const [name, { read }] of checkpoint.tensors) values[name] = [...await read()];
  return values;
}

async function refused(t: TestContext, bytes: Uint8Array, code: string, message: RegExp, what: string): Promise<void> {
  await assert.rejects(openCheckpoint(await fileOf(t, bytes)), { code, message }, what);
}

test("tensors that share a storage, each at its offset and strides; unknown records are ignored", async (t) => {
  const values = await readAll(t, [
    pickleOf({ whole: tensor(), last: tensor({ offset: 3, size: [3], stride: [1] }), columns: tensor({ size: [3, 2], stride: [1, 3] }), one: tensor({ offset: 5, size: [1, 1], stride: [999, 999] }) }),
    data, { name: "made/.data/serialization_id", bytes: floats(0) }, { name: "made/version", bytes: floats(0) }, { name: "made/byteorder", bytes: new TextEncoder().encode("little") },
  ]);
  assert.deepEqual(values, { whole: [1, 2, 3, 4, 5, 6], last: [4, 5, 6], columns: [1, 4, 2, 5, 3, 6], one: [6] });
});

test("tensors that reach beyond their storage, or claim what cannot be, are refused", async (t) => {
  const cases: readonly (readonly [what: string, entry: TensorEntry, message: RegExp])[] = [
    ["one row too many", tensor({ size: [3, 3] }), /beyond its storage of 6/],
    ["an offset too far", tensor({ offset: 1 }), /beyond its storage/],
    ["an offset beyond", tensor({ offset: 7, size: [1], stride: [1] }), /beyond its storage/],
    ["a negative offset", tensor({ offset: -1 }), /no usable offset/],
    ["a negative stride", tensor({ stride: [3, -1] }), /no usable offset/],
    ["a stride that overflows", tensor({ stride: [Number.MAX_SAFE_INTEGER, 1] }), /beyond its storage/],
    ["elements that overflow", tensor({ size: [2 ** 40, 2 ** 40], stride: [0, 0] }), /maxTensorBytes/],
    ["a huge repetition of one value", tensor({ size: [2 ** 20, 2 ** 20], stride: [0, 0] }), /maxTensorBytes/],
    ["more dimensions than strides", tensor({ stride: [1] }), /no usable offset/],
    ["too many dimensions", tensor({ size: Array<number>(9).fill(1), stride: Array<number>(9).fill(1) }), /maxTensorRank/],
    ["a storage longer than its record", tensor({ storage: { ...storage, elements: 7 } }), /24 bytes where 28/],
    ["a storage shorter than its record", tensor({ storage: { ...storage, elements: 5 }, size: [1], stride: [1] }), /24 bytes where 20/],
    ["a storage of another type", tensor({ storage: { ...storage, type: "DoubleStorage" } }), /24 bytes where 48/],
    ["a storage without end", tensor({ storage: { ...storage, elements: 2 ** 52 } }), /24 bytes where/],
    ["a record that is not there", tensor({ storage: { ...storage, key: "../0" } }), /not in it/],
  ];
  for (const [what, entry, message] of cases) await refused(t, zipOf([pickleOf({ a: entry }), data]), "checkpoint_invalid", message, what);
});

test("tensors that together claim more than memory are refused, though each is in bounds", async (t) => {
  const wide = tensor({ size: [2 ** 14, 2 ** 14], stride: [0, 0] });
  await refused(t, zipOf([pickleOf({ a: wide, b: wide, c: wide, d: wide, e: wide }), data]), "checkpoint_invalid", /maxWeightsBytes/, "five of 1 GiB");
});

test("a zip cut anywhere is refused", async (t) => {
  const whole = zipOf([pickleOf({ a: tensor() }), data]);
  for (let length = 4; length < whole.length; length += 37) {
    await assert.rejects(openCheckpoint(await fileOf(t, whole.subarray(0, length))), { code: "checkpoint_invalid", message: /zip directory/ }, `${length} of ${whole.length} bytes`);
  }
});

test("records that lie are refused", async (t) => {
  const pickle = pickleOf({ a: tensor() });
  await refused(t, zipOf([pickle, data, data]), "checkpoint_invalid", /"made\/data\/0" twice/, "twice");
  await refused(t, zipOf([pickle, { ...data, name: "made/data/1" }, { ...data, claims: { headerAt: 0 } }]), "checkpoint_invalid", /overlaps another/, "overlap");
  await refused(t, zipOf([{ ...pickle, claims: { sizeBytes: pickle.bytes.length + 20 } }, data]), "checkpoint_invalid", /overlaps another/, "into the next");
  await refused(t, zipOf([pickle, { ...data, claims: { sizeBytes: 2 ** 31 } }]), "checkpoint_invalid", /zip directory|inside the file/, "beyond the file");
  const packed = deflateRawSync(new Uint8Array(100_000));
  await refused(t, zipOf([pickle, { ...data, bytes: packed, method: 8 }]), "checkpoint_unsupported", /"made\/data\/0" is compressed/, "deflated");
});

test("a pickle larger than its limit is not read", async (t) => {
  await refused(t, zipOf([{ name: "made/data.pkl", bytes: new Uint8Array(2 ** 24 + 1) }]), "checkpoint_invalid", /maxPickleBytes/, "16 MiB and a byte");
});

test("zips that are no checkpoints, or of another kind, are named", async (t) => {
  const pickle = pickleOf({ a: tensor() });
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  await refused(t, zipOf([{ name: "readme.txt", bytes: text("hello") }]), "checkpoint_unsupported", /no data\.pkl/, "any zip");
  await refused(t, zipOf([pickle, data, { name: "made/constants.pkl", bytes: text("x") }]), "checkpoint_unsupported", /TorchScript/, "TorchScript");
  await refused(t, zipOf([pickle, data, { name: "made/byteorder", bytes: text("big") }]), "checkpoint_unsupported", /big-endian/, "big-endian");
  await refused(t, zipOf([pickle, data, { name: "made/byteorder", bytes: text("odd") }]), "checkpoint_unsupported", /neither little nor big/, "odd byte order");
  await refused(t, zipOf([pickleOf({}), data]), "checkpoint_unsupported", /no weights.*"model"/, "no weights");
  await refused(t, zipOf([pickle, data, { ...pickle, name: "other/data.pkl" }]), "checkpoint_unsupported", /several data\.pkl/, "two pickles");
});

test("values are read when asked for, so a file that shrank meanwhile is found out", async (t) => {
  const bytes = zipOf([pickleOf({ a: tensor() }), data]);
  const path = await fileOf(t, bytes);
  const checkpoint = await openCheckpoint(path);
  t.after(() => checkpoint.close());
  await writeFile(path, bytes.subarray(0, 100));
  await assert.rejects(checkpoint.tensors.get("a")!.read(), { code: "checkpoint_invalid", message: /shorter/ });
});
