// Objects followed by the product from what a person would say, and corrected as a person would: by clicks, each where most is wrong.
import type { End, Mask, Point, PromptParts } from "#protocol/types.ts";
import type { PromptedCut, PromptedObject, Scene } from "#server/segmentation/contract.ts";
import { checkRun, propagate } from "#server/segmentation/propagate.ts";
import { deepestPixel } from "./deepest-pixel.ts";
import { errorsOf, largestWrongRegion } from "./masklet-errors.ts";
import type { TrueObject } from "./masklet-objects.ts";
import { timed } from "./table.ts";

/** One object with what was said of it and what came of that so far. */
export interface Trial {
  readonly object: TrueObject;
  /** By slice. */
  readonly prompts: Map<number, PromptParts>;
  readonly masks: Map<number, Mask>;
  readonly ends: End[];
  /** Pixels clicked, as `u,v` by slice: nobody clicks twice on one. */
  readonly clicked: Map<number, Set<string>>;
}

export function startTrial(object: TrueObject, parts: PromptParts): Trial {
  return { object, prompts: new Map([[object.middle, parts]]), masks: new Map(), ends: [], clicked: new Map() };
}

export interface Pace {
  readonly ms: number;
  /** Masks found. */
  readonly slices: number;
}

/**
 * All objects in one run, both ways along z.
 * @param edited the slice whose prompt is new, for each of them: the run then goes on from there as `continue` does, up to the next prompts, and
 *   what was found beyond stays
 */
export async function follow(scene: Scene, trials: readonly Trial[], edited?: readonly number[]): Promise<Pace> {
  const objects = trials.map(({ object, prompts }, at): PromptedObject => ({
    objectId: object.id, prompts: [...prompts].map(([z, parts]): PromptedCut => ({ cut: cutAt(z), parts })), edited: edited === undefined ? undefined : [cutAt(edited[at]!)],
  }));
  const request = { objects, along: "z", direction: "both" } as const;
  const byId = new Map(trials.map((trial) => [trial.object.id, trial]));
  for (const { objectId, start, end } of checkRun(scene.source.shape, request)) for (let z = start; z < end; z++) byId.get(objectId)!.masks.delete(z);
  const { ms, value } = await timed(() => propagate(scene, request, {
    onMask: (mask) => void byId.get(mask.objectId)!.masks.set(mask.index, mask),
    onEnd: (end) => void byId.get(end.objectId)!.ends.push(end),
  }));
  return { ms, slices: value.planes };
}

/** One click for each object that is not yet right, then all of these are followed on. */
export async function correct(scene: Scene, trials: readonly Trial[]): Promise<void> {
  const wrong: Trial[] = [];
  const edited: number[] = [];
  for (const trial of trials) {
    const z = addCorrection(trial, { width: scene.source.shape.x, height: scene.source.shape.y });
    if (z === undefined) continue;
    wrong.push(trial);
    edited.push(z);
  }
  if (wrong.length > 0) await follow(scene, wrong, edited);
}

/**
 * A click on the slice with most wrong pixels, in the middle of the largest wrong region there. As `Masklet Refine...` does it, the click stands
 * beside the prompt of that slice, or where there is none beside the outline that was found, or alone where none was.
 * @returns the slice; undefined where nothing is left to click on
 */
export function addCorrection({ object, masks, prompts, clicked }: Trial, plane: { readonly width: number; readonly height: number }): number | undefined {
  const worst = errorsOf(object, masks).map(({ z, missed, extra }) => ({ z, wrong: missed + extra })).filter(({ wrong }) => wrong > 0).sort((a, b) => b.wrong - a.wrong || a.z - b.z);
  for (const { z } of worst) {
    const before = clicked.get(z) ?? new Set<string>();
    const largest = largestWrongRegion(object, masks, z);
    const pixel = largest === undefined ? undefined : deepestPixel(largest.region, plane, before);
    if (largest === undefined || pixel === undefined) continue;
    clicked.set(z, new Set([...before, pixel.join()]));
    const point: Point = [pixel[0] + 0.5, pixel[1] + 0.5, largest.missed ? 1 : 0];
    prompts.set(z, withPoint(prompts.get(z), masks.get(z), point));
    return z;
  }
  return undefined;
}

function withPoint(prompt: PromptParts | undefined, outline: Mask | undefined, point: Point): PromptParts {
  if (prompt !== undefined) return { ...prompt, points: [...(prompt.points ?? []), point] };
  return outline === undefined || outline.area === 0 ? { points: [point] } : { mask: { box: outline.box, bits: outline.bits }, points: [point] };
}

function cutAt(index: number): { readonly axis: "z"; readonly index: number } {
  return { axis: "z", index };
}
