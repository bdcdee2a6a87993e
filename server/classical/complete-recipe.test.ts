import assert from "node:assert/strict";
import test from "node:test";
import { builtInRecipes } from "./built-in-recipes.ts";
import { completeRecipe, valuesOf } from "./complete-recipe.ts";
import type { Recipe, StepValue } from "./contract.ts";
import { steps } from "./steps/catalogue.ts";

function refused(recipe: string | Recipe, set: Record<string, StepValue>, why: RegExp): void {
  assert.throws(() => completeRecipe(recipe, set), { code: "recipe_invalid", message: why });
}

test("the built-in recipes are whole, and completing one again changes nothing", () => {
  for (const { name } of builtInRecipes) {
    const recipe = completeRecipe(name);
    assert.deepEqual(completeRecipe(recipe), recipe);
    for (const given of recipe.steps) assert.deepEqual(Object.keys(valuesOf(given)), steps.find(({ step }) => step === given.step)!.parameters.map(({ name: parameter }) => parameter));
  }
});

test("every default is a value that its own parameter allows", () => {
  for (const step of steps) for (const { name, type, value, min = -Infinity, max = Infinity, choices } of step.parameters) {
    if (type === "number") assert.ok(typeof value === "number" && value >= min && value <= max, `${step.step}.${name}`);
    else if (type === "choice") assert.ok(choices!.includes(String(value)), `${step.step}.${name}`);
    else assert.equal(typeof value, "boolean");
  }
});

test("values may be set by step and parameter, as numbers or as text, choices in any case", () => {
  const { steps: changed } = completeRecipe("fds", { "threshold.low": "2.5", "threshold.method": "OTSU", "select.border": "drop", "fill.holes": "false" });
  const step = (name: string): Record<string, StepValue> => valuesOf(changed.find((one) => one.step === name)!);
  assert.deepEqual([step("threshold")["low"], step("threshold")["method"], step("select")["border"], step("fill")["holes"]], [2.5, "Otsu", "drop", false]);
});

test("two steps of one kind are told apart by their ids", () => {
  const recipe: Recipe = { name: "mine", steps: [{ step: "threshold" }, { step: "open" }, { step: "open", id: "again", radius: 2 }, { step: "components" }] };
  assert.equal(completeRecipe(recipe, { "again.radius": 3 }).steps[2]!["radius"], 3);
  refused({ ...recipe, steps: [...recipe.steps, { step: "open" }] }, {}, /Two steps .* "open"/);
});

test("what is wrong is said where it is", () => {
  refused("fdx", {}, /no recipe "fdx"; there are fds, /);
  refused("fds", { "threshold.lo": 3 }, /Step 5 \(threshold\) of the recipe has no parameter "lo"; it has method, low, high/);
  refused("fds", { "treshold.low": 3 }, /"treshold.low" names no parameter/);
  refused("fds", { low: 3 }, /"low" names no parameter/);
  refused("fds", { "split.method": "best" }, /method is one of auto, .* not "best"/);
  refused("fds", { "split.minCore": 1.5 }, /minCore is a whole number from 1 to .* not 1.5/);
  refused("fds", { "split.h": -1 }, /h is a number from 0 to 1000, not -1/);
  refused("fds", { "split.h": "deep" }, /h is a number, not "deep"/);
  refused("fds", { "split.h": "" }, /h is a number/);
  refused("fds", { "threshold.low": NaN }, /low is a number/);
  refused("fds", { "fill.holes": 1 }, /holes is true or false/);
  refused({ name: "none", steps: [] }, {}, /no step/);
  refused({ name: "odd", steps: [{ step: "treshold" }] }, {}, /Step 1 of the recipe, "treshold", is not known; there are rings, /);
  refused({ name: "early", steps: [{ step: "split" }] }, {}, /Step 1 \(split\) of the recipe takes a mask, and no step before it makes one/);
  refused({ name: "early", steps: [{ step: "threshold" }, { step: "cut" }] }, {}, /takes a map/);
});
