import assert from "node:assert/strict";
import test from "node:test";
import { op } from "../../fixtures/make/small-torch.ts";
import { limits } from "#protocol/limits.ts";
import { readPickle } from "./pickle.ts";

const read = (...code: (number | readonly number[])[]): unknown => readPickle(Uint8Array.from(code.flat()), "made.pt");
const dict = (entries: readonly (readonly [unknown, unknown])[]): object => ({ kind: "dict", entries: new Map(entries) });

test("plain values", () => {
  assert.deepEqual(read(op.proto, 0x4e, op.stop), null);
  assert.deepEqual(read(op.mark, 0x88, 0x89, 0x4a, [0xfe, 0xff, 0xff, 0xff], 0x4b, 200, 0x4d, [1, 2], op.tuple, op.stop), { kind: "tuple", items: [true, false, -2, 200, 513] });
  assert.equal(read(0x47, [0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18], op.stop), Math.PI);
  assert.equal(read(op.string("é"), op.stop), "é");
  assert.equal(read(0x8a, 0, op.stop), 0);
  assert.equal(read(0x8a, 2, [0xff, 0x00], op.stop), 255);
  assert.equal(read(0x8a, 1, [0xff], op.stop), -1);
  assert.equal(read(0x8a, 9, [0, 0, 0, 0, 0, 0, 0, 0, 1], op.stop), 2n ** 64n);
});

test("containers are filled in place, so what the memo gives again is the same one", () => {
  const list = { kind: "list", items: [1, 2, 3] };
  assert.deepEqual(read(op.emptyDict, op.string("a"), op.emptyList, 0x71, 5, 0x4b, 1, 0x61, op.mark, 0x4b, 2, 0x4b, 3, 0x65, 0x73, op.mark, op.string("b"), 0x68, 5, op.setItems, op.stop),
    dict([["a", list], ["b", list]]));
});

test("a list may hold itself", () => {
  const value = read(op.emptyList, 0x71, 0, 0x68, 0, 0x61, op.stop);
  assert.ok(typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items) && value.items[0] === value);
});

test("an ordered dictionary is a dictionary; its versions are dropped", () => {
  assert.deepEqual(read(op.global("collections", "OrderedDict"), op.emptyTuple, op.reduce, op.string("a"), 0x4b, 1, 0x73, op.emptyDict, 0x62, op.stop), dict([["a", 1]]));
});

test("trainer extras are read over", () => {
  assert.deepEqual(read(op.global("numpy", "dtype"), op.string("f8"), 0x85, op.reduce, op.emptyTuple, 0x62, op.stop), { kind: "skipped" });
  assert.deepEqual(read(op.global("collections", "defaultdict"), op.global("builtins", "int"), 0x85, op.reduce, op.string("a"), 0x4b, 1, 0x73, op.stop), { kind: "skipped" });
});

test("names that run something, and every way to call them, are refused", () => {
  const run = op.string("echo owned");
  const cases: readonly (readonly [what: string, code: (number | readonly number[])[], message: RegExp])[] = [
    ["os.system", [op.global("posix", "system"), run, 0x85, op.reduce], /"posix\.system".*nothing was executed/],
    ["eval", [op.global("__builtin__", "eval"), run, 0x85, op.reduce], /"__builtin__\.eval"/],
    ["a protocol 4 name", [op.string("os"), op.string("system"), 0x93, run, 0x85, op.reduce], /"os\.system"/],
    ["a name near an allowed one", [op.global("torch._utils", "_rebuild_tensor_v2.__globals__")], /_rebuild_tensor_v2\.__globals__/],
    ["a name with a space", [op.global("torch", "Float Storage")], /"torch\.Float Storage"/],
    ["an object's prototype", [op.global("constructor", "prototype")], /"constructor\.prototype"/],
    ["INST", [op.mark, 0x69, [...new TextEncoder().encode("os\nsystem\n")]], /instruction 0x69/],
    ["OBJ", [op.mark, 0x6f], /instruction 0x6f/],
    ["NEWOBJ", [0x81], /instruction 0x81/],
    ["EXT1", [0x82, 1], /instruction 0x82/],
    ["PERSID", [0x50], /instruction 0x50/],
    ["BINBYTES", [0x42, 0, 0, 0, 0], /instruction 0x42/],
    ["calling a text", [run, op.emptyTuple, op.reduce], /calls what is no name/],
    ["calling a storage type", [op.global("torch", "FloatStorage"), op.emptyTuple, op.reduce], /"torch FloatStorage"/],
    ["a tensor from nothing", [op.global("torch._utils", "_rebuild_tensor_v2"), op.emptyTuple, op.reduce], /_rebuild_tensor_v2/],
    ["state for a list", [op.emptyList, op.emptyDict, 0x62], /no dictionary/],
    ["a dictionary as key", [op.emptyDict, op.emptyDict, 0x4e, 0x73], /neither text nor numbers/],
    ["something outside", [op.string("storage"), op.binPersId], /points to something outside/],
    ["an old protocol", [0x80, 1], /protocol 1/],
  ];
  for (const [what, code, message] of cases) assert.throws(() => read(...code, op.stop), { code: "checkpoint_unsupported", message }, what);
});

test("damage is refused", () => {
  const cases: readonly (readonly [what: string, code: (number | readonly number[])[], message: RegExp])[] = [
    ["nothing", [], /ends in the middle/],
    ["no STOP", [0x4e], /ends in the middle/],
    ["STOP without a value", [op.stop], /empty stack/],
    ["a text longer than the file", [0x58, [0xff, 0xff, 0xff, 0xff], 0x61], /ends in the middle/],
    ["a text that is no UTF-8", [0x58, [1, 0, 0, 0], 0xff, op.stop], /not UTF-8/],
    ["a name without end", [0x63, 0x61], /inside a name/],
    ["an unknown memo", [0x6a, [0xff, 0xff, 0xff, 0xff], op.stop], /did not remember/],
    ["remembering nothing", [0x71, 0], /empty stack/],
    ["a tuple of too few", [0x4e, 0x86], /empty stack/],
    ["a group not begun", [0x74], /did not begin/],
    ["taking what lies below a mark", [0x4e, op.mark, 0x85], /empty stack/],
    ["appending to nothing", [0x4e, 0x4e, 0x61], /no list/],
    ["an odd number of items", [op.emptyDict, op.mark, 0x4e, op.setItems], /no dictionary/],
    ["a key twice", [op.emptyDict, op.mark, 0x4b, 1, 0x4e, 0x4b, 1, 0x4e, op.setItems], /1" twice/],
  ];
  for (const [what, code, message] of cases) assert.throws(() => read(...code), { code: "checkpoint_invalid", message }, what);
});

test("bombs end at a named limit: depth, repetition, containers without number", () => {
  for (const [what, code] of [["marks", 0x28], ["dictionaries", 0x7d], ["nested tuples", 0x85], ["memo", 0x94]] as const) {
    const bomb = new Uint8Array(limits.maxPickleSteps + 2).fill(code);
    bomb[0] = 0x4e;
    assert.throws(() => readPickle(bomb, "made.pt"), { code: "checkpoint_invalid", message: /maxPickleSteps/ }, what);
  }
});

test("a doubling list costs what it says, not what it would unfold to", () => {
  // [] , then forty times: a list that holds the one before twice.
  const double = (memo: number): number[] => [0x5d, 0x71, memo + 1, 0x28, 0x68, memo, 0x68, memo, 0x65];
  const value = read(op.emptyList, 0x71, 0, ...Array.from({ length: 40 }, (_, memo) => double(memo)), op.stop);
  assert.ok(typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items) && value.items.length === 2 && value.items[0] === value.items[1]);
});
