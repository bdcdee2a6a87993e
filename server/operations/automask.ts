// automask: objects that nobody pointed at, on one plane. One edit, made when all of it is found.
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Mask, Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import { checkAutomask } from "#server/segmentation/automask.ts";
import { newObjectIds } from "#server/sessions/object-ids.ts";
import type { PromptedObject } from "#server/sessions/record.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { editsOf } from "./prompt-edits.ts";
import type { Params } from "./prompt-edits.ts";
import { sceneOf } from "./scene.ts";

/**
 * Each mask becomes a new object, the best one first, with the mask as its prompt. Where nothing is found there is no edit.
 * @throws plane_off_volume, prompt_off_image, axis_unsupported, labels_too_many, cancelled (then nothing is changed), and what reading and the model throw
 */
export async function automask(domains: Domains, turns: Turns, params: Params<"Automask">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const session = await domains.sessions.open(params.sessionId);
  const edits = editsOf(params.sessionId);
  // Runs of a session follow each other; this one makes its edit, and holds others up, only at its end.
  return turns.run(`run ${params.sessionId}`, context.signal, async () => {
    const { region, grid } = params;
    const cut = { axis: params.cut.axis, index: params.cut.index, t: params.cut.t ?? 0, c: params.cut.c ?? 0 };
    const scene = await turns.run(edits, context.signal, async () => {
      checkAutomask((await domains.volumes.describe(session.description.volumeId)).shape, { cut, region });
      return sceneOf(domains, session, params, context.signal);
    });
    const found = await domains.segmenter.automask(scene, { cut, region, grid }, context);
    throwIfCancelled(context.signal);
    if (found.length === 0) return { seq: session.state().seq, objects: [], model: scene.model };
    const made = await turns.run(edits, context.signal, async () => {
      const objects = newObjectIds(session.state(), found.length);
      const masks = found.map((mask, nth): Mask => ({ objectId: objects[nth]!, ...cut, ...mask }));
      const prompts = masks.map(({ objectId, box, bits }): PromptedObject => ({ objectId, prompts: [{ cut, parts: { mask: { box, bits } } }] }));
      const seq = await session.edit({ kind: "automask", removes: { masks: [], prompts: [] }, prompts, masks, model: scene.model }, context.author);
      return { seq, objects, masks };
    });
    for (const mask of made.masks) await context.onMask?.(mask);
    return { seq: made.seq, objects: made.objects, model: scene.model };
  });
}
