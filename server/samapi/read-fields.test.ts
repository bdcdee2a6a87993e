import assert from "node:assert/strict";
import test from "node:test";
import { flag, listOf, members, number, oneOf, text, whole, within } from "./read-fields.ts";
import type { Read } from "./read-fields.ts";
import { Refusal } from "./refusal.ts";

/** The type of the fault, or the value. */
function read<T>(reader: Read<T>, value: unknown): T | string {
  try {
    return reader(value, ["body", "it"]);
  } catch (thrown) {
    assert.ok(thrown instanceof Refusal && typeof thrown.detail !== "string");
    assert.deepEqual(thrown.detail[0]?.loc.slice(0, 2), ["body", "it"]);
    return thrown.detail[0]!.type;
  }
}

test("numbers come as numbers, texts and booleans; whole ones lose their fraction", () => {
  assert.deepEqual([12, 12.9, -12.9, "12", " 12 ", "1_000", true, -0.5].map((value) => read(whole, value)), [12, 12, -12, 12, 12, 1000, 1, 0]);
  for (const bad of ["12.5", "", "x", 2 ** 60, [], {}, null, Infinity]) assert.equal(read(whole, bad), "type_error.integer");
  assert.deepEqual([0.5, "0.5", "1e3", false].map((value) => read(number, value)), [0.5, 0.5, 1000, 0]);
  for (const bad of ["", "half", [], "Infinity"]) assert.equal(read(number, bad), "type_error.float");
  assert.equal(read(within(whole, { least: 1, most: 3 }), 0), "value_error.number.not_ge");
  assert.equal(read(within(whole, { least: 1, most: 3 }), "4"), "value_error.number.not_le");
});

test("flags, texts, names and lists", () => {
  assert.deepEqual([true, "True", "on", 1, "0", "no", false].map((value) => read(flag, value)), [true, true, true, true, false, false, false]);
  for (const bad of ["perhaps", 2, [], null]) assert.equal(read(flag, bad), "type_error.bool");
  assert.deepEqual([read(text, "a"), read(text, 5), read(text, {})], ["a", "5", "type_error.str"]);
  assert.deepEqual([read(oneOf(["Single mask", "b"]), "SINGLE MASK"), read(oneOf(["a"]), "c"), read(oneOf(["a"]), 1)], ["Single mask", "type_error.enum", "type_error.enum"]);
  assert.deepEqual(read(listOf(whole, 2), ["1", 2]), [1, 2]);
  assert.deepEqual([read(listOf(whole, 2), "12"), read(listOf(whole, 2), [1, 2, 3]), read(listOf(whole, 2), ["x"])], ["type_error.list", "value_error.list.max_items", "type_error.integer"]);
});

test("null is absent, unless it is needed", () => {
  const from = members(JSON.parse('{"a":null,"b":1,"__proto__":{"c":2}}'), ["body"]);
  assert.deepEqual([from.optional("a", whole), from.optional("b", whole), from.optional("c", whole), from.optional("toString", text)], [undefined, 1, undefined, undefined]);
  assert.throws(() => from.required("a", whole), /body\.a: none is not an allowed value/);
  assert.throws(() => from.required("d", whole), /body\.d: field required/);
  for (const bad of [null, [], "x", 1]) assert.throws(() => members(bad, ["body"]), /not a valid dict/);
});
