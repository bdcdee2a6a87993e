import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { builtInRecipes } from "./built-in-recipes.ts";
import { completeRecipe, idOf, valuesOf } from "./complete-recipe.ts";
import type { Recipe, RecipeStep, StepValue } from "./contract.ts";
import { steps } from "./steps/catalogue.ts";

const recipe = (...given: RecipeStep[]): Recipe => ({ name: "mine", steps: given });

function refused(given: string | Recipe, set: Record<string, StepValue>, why: RegExp): void {
  assert.throws(() => completeRecipe(given, set), (thrown) => {
    assert.ok(thrown instanceof MaskletError && thrown.code === "recipe_invalid");
    assert.match(thrown.message, why);
    return true;
  });
}

const bad = (step: RecipeStep, why: RegExp): void => refused(recipe(step), {}, why);

test("every parameter has a value: what is given, else the step's own", () => {
  const found = completeRecipe(recipe({ step: "threshold", low: 2 }, { step: "components", id: "parts" }));
  assert.deepEqual(found, { name: "mine", steps: [{ step: "threshold", method: "robust", low: 2, high: 5 }, { step: "components", id: "parts", connectivity: "26" }] });
  assert.deepEqual(found.steps.map(idOf), ["threshold", "parts"]);
  assert.deepEqual(valuesOf(found.steps[1]!), { connectivity: "26" });
  assert.deepEqual(completeRecipe(found), found, "completed once more it is the same");
});

test("a recipe that comes with the product by its name; the given recipe is untouched", () => {
  for (const { name, steps: given } of builtInRecipes) {
    const before = structuredClone(given);
    const found = completeRecipe(name, name === "fds" ? { "split.h": 2 } : {});
    assert.deepEqual(given, before);
    assert.deepEqual(found.steps.map(({ step }) => step), given.map(({ step }) => step));
    for (const step of found.steps) assert.equal(Object.keys(valuesOf(step)).length, steps.find((one) => one.step === step.step)!.parameters.length);
  }
  refused("fsd", {}, /There is no recipe "fsd"; there are fds, fds-base, ffs\./);
});

test("values as text, as from a command line", () => {
  const found = completeRecipe("fds-base", { "grow.back": "true", "cut.over": "MASK", "cut.method": "otsu", "select.minVolume": "75", "threshold.low": " 2.5 ", "distance.metric": "Clij2" });
  const value = (id: string): Record<string, StepValue> => valuesOf(found.steps.find((step) => idOf(step) === id)!);
  assert.deepEqual([value("grow"), value("cut"), value("select")["minVolume"], value("threshold")["low"], value("distance")], [{ back: true }, { method: "Otsu", over: "mask" }, 75, 2.5, { metric: "clij2" }]);
});

test("a set value goes to the step with that id, also where an id has a dot", () => {
  const twice = recipe({ step: "threshold" }, { step: "close", id: "first" }, { step: "close", id: "v1.2" });
  assert.deepEqual(completeRecipe(twice, { "first.radius": 3, "v1.2.radius": 2 }).steps.slice(1).map(({ radius }) => radius), [3, 2]);
});

test("what is wrong is said with its place", () => {
  bad({ step: "treshold" }, /^Step 1 of the recipe, "treshold", is not known; there are rings, denoise, .*, select\.$/);
  bad({ step: "threshold", lwo: 3 }, /^Step 1 \(threshold\) of the recipe has no parameter "lwo"; it has method, low, high\.$/);
  bad({ step: "background", id: "back", radius: 3 }, /^Step 1 \(back\) of the recipe has no parameter "radius"; it has none\.$/);
  bad({ step: "fill", holes: "yes" }, /^Step 1 \(fill\) of the recipe: holes is true or false, not "yes"\.$/);
  bad({ step: "fill", holes: 1 }, /holes is true or false/);
  bad({ step: "threshold", method: "otzu" }, /method is one of robust, fixed, .*Otsu.*, not "otzu"\.$/);
  bad({ step: "threshold", low: "many" }, /low is a number, not "many"\.$/);
  bad({ step: "threshold", low: "" }, /low is a number, not ""\.$/);
  bad({ step: "threshold", low: true }, /low is a number, not "true"\.$/);
  bad({ step: "threshold", low: Infinity }, /low is a number, not "Infinity"\.$/);
  bad({ step: "threshold", low: NaN }, /low is a number, not "NaN"\.$/);
  bad({ step: "denoise", sigma: 21 }, /sigma is a number from 0 to 20, not 21\.$/);
  bad({ step: "denoise", sigma: -0.1 }, /sigma is a number from 0 to 20, not -0\.1\.$/);
  bad({ step: "denoise", radius: "1.5" }, /radius is a whole number from 0 to 5, not 1\.5\.$/);
});

test("two steps of one kind need ids", () => {
  refused(recipe({ step: "threshold" }, { step: "close" }, { step: "close" }), {}, /^Two steps of the recipe are called "close"; give one of them an id of its own\.$/);
  refused(recipe({ step: "threshold", id: "close" }, { step: "close" }), {}, /called "close"/);
});

test("a set value names a step and a parameter", () => {
  const known = /names no parameter: write step\.parameter with one of the steps polarity, threshold, /;
  for (const path of ["low", ".low", "treshold.low", "", "."]) refused("fds-base", { [path]: 3 }, known);
  refused("fds-base", { "threshold.lwo": 3 }, /^Step 2 \(threshold\) of the recipe has no parameter "lwo"/);
  refused("fds-base", { "threshold.": 3 }, /has no parameter ""/);
  refused("fds-base", { "threshold.low": "x" }, /^Step 2 \(threshold\) of the recipe: low is a number, not "x"\.$/);
});

test("a step takes what one before it gives", () => {
  refused(recipe(), {}, /^The recipe has no step\.$/);
  bad({ step: "close" }, /^Step 1 \(close\) of the recipe takes a mask, and no step before it makes one\.$/);
  refused(recipe({ step: "threshold" }, { step: "cut" }), {}, /^Step 2 \(cut\) of the recipe takes a map/);
  refused(recipe({ step: "threshold" }, { step: "select" }, { step: "components" }), {}, /^Step 2 \(select\) of the recipe takes labels/);
  assert.doesNotThrow(() => completeRecipe(recipe({ step: "denoise" })));
});
