import assert from "node:assert/strict";
import test from "node:test";
import { readOptions } from "./options.ts";
import { propagateOptions } from "./propagate.ts";
import { alongOf, readOrder } from "./propagate-order.ts";

const order = (...args: string[]) => readOrder(readOptions(["--input", "vol.tif", "--prompts", "prompts.json", ...args], propagateOptions));
const usage = (message: RegExp) => ({ code: "usage", exitCode: 2, message });

test("what is not said has its settled meaning, and nothing is frozen that was not asked for", () => {
  assert.deepEqual(order(), {
    input: "vol.tif", promptsPath: "prompts.json", model: "auto", window: "object", view: { invert: false },
    request: { along: undefined, direction: "both", range: undefined },
  });
});

test("everything that is said is passed on", () => {
  const said = ["--model", "mobile-sam", "--axis", "t", "--direction", "backward", "--range", "2:9", "--window", "plane", "--display-range=-5:10.5", "--invert", "--sigma", "0"];
  assert.deepEqual(order(...said), {
    input: "vol.tif", promptsPath: "prompts.json", model: "mobile-sam", window: "plane", view: { range: [-5, 10.5], invert: true, sigma: 0 },
    request: { along: "t", direction: "backward", range: { start: 2, end: 9 } },
  });
});

test("the axis is the one asked for, else the one the prompts name", () => {
  const prompts = (...axes: ("y" | "t" | undefined)[]) => ({ objects: axes.map((axis, id) => ({ id: id + 1, ...(axis === undefined ? {} : { axis }), prompts: [] })) });
  assert.equal(alongOf(order("--axis", "x"), prompts("y", "t")), "x");
  assert.equal(alongOf(order(), prompts("y", "y")), "y");
  assert.equal(alongOf(order(), prompts(undefined)), "z");
  assert.equal(alongOf(order(), prompts()), "z");
  assert.throws(() => alongOf(order(), prompts("y", undefined)), usage(/prompts\.json are of the axes y, z; say --axis/));
});

test("a mistake is a usage error that names its option", () => {
  for (const [name, value] of [["range", "2.5:9"], ["range", "-1:9"], ["range", "9"], ["axis", "w"], ["direction", "up"], ["window", "whole"], ["sigma", "11"], ["display-range", "low:high"]] as const) {
    assert.throws(() => order(`--${name}=${value}`), usage(new RegExp(`--${name} `)), `${name} ${value}`);
  }
  assert.throws(() => readOrder(readOptions(["--prompts", "p.json"], propagateOptions)), usage(/--input is missing/));
  assert.throws(() => readOrder(readOptions(["--input", "v.tif"], propagateOptions)), usage(/--prompts is missing/));
});
