// split: one object that holds several particles, as one object for each.
import { MaskletError } from "#protocol/errors.ts";
import type { Mask, Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import { splitMasklet } from "#server/segmentation/split-masklet.ts";
import { promptCentre } from "#server/segmentation/prompt-centre.ts";
import { newObjectIds } from "#server/sessions/object-ids.ts";
import type { HeldPrompt, PromptedObject } from "#server/sessions/record.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { editsOf } from "./prompt-edits.ts";
import type { Params } from "./prompt-edits.ts";

/**
 * The part of the first seed (without seeds: of the highest peak) keeps the object's id, what the object is in other frames, and its
 * prompts, but for those that lie on another part.
 * @throws object_unknown, split_impossible, plane_off_volume, prompt_off_image, too_large, labels_too_many, cancelled
 */
export async function split(domains: Domains, turns: Turns, params: Params<"Split">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const session = await domains.sessions.open(params.sessionId);
  return turns.run(editsOf(params.sessionId), context.signal, () => part(domains, session, params, context));
}

async function part(domains: Domains, session: OpenSession, params: Params<"Split">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const { objectId, frame: t = 0, seeds, depth, parts } = params;
  const { shape, spacing } = await domains.volumes.describe(session.description.volumeId);
  if (t >= shape.t) throw MaskletError.of("plane_off_volume", { axis: "t", index: t, size: shape.t });
  const state = session.state();
  const object = state.objects.get(objectId);
  if (object === undefined) throw MaskletError.of("object_unknown", { objectId });
  const own = [...object.masks.values()].map((held) => held.mask).filter((mask) => mask.t === t);
  const parted = await splitMasklet({ objectId, masks: own, shape, spacing, seeds, depth, parts }, context.signal);
  const ids = [objectId, ...newObjectIds(state, parted.parts.length - 1)];
  const masks = parted.parts.flatMap((found, nth): Mask[] => found.map((mask) => ({ ...mask, objectId: ids[nth]! })));
  const prompts = ids.map((id): { objectId: number; prompts: HeldPrompt[] } => ({ objectId: id, prompts: [] }));
  for (const prompt of object.prompts.values()) {
    const nth = prompt.cut.t === t ? parted.partAt(promptCentre(prompt)) : undefined;
    prompts[nth ?? 0]!.prompts.push(prompt);
  }
  const given: PromptedObject[] = prompts.filter((one) => one.prompts.length > 0);
  const seq = await session.edit({ kind: "split", removes: { masks: [{ objectId, t }], prompts: [objectId] }, prompts: given, masks }, context.author);
  for (const mask of masks) await context.onMask?.(mask);
  return { seq, objects: ids };
}
