import assert from "node:assert/strict";
import test from "node:test";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { readSafetensors } from "./safetensors.ts";

/** A file in memory. @param length what its first eight bytes say of the header instead of the truth */
function fileOf(header: string, dataBytes: number, length?: bigint): CheckpointFile {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array([...new Uint8Array(new BigUint64Array([length ?? BigInt(text.length)]).buffer), ...text, ...new Uint8Array(dataBytes).map((_, at) => at)]);
  return { file: "made.safetensors", sizeBytes: bytes.length, descriptor: -1, read: async (at, size) => bytes.slice(at, at + size), close: async () => {} };
}

const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32"): object => ({ dtype, shape, data_offsets: [begin, end] });

test("names, shapes and values, in the header's order", async () => {
  const { tensors, metadata } = await readSafetensors(fileOf(JSON.stringify({ __metadata__: { a: "b" }, late: tensor(4, 12, [1, 2]), early: tensor(0, 4), none: tensor(12, 12, [0]) }), 12));
  assert.deepEqual([...tensors].map(([name, { shape }]) => [name, shape]), [["late", [1, 2]], ["early", [1]], ["none", [0]]]);
  assert.deepEqual([...new Uint8Array((await tensors.get("late")!.read()).buffer)], [4, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual(metadata, { a: "b" });
});

test("a header that lies is refused", async () => {
  const one = tensor(0, 4);
  const cases: readonly (readonly [what: string, file: CheckpointFile, message: RegExp])[] = [
    ["longer than the file", fileOf("{}", 0, 2n ** 39n), /claims 549755813888/],
    ["longer than allowed", { ...fileOf("{}", 0, 2n ** 30n), sizeBytes: 2 ** 33 }, /maxSafetensorsHeaderBytes/],
    ["not JSON", fileOf('{"a":', 0), /not JSON/],
    ["not an object", fileOf("[]", 0), /not a JSON object/],
    ["not UTF-8", fileOf("{}", 256, 200n), /not JSON/],
    ["a name twice", fileOf(`{"a":${JSON.stringify(one)},"a":${JSON.stringify(one)}}`, 4), /"a" twice/],
    ["a name twice, written differently", fileOf(`{"a":${JSON.stringify(one)},"\\u0061":${JSON.stringify(one)}}`, 4), /"a" twice/],
    ["deep nesting", fileOf(`{"a":${"[".repeat(100_000)}`, 0), /deeper than 3/],
    ["fewer bytes than the shape", fileOf(JSON.stringify({ a: tensor(0, 4, [2]) }), 4), /need 8/],
    ["an overlap", fileOf(JSON.stringify({ a: tensor(0, 8), b: tensor(4, 12) }), 12), /overlaps/],
    ["a gap", fileOf(JSON.stringify({ a: tensor(0, 4), b: tensor(8, 12) }), 12), /gap of 4/],
    ["bytes left over", fileOf(JSON.stringify({ a: one }), 8), /take 4 bytes, the file holds 8/],
    ["data cut off", fileOf(JSON.stringify({ a: tensor(0, 8) }), 4), /take 8 bytes, the file holds 4/],
    ["offsets backwards", fileOf(JSON.stringify({ a: tensor(8, 4, [1]) }), 8), /-4 bytes/],
    ["offsets that are no counts", fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}', 4), /no usable data_offsets/],
    ["three offsets", fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}', 4), /no usable data_offsets/],
    ["elements that overflow", fileOf(JSON.stringify({ a: tensor(0, 4, [2 ** 40, 2 ** 40]) }), 4), /maxTensorBytes/],
    ["a huge side hidden by a zero", fileOf(JSON.stringify({ a: tensor(0, 0, [0, 2 ** 40]) }), 0), /maxTensorBytes/],
    ["a negative side", fileOf(JSON.stringify({ a: tensor(0, 4, [-1]) }), 4), /not a count/],
    ["too many dimensions", fileOf(JSON.stringify({ a: tensor(0, 4, [1, 1, 1, 1, 1, 1, 1, 1, 1]) }), 4), /maxTensorRank/],
    ["no shape", fileOf('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4), /no dtype, shape/],
    ["metadata that is no text", fileOf('{"__metadata__":{"a":1}}', 0), /not text/],
    ["a name with control characters", fileOf(JSON.stringify({ "a\u001b[2J": one }), 4), /control characters/],
    ["a name without end", fileOf(JSON.stringify({ ["a".repeat(600)]: one }), 4), /maxTensorNameLength/],
  ];
  for (const [what, file, message] of cases) await assert.rejects(readSafetensors(file), { code: "checkpoint_invalid", message }, what);
});

test("another element type is not guessed", async () => {
  await assert.rejects(readSafetensors(fileOf(JSON.stringify({ a: tensor(0, 4, [4], "F8_E4M3") }), 4)), { code: "checkpoint_unsupported", message: /F8_E4M3/ });
});
