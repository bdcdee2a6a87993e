// The edits of single prompts and objects: prompt.set, prompt.remove, object.remove, undo, redo.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Cut, PromptParts, Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import { promptKey } from "#server/sessions/fold.ts";
import type { PromptCut } from "#server/sessions/record.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Ahead } from "./ahead.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { sceneOf } from "./scene.ts";

/** A live message's own members. */
export type Params<M extends "PromptSet" | "PromptsPut" | "PromptRemove" | "ObjectRemove" | "Undo" | "Redo" | "Propagate" | "Automask" | "AutomaskStack" | "Combine" | "Split" | "ClassicalRun" | "LabelsGet" | "Measure" | "Evaluate" | "VolumeOpen"> = Omit<Schema<M>, "t" | "id">;
export type EditResult = Schema<"EditResult">;

/** The row (see Turns) of a session's edits: they happen one after another, so that `add` merges into what the person last saw. Runs do not hold them up. */
export function editsOf(sessionId: string): string {
  return `edit ${sessionId}`;
}

export function wholeCut(cut: Cut): PromptCut {
  return { axis: cut.axis, index: cut.index, t: cut.t ?? 0, c: cut.c ?? 0 };
}

/** @throws conflict, prompt_off_image, plane_off_volume, prompt_empty, and what the model throws */
export async function setPrompt(domains: Domains, turns: Turns, ahead: Ahead, params: Params<"PromptSet">, context: OperationContext): Promise<EditResult> {
  const session = await domains.sessions.open(params.sessionId);
  // A preview edits nothing, so it waits for nobody.
  if (params.preview === true) return setPromptNow(domains, ahead, session, params, context);
  return turns.run(editsOf(params.sessionId), context.signal, () => setPromptNow(domains, ahead, session, params, context));
}

async function setPromptNow(domains: Domains, ahead: Ahead, session: OpenSession, params: Params<"PromptSet">, context: OperationContext): Promise<EditResult> {
  const { objectId, baseSeq } = params;
  const cut = wholeCut(params.cut);
  session.checkBase([objectId], context.author, baseSeq);
  const before = params.add === true ? session.state().objects.get(objectId)?.prompts.get(promptKey(cut))?.parts : undefined;
  const parts = mergeParts(before, params);
  const { shape } = await domains.volumes.describe(session.description.volumeId);
  domains.segmenter.checkPrompt(shape, cut, parts);
  const scene = await sceneOf(domains, session, params, context.signal);
  const answer = await domains.segmenter.segmentPlane(scene, { objectId, cut, parts, multimask: params.multimask === true }, context);
  throwIfCancelled(context.signal);
  const { mask, window } = answer;
  const seq = params.preview === true
    ? session.state().seq
    : await session.edit({ kind: "prompt.set", objectId, cut, parts, mask, model: scene.model }, context.author, baseSeq);
  await context.onMask?.(mask);
  // While the person looks at the answer; a preview is answered again before they do.
  if (window !== undefined && params.preview !== true) ahead.offer((signal) => domains.segmenter.encodeAhead(scene, cut, window, { signal }));
  const candidates = params.multimask === true ? { candidates: [...answer.candidates] } : {};
  return { seq, score: mask.score, ...candidates, model: scene.model };
}

/** Points are added to those there; box, polygon and mask take the place of theirs. */
function mergeParts(before: PromptParts | undefined, given: PromptParts): PromptParts {
  const points = [...(before?.points ?? []), ...(given.points ?? [])];
  const box = given.box ?? before?.box;
  const polygon = given.polygon ?? before?.polygon;
  const mask = given.mask ?? before?.mask;
  return {
    ...(box === undefined ? {} : { box }),
    ...(points.length === 0 ? {} : { points }),
    ...(polygon === undefined ? {} : { polygon }),
    ...(mask === undefined ? {} : { mask }),
  };
}

/** @throws object_unknown when there is no such prompt, conflict */
export async function removePrompt(domains: Domains, turns: Turns, params: Params<"PromptRemove">, context: OperationContext): Promise<EditResult> {
  const session = await domains.sessions.open(params.sessionId);
  const cut = wholeCut(params.cut);
  return turns.run(editsOf(params.sessionId), context.signal, async () => {
    session.checkBase([params.objectId], context.author, params.baseSeq);
    if (session.state().objects.get(params.objectId)?.prompts.has(promptKey(cut)) !== true) throw MaskletError.of("object_unknown", { objectId: params.objectId });
    return { seq: await session.edit({ kind: "prompt.remove", objectId: params.objectId, cut }, context.author, params.baseSeq) };
  });
}

/** @throws object_unknown, conflict */
export async function removeObject(domains: Domains, turns: Turns, params: Params<"ObjectRemove">, context: OperationContext): Promise<EditResult> {
  const session = await domains.sessions.open(params.sessionId);
  return turns.run(editsOf(params.sessionId), context.signal, async () => {
    session.checkBase([params.objectId], context.author, params.baseSeq);
    if (!session.state().objects.has(params.objectId)) throw MaskletError.of("object_unknown", { objectId: params.objectId });
    return { seq: await session.edit({ kind: "object.remove", objectId: params.objectId }, context.author, params.baseSeq) };
  });
}

/** Undo, or redo. A run that is taken back while it goes on is stopped. @throws nothing_to_undo */
export async function moveOver(domains: Domains, turns: Turns, kind: "undo" | "redo", params: Params<"Undo">, context: OperationContext): Promise<EditResult> {
  const session = await domains.sessions.open(params.sessionId);
  return turns.run(editsOf(params.sessionId), context.signal, async () => {
    const moved = kind === "undo" ? await session.undo(context.author) : await session.redo(context.author);
    return { seq: moved.seq, undone: moved.kind };
  });
}
