import assert from "node:assert/strict";
import test from "node:test";
import { readOptions } from "./options.ts";

const kinds = { input: "text", root: "texts", invert: "flag" } as const;
const usage = (message: RegExp) => ({ code: "usage", exitCode: 2, message });

test("words, texts, flags and repeated texts are read", () => {
  const options = readOptions(["pull", "--input", "a.tif", "tiny", "--root=one", "--root", "two", "--invert", "--json"], kinds);
  assert.deepEqual(options.words, ["pull", "tiny"]);
  assert.equal(options.text("input"), "a.tif");
  assert.equal(options.required("input"), "a.tif");
  assert.deepEqual(options.texts("root"), ["one", "two"]);
  assert.deepEqual([options.flag("invert"), options.flag("json")], [true, true]);
  const none = readOptions([], kinds);
  assert.deepEqual([none.text("input"), none.texts("root"), none.flag("invert"), none.words], [undefined, [], false, []]);
});

test("an option that is unknown, lacks its value or has one it must not have is named", () => {
  assert.throws(() => readOptions(["--outptu", "x"], kinds), usage(/^Unknown option '--outptu'\.$/));
  assert.throws(() => readOptions(["--input"], kinds), usage(/--input/));
  assert.throws(() => readOptions(["--input", "--invert"], kinds), usage(/--input/));
  assert.throws(() => readOptions(["--input", "-1:5"], kinds), usage(/--input=-XYZ'\.$/));
  assert.throws(() => readOptions(["--invert=yes"], kinds), usage(/--invert/));
  assert.throws(() => readOptions(["--toString", "x"], kinds), usage(/--toString/));
});

test("a required option that is missing or empty is named", () => {
  assert.throws(() => readOptions([], kinds).required("input"), usage(/^--input is missing\.$/));
  assert.throws(() => readOptions(["--input="], kinds).required("input"), usage(/--input/));
});

test("a choice is the first one unless given, and one of the choices", () => {
  const choice = (...args: string[]) => readOptions(args, { axis: "text" }).choice("axis", ["z", "t"]);
  assert.equal(choice(), "z");
  assert.equal(choice("--axis", "t"), "t");
  assert.throws(() => choice("--axis", "w"), usage(/--axis must be one of z, t, not "w"/));
});

test("a whole number is one, and in its range", () => {
  const whole = (...args: string[]) => readOptions(args, { port: "text" }).whole("port", 0, 65_535);
  assert.equal(whole(), undefined);
  assert.equal(whole("--port", "0"), 0);
  assert.equal(whole("--port", "65535"), 65_535);
  for (const bad of ["65536", "-1", "8.5", "", "http"]) assert.throws(() => whole(`--port=${bad}`), usage(/--port must be a whole number from 0 to 65535/));
});

test("a number is one, and in its range", () => {
  const number = (...args: string[]) => readOptions(args, { sigma: "text" }).number("sigma", 0, 10);
  assert.equal(number(), undefined);
  assert.equal(number("--sigma", "0.5"), 0.5);
  for (const bad of ["10.1", "-0.1", "", "wide", "NaN", "Infinity"]) assert.throws(() => number(`--sigma=${bad}`), usage(/--sigma must be a number from 0 to 10/));
});

test("a pair is two finite numbers", () => {
  const pair = (...args: string[]) => readOptions(args, { range: "text" }).pair("range");
  assert.equal(pair(), undefined);
  assert.deepEqual(pair("--range", "3:-8.5"), [3, -8.5]);
  for (const bad of ["3", "3:", ":4", "1:2:3", "a:b", "0:Infinity", ""]) assert.throws(() => pair(`--range=${bad}`), usage(/--range must be two numbers as LOW:HIGH/));
});
