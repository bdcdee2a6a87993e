// The recipes and what runs them, for the server's sessions and for the command line alike. Loaded when first asked for.
import { MaskletError } from "#protocol/errors.ts";
import type { Classical } from "./operations/contract.ts";

const noRecipes = async (): Promise<never> => { throw MaskletError.of("recipe_invalid", { why: "This version comes without recipes." }); };

export const classicalEngine: Classical = { run: noRecipes, complete: noRecipes, list: async () => [] };
