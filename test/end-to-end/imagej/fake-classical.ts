// What the fake server knows of recipes: bright pixels that touch are one object, and threshold.low moves what is bright.
import { MaskletError } from "#protocol/errors.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { ClientMessage, Mask, Schema } from "#protocol/types.ts";
import { brightObjects } from "./fake-objects.ts";
import type { FakePlane } from "./fake-segmentation.ts";

export type ClassicalRun = Extract<ClientMessage, { t: "classical.run" }>;

const number = (name: string, value: number): Schema<"ParameterInfo"> => ({ name, type: "number", value, about: `Moves ${name}.` });
const choice = (name: string, value: string, ...choices: string[]): Schema<"ParameterInfo"> => ({ name, type: "choice", value, choices, about: `Chooses ${name}.` });
const step = (name: string, ...parameters: Schema<"ParameterInfo">[]): Schema<"StepInfo"> => ({ step: name, id: name, title: name, parameters });

const polarity = step("polarity", choice("particles", "auto", "auto", "dark", "bright"));
const low = step("threshold", choice("method", "robust", "robust", "otsu"), number("low", 3), number("high", 5));

export const recipes: Schema<"RecipeInfo">[] = [
  {
    name: "fds", title: "Filter, distance map, split", steps: [
      polarity, step("rings", choice("correct", "auto", "auto", "on", "off"), number("sigma", 4)), step("denoise", number("radius", 1)), low, step("drop", number("minVolume", 200)),
      step("split", choice("method", "auto", "auto", "plates", "edt", "ridge", "base", "none"), number("h", 0.75), number("sigma", 1.4), number("rise", 0.3)), step("select", number("minVolume", 200)),
    ],
  },
  { name: "fds-base", title: "Distance map, Otsu", steps: [polarity, low, step("cut", choice("over", "volume", "volume", "mask")), step("select", number("minVolume", 50))] },
  { name: "ffs", title: "Edges, flood fill", steps: [polarity, step("gradient", number("sigma", 1)), step("select", number("minVolume", 200))] },
];

export interface FakeClassical {
  readonly masks: Mask[];
  readonly objects: number[];
  readonly recipe: Schema<"UsedRecipe">;
  readonly warnings: string[];
}

/**
 * @param planes by z, those that the run looks at
 * @param middle what is bright at threshold.low 3; each unit above is 100 more
 * @param before the masks of the session
 * @throws recipe_invalid
 */
export function fakeClassical(message: ClassicalRun, planes: ReadonlyMap<number, FakePlane>, middle: number, before: readonly Mask[]): FakeClassical {
  const told = message.recipe ?? "fds";
  const steps = typeof told === "string" ? known(told).steps : told.steps.map(({ step: name, id, ...values }) => ({ step: name, id: id ?? name, parameters: Object.entries(values).map(([key, value]) => ({ name: key, value })) }));
  const used = steps.map((each) => ({ id: each.id, step: each.step, parameters: Object.fromEntries(each.parameters.map(({ name, value }) => [name, value] as const)), found: {} }));
  for (const [name, value] of Object.entries(message.set ?? {})) {
    const to = used.find((each) => name.startsWith(`${each.id}.`) && name.slice(each.id.length + 1) in each.parameters);
    if (to === undefined) throw MaskletError.of("recipe_invalid", { why: `The recipe has no ${name}.` });
    to.parameters[name.slice(to.id.length + 1)] = value;
  }
  const cut = used.find((each) => each.step === "threshold");
  const level = middle + 100 * (Number(cut?.parameters["low"] ?? 3) - 3);
  if (cut !== undefined) cut.found = { low: level };
  const { y, x } = message.region ?? {};
  const [plane] = planes.values();
  const box = [x?.start ?? 0, y?.start ?? 0, x?.end ?? plane!.width, y?.end ?? plane!.height] as const;
  const smallest = Number(used.findLast((each) => "minVolume" in each.parameters)?.parameters["minVolume"] ?? 0);
  const all = brightObjects(planes, level, [...box], 1, message.frame ?? 0);
  const volume = (id: number): number => all.filter((mask) => mask.objectId === id).reduce((sum, mask) => sum + mask.area, 0);
  const kept = [...new Set(all.map((mask) => mask.objectId))].filter((id) => volume(id) >= smallest || message.preview !== undefined);
  const firstId = message.preview === undefined ? 1 + Math.max(0, ...before.map((mask) => mask.objectId)) : 1;
  const reused = message.within ?? message.seeds ?? [];
  const idOf = (nth: number): number => reused[nth] ?? firstId + nth - reused.length;
  const masks = all.filter((mask) => kept.includes(mask.objectId)).map((mask) => ({ ...mask, objectId: idOf(kept.indexOf(mask.objectId)) }));
  return { masks, objects: kept.map((_, nth) => idOf(nth)), recipe: { name: typeof told === "string" ? told : told.name, steps: used }, warnings: kept.length === 0 ? ["No object was found."] : [] };
}

function known(name: string): Schema<"RecipeInfo"> {
  const found = recipes.find((recipe) => recipe.name === name);
  if (found === undefined) throw MaskletError.of("recipe_invalid", { why: `There is no recipe "${name}"; there are ${recipes.map((recipe) => recipe.name).join(", ")}.` });
  return found;
}

/** threshold: the masks as bits; split: as labels; every other step: the grey values. */
export function fakePlane(id: string, plane: FakePlane, masks: readonly Mask[]): Schema<"StepPlane"> {
  const kind = id === "threshold" ? "mask" : id === "split" ? "labels" : "grey";
  const values = Float32Array.from(plane.values);
  if (kind !== "grey") values.fill(0);
  for (const mask of kind === "grey" ? [] : masks) {
    const { box, data } = unpackMask(mask);
    const width = box[2] - box[0];
    data.forEach((value, at) => { if (value !== 0) values[(box[1] + Math.floor(at / width)) * plane.width + box[0] + (at % width)] = kind === "mask" ? 1 : mask.objectId; });
  }
  const data = kind === "mask" ? Uint8Array.from(values) : new Uint8Array(values.buffer);
  return { step: id, kind, width: plane.width, height: plane.height, dtype: kind === "mask" ? "uint8" : "float32", data, low: 0, high: kind === "mask" ? 1 : kind === "labels" ? 255 : 1000 };
}

/** What each object is prompted by: its mask on its first slice. */
export function firstMasks(masks: readonly Mask[]): Mask[] {
  return [...new Map(masks.toReversed().map((mask) => [mask.objectId, mask] as const)).values()];
}
