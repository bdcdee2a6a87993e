import assert from "node:assert/strict";
import test from "node:test";
import { validate } from "#protocol/schema.ts";
import { builtInRecipes } from "./built-in-recipes.ts";
import { completeRecipe } from "./complete-recipe.ts";
import { describeRecipe } from "./describe-recipe.ts";

test("every recipe that comes with the product is told whole, and what is told makes the same recipe again", () => {
  for (const recipe of builtInRecipes) {
    const told = validate("RecipeInfo", describeRecipe(recipe));
    const steps = told.steps.map(({ step, id, parameters }) => ({ step, id, ...Object.fromEntries(parameters.map(({ name, value }) => [name, value])) }));
    assert.deepEqual(completeRecipe({ name: told.name, steps }).steps.map(({ id: _id, ...step }) => step), completeRecipe(recipe.name).steps);
    for (const { parameters } of told.steps) for (const { about, type, choices } of parameters) assert.ok(about.length > 0 && (type === "choice") === (choices !== undefined));
  }
});
