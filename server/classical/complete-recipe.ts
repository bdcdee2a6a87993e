// A recipe as a person wrote it, checked and completed: every parameter has a value, and the steps follow from each other.
import { MaskletError } from "#protocol/errors.ts";
import type { Recipe, RecipeStep, StepValue } from "./contract.ts";
import { builtInRecipes } from "./built-in-recipes.ts";
import { stepNamed, stepNames } from "./steps/catalogue.ts";
import type { ParameterInfo, Step } from "./steps/step.ts";

/**
 * @param recipe a built-in's name, or a recipe
 * @param set single values by `step.parameter`, where `step` is the step's id
 * @throws recipe_invalid, which says what is wrong where
 */
export function completeRecipe(recipe: string | Recipe, set: Readonly<Record<string, StepValue>> = {}): Recipe {
  const { name, steps } = typeof recipe === "string" ? builtIn(recipe) : recipe;
  const completed = steps.map((step, nth) => completeStep(step, nth));
  const ids = completed.map(idOf);
  const twice = ids.find((id, nth) => ids.indexOf(id) !== nth);
  if (twice !== undefined) throw invalid(`Two steps of the recipe are called "${twice}"; give one of them an id of its own.`);
  const changed = applySet(completed, set);
  checkOrder(changed);
  return { name, steps: changed };
}

export function idOf({ step, id }: RecipeStep): string {
  return id ?? step;
}

/** The parameters of a completed step by name. */
export function valuesOf({ step: _step, id: _id, ...parameters }: RecipeStep): Record<string, StepValue> {
  const values: Record<string, StepValue> = {};
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) values[name] = value;
  return values;
}

function builtIn(name: string): Recipe {
  const found = builtInRecipes.find((recipe) => recipe.name === name);
  if (found === undefined) throw invalid(`There is no recipe "${name}"; there are ${builtInRecipes.map((recipe) => recipe.name).join(", ")}.`);
  return found;
}

function completeStep(given: RecipeStep, nth: number): RecipeStep {
  const step = stepNamed(given.step);
  if (step === undefined) throw invalid(`Step ${nth + 1} of the recipe, "${given.step}", is not known; there are ${stepNames().join(", ")}.`);
  const where = `Step ${nth + 1} (${idOf(given)}) of the recipe`;
  const values = valuesOf(given);
  for (const name of Object.keys(values)) findParameter(step, name, where);
  const complete: Record<string, StepValue> = {};
  for (const parameter of step.parameters) complete[parameter.name] = checkValue(parameter, values[parameter.name] ?? parameter.value, where);
  return { step: given.step, ...(given.id === undefined ? {} : { id: given.id }), ...complete };
}

function findParameter({ parameters }: Step, name: string, where: string): ParameterInfo {
  const found = parameters.find((parameter) => parameter.name === name);
  if (found !== undefined) return found;
  throw invalid(`${where} has no parameter "${name}"; it has ${parameters.length === 0 ? "none" : parameters.map((parameter) => parameter.name).join(", ")}.`);
}

/** A number or flag may come as text, as from a command line. */
function checkValue(parameter: ParameterInfo, value: StepValue, where: string): StepValue {
  const { name, type, min = -Infinity, max = Infinity, whole = false, choices = [] } = parameter;
  if (type === "flag") {
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw invalid(`${where}: ${name} is true or false, not "${value}".`);
  }
  if (type === "choice") {
    const chosen = choices.find((choice) => choice.toLowerCase() === String(value).toLowerCase());
    if (chosen === undefined) throw invalid(`${where}: ${name} is one of ${choices.join(", ")}, not "${value}".`);
    return chosen;
  }
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) throw invalid(`${where}: ${name} is a number, not "${value}".`);
  if (number < min || number > max || (whole && !Number.isInteger(number))) {
    throw invalid(`${where}: ${name} is ${whole ? "a whole number" : "a number"} ${rangeText(min, max)}, not ${number}.`);
  }
  return number;
}

function rangeText(min: number, max: number): string {
  if (min === -Infinity && max === Infinity) return "of any size";
  return max === Infinity ? `from ${min} on` : min === -Infinity ? `up to ${max}` : `from ${min} to ${max}`;
}

function applySet(steps: readonly RecipeStep[], set: Readonly<Record<string, StepValue>>): RecipeStep[] {
  const changed = [...steps];
  for (const [path, value] of Object.entries(set)) {
    const dot = path.lastIndexOf(".");
    const id = path.slice(0, dot);
    const nth = dot < 1 ? -1 : changed.findIndex((step) => idOf(step) === id);
    if (nth < 0) throw invalid(`"${path}" names no parameter: write step.parameter with one of the steps ${changed.map(idOf).join(", ")}.`);
    const given = changed[nth]!;
    const where = `Step ${nth + 1} (${idOf(given)}) of the recipe`;
    const parameter = findParameter(stepNamed(given.step)!, path.slice(dot + 1), where);
    changed[nth] = { ...given, [parameter.name]: checkValue(parameter, value, where) };
  }
  return changed;
}

/** Each step takes what one before it has left. */
function checkOrder(steps: readonly RecipeStep[]): void {
  if (steps.length === 0) throw invalid("The recipe has no step.");
  const made = new Set(["grey"]);
  for (const [nth, given] of steps.entries()) {
    const { takes, gives } = stepNamed(given.step)!;
    if (!made.has(takes)) throw invalid(`Step ${nth + 1} (${idOf(given)}) of the recipe takes ${spoken[takes]}, and no step before it makes one.`);
    made.add(gives);
  }
}

const spoken = { grey: "grey values", mask: "a mask", map: "a map", labels: "labels" } as const;

function invalid(why: string): MaskletError {
  return MaskletError.of("recipe_invalid", { why });
}
