// A recipe by its name, or from a file of one's own.
import { readFile } from "node:fs/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { validate } from "#protocol/schema.ts";
import type { Recipe, StepValue } from "#server/classical/contract.ts";
import type { Classical } from "#server/operations/contract.ts";

/** @param given a name, or a path that ends in .json. @throws recipe_invalid, which names file, step and parameter; file_missing, file_unreadable */
export async function readRecipe(engine: Classical, given: string, set: Readonly<Record<string, StepValue>>): Promise<Recipe> {
  if (!/\.json$/i.test(given)) return engine.complete(given, set);
  const recipe = parseRecipe(given, await readText(given));
  try {
    return await engine.complete(recipe, set);
  } catch (thrown) {
    throw thrown instanceof MaskletError && thrown.code === "recipe_invalid" ? inFile(given, thrown.message, thrown) : thrown;
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    if (isSystemError(thrown, "ENOENT")) throw MaskletError.of("file_missing", { file }, thrown);
    throw MaskletError.of("file_unreadable", { file, why: reasonOf(thrown) }, thrown);
  }
}

function parseRecipe(file: string, text: string): Recipe {
  if (text.length > limits.maxJsonBytes) throw MaskletError.of("too_large", { what: file, size: text.length, limit: limits.maxJsonBytes, limitName: "maxJsonBytes" });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw inFile(file, `It is not JSON: ${reasonOf(thrown)}.`, thrown);
  }
  try {
    return validate("Recipe", value);
  } catch (thrown) {
    if (!(thrown instanceof MaskletError) || thrown.code !== "request_invalid") throw thrown;
    const { at, why } = thrown.details;
    throw inFile(file, `${placeOf(String(at), value)}${String(why)}.`, thrown);
  }
}

/** `/steps/2/low` as a person counts: Step 3 (threshold), "low": */
function placeOf(at: string, value: unknown): string {
  const [, steps, nth, parameter] = at.split("/");
  if (steps !== "steps" || nth === undefined) return at === "" ? "At its top level " : `"${at.slice(1)}" `;
  const listed: readonly unknown[] = typeof value === "object" && value !== null && "steps" in value && Array.isArray(value.steps) ? value.steps : [];
  const step = listed[Number(nth)];
  const name = typeof step === "object" && step !== null && "step" in step ? ` (${String(step.step)})` : "";
  return `Step ${Number(nth) + 1}${name}${parameter === undefined ? "" : `, "${parameter}"`}: `;
}

function inFile(file: string, why: string, cause: unknown): MaskletError {
  return MaskletError.of("recipe_invalid", { why: `${file}: ${why}` }, cause);
}
