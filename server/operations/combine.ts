// combine: objects followed along several axes and put to the vote, or several objects made one.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Mask, Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import { checkCombine, combineDirections } from "#server/segmentation/combine-directions.ts";
import type { CombineRequest } from "#server/segmentation/combine-directions.ts";
import { joinMasks } from "#server/segmentation/join-masks.ts";
import { planeKey, promptKey } from "#server/sessions/fold.ts";
import type { ObjectState } from "#server/sessions/fold.ts";
import type { HeldPrompt, Remake } from "#server/sessions/record.ts";
import { masksOf } from "#server/sessions/session.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import { checkUntouched } from "./check-untouched.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { editsOf } from "./prompt-edits.ts";
import type { Params } from "./prompt-edits.ts";
import { chosenObjects } from "./propagate.ts";
import { sceneOf } from "./scene.ts";

/** @throws object_unknown, nothing_prompted, request_invalid, conflict, cancelled (then nothing is changed), and what segmentation throws */
export async function combine(domains: Domains, turns: Turns, params: Params<"Combine">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const session = await domains.sessions.open(params.sessionId);
  if (params.how === "union") return turns.run(editsOf(params.sessionId), context.signal, () => unite(session, params, context));
  // Runs of a session follow each other; this one makes its edit, and holds others up, only at its end.
  return turns.run(`run ${params.sessionId}`, context.signal, () => agree(domains, turns, session, params, context));
}

async function agree(domains: Domains, turns: Turns, session: OpenSession, params: Params<"Combine">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const { segmenter, volumes } = domains;
  const { scene, request, baseSeq } = await turns.run(editsOf(params.sessionId), context.signal, async () => {
    const state = session.state();
    const objects = chosenObjects(state, params.objects);
    const { axes = ["z", "y", "x"], votes, range } = params;
    const asked: CombineRequest = { objects, axes, votes, range };
    checkCombine((await volumes.describe(session.description.volumeId)).shape, asked, segmenter);
    return { scene: await sceneOf(domains, session, params, context.signal), request: asked, baseSeq: state.seq };
  });
  const found = await combineDirections(scene, request, segmenter, context);
  throwIfCancelled(context.signal);
  const disagreements = found.map(({ disagreement }) => disagreement);
  // What no voxel was agreed on stays as it was: to lose it would be no combination.
  const changed = found.filter(({ masks }) => masks.length > 0);
  const masks = changed.flatMap((object) => object.masks);
  if (changed.length === 0) return { seq: session.state().seq, objects: [], disagreements, model: scene.model };
  const seq = await turns.run(editsOf(params.sessionId), context.signal, () => {
    checkUntouched(session.state(), changed.map(({ objectId }) => objectId), baseSeq);
    const cleared = changed.flatMap(({ objectId, frames }) => frames.map((t) => ({ objectId, t })));
    return session.edit({ kind: "combine", removes: { masks: cleared, prompts: [] }, prompts: [], masks, model: scene.model }, context.author);
  });
  for (const mask of masks) await context.onMask?.(mask);
  return { seq, objects: changed.map(({ objectId }) => objectId), disagreements, model: scene.model };
}

async function unite(session: OpenSession, params: Params<"Combine">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const state = session.state();
  const wanted = [...new Set(params.objects ?? [...state.objects.keys()].sort((a, b) => a - b))];
  const objects = wanted.map((objectId) => {
    const object = state.objects.get(objectId);
    if (object === undefined) throw MaskletError.of("object_unknown", { objectId });
    return object;
  });
  const [first, ...others] = wanted;
  if (first === undefined || others.length === 0) {
    throw MaskletError.of("request_invalid", { what: "Combine", at: "/objects", why: "a union needs at least two different objects" });
  }
  const masks = joinMasks(masksOf(state, wanted), first);
  const change: Remake = {
    kind: "combine",
    removes: { masks: wanted.map((objectId) => ({ objectId })), prompts: wanted },
    prompts: [{ objectId: first, prompts: joinPrompts(objects, masks) }],
    masks,
  };
  const seq = await session.edit(change, context.author);
  for (const mask of masks) await context.onMask?.(mask);
  return { seq, objects: [first] };
}

/**
 * Every prompt goes over to the joined object. An object has one prompt a plane: where several meet, the joined mask of that plane says
 * what all of them said, or, on y and x planes and where there is no mask yet, the first of them stays.
 */
function joinPrompts(objects: readonly ObjectState[], masks: readonly Mask[]): HeldPrompt[] {
  const joined = new Map(masks.map((mask) => [planeKey(mask), mask]));
  const prompts = new Map<string, HeldPrompt>();
  for (const prompt of objects.flatMap((object) => [...object.prompts.values()])) {
    const key = promptKey(prompt.cut);
    const mask = joined.get(planeKey(prompt.cut));
    if (!prompts.has(key)) prompts.set(key, prompt);
    else if (mask !== undefined) prompts.set(key, { cut: prompt.cut, parts: { mask: { box: mask.box, bits: mask.bits } } });
  }
  return [...prompts.values()];
}
