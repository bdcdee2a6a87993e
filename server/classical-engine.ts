// The recipes and what runs them, for the server's sessions and for the command line alike. Loaded when first asked for.
import type { Classical } from "./operations/contract.ts";

/** Labels of so many voxels are joined in some 50 ms, a preview's at once: a thread for it would start longer. */
const voxelsHere = 2 ** 24;

export const classicalEngine: Classical = {
  run: async (request, watch) => {
    const [z, y, x] = request.reader.size;
    if (z * y * x > voxelsHere) return (await import("./classical/run-in-thread.ts")).runRecipeInThread(request, watch);
    return (await import("./classical/run-recipe.ts")).runRecipe(request, watch);
  },
  complete: async (recipe, set) => (await import("./classical/complete-recipe.ts")).completeRecipe(recipe, set),
  list: async () => {
    const { builtInRecipes } = await import("./classical/built-in-recipes.ts");
    const { describeRecipe } = await import("./classical/describe-recipe.ts");
    return builtInRecipes.map(describeRecipe);
  },
};
