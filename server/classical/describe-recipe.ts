// A recipe as a person or a dialog needs it: every step with its title, and every parameter with its range and what it does.
import type { Schema } from "#protocol/types.ts";
import type { BuiltInRecipe } from "./built-in-recipes.ts";
import { completeRecipe, idOf } from "./complete-recipe.ts";
import { stepNamed } from "./steps/catalogue.ts";

/** @throws recipe_invalid */
export function describeRecipe(recipe: BuiltInRecipe): Schema<"RecipeInfo"> {
  const { name, steps } = completeRecipe(recipe);
  return {
    name, title: recipe.title,
    steps: steps.map((given) => {
      const { title, parameters } = stepNamed(given.step)!;
      return {
        step: given.step, id: idOf(given), title,
        parameters: parameters.map(({ name: parameter, type, value, min, max, choices, unit, about }) => ({
          name: parameter, type, value: given[parameter] ?? value,
          ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), ...(choices === undefined ? {} : { choices: [...choices] }),
          ...(unit === undefined ? {} : { unit }), about,
        })),
      };
    }),
  };
}
