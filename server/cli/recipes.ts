// masklet recipes list | show NAME: what `masklet segment` can do, and every value that can be set.
import { MaskletError } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";
import { classicalEngine } from "../classical-engine.ts";
import type { Classical } from "#server/operations/contract.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { checkResultPaths, writeResult } from "./write-results.ts";

export const recipesOptions = { write: "text" } as const;

/** @param engine tests bring their own. @throws usage, recipe_invalid, file_not_written */
export async function runRecipes(options: Options, { terminal }: CommandContext, engine: Classical = classicalEngine): Promise<void> {
  const [action = "list", name, ...more] = options.words;
  const path = options.text("write");
  if (action !== "list" && action !== "show") throw MaskletError.of("usage", { why: `There is no \`masklet recipes ${action}\`; there are list and show NAME.` });
  if (more.length > 0 || (action === "list" && (name !== undefined || path !== undefined))) throw MaskletError.of("usage", { why: "It is `masklet recipes list` or `masklet recipes show NAME [--write my.json]`." });
  const recipes = await engine.list();
  if (action === "list") {
    const widest = Math.max(0, ...recipes.map((recipe) => recipe.name.length));
    return terminal.result(recipes.map((recipe) => `${recipe.name.padEnd(widest)}  ${recipe.title}`).join("\n"), { recipes });
  }
  if (name === undefined) throw MaskletError.of("usage", { why: "masklet recipes show needs a recipe's name." });
  const shown = recipes.find((recipe) => recipe.name === name);
  if (shown === undefined) throw MaskletError.of("recipe_invalid", { why: `There is no recipe "${name}"; there are ${recipes.map((recipe) => recipe.name).join(", ")}.` });
  if (path !== undefined) {
    await checkResultPaths({ report: path });
    await writeResult(path, `${JSON.stringify(await engine.complete(name, {}), undefined, 2)}\n`);
    return terminal.result(`${name} with every value: ${path}. Change it and run \`masklet segment --recipe ${path}\`.`, { recipe: name, files: [path] });
  }
  terminal.result(recipeText(shown), shown);
}

function recipeText({ name, title, steps }: Schema<"RecipeInfo">): string {
  return [`${name}: ${title}`, ...steps.flatMap((step, nth) => [`${nth + 1}. ${step.id}${step.step === step.id ? "" : ` (${step.step})`}: ${step.title}`, ...step.parameters.map((parameter) => parameterLine(step.id, parameter))])].join("\n");
}

/** `   threshold.low = 3 deviations (0 to 20)  what it does` */
function parameterLine(id: string, { name, type, value, min, max, choices, unit, about }: Schema<"ParameterInfo">): string {
  const range = type === "choice" ? (choices ?? []).join(" | ") : type === "flag" ? "true | false" : min !== undefined && max !== undefined ? `${min} to ${max}` : min !== undefined ? `from ${min}` : max !== undefined ? `up to ${max}` : "any";
  return `   ${`${id}.${name} = ${value}${unit === undefined ? "" : ` ${unit}`}`.padEnd(36)} (${range})  ${about}`;
}
