// The recipes and what runs them, for the server's sessions and for the command line alike. Loaded when first asked for.
import type { Classical } from "./operations/contract.ts";

export const classicalEngine: Classical = {
  run: async (request, watch) => (await import("./classical/run-recipe.ts")).runRecipe(request, watch),
  complete: async (recipe, set) => (await import("./classical/complete-recipe.ts")).completeRecipe(recipe, set),
  list: async () => {
    const { builtInRecipes } = await import("./classical/built-in-recipes.ts");
    const { describeRecipe } = await import("./classical/describe-recipe.ts");
    return builtInRecipes.map(describeRecipe);
  },
};
