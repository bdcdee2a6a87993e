// automask.stack: every particle of a stack. What is found is kept before anybody hears of it.
import { asMaskletError, MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import { automaskStack as segmentStack, checkStack } from "#server/segmentation/automask-stack.ts";
import type { StackRequest } from "#server/segmentation/automask-stack.ts";
import type { PromptedCut } from "#server/segmentation/contract.ts";
import { newObjectIds } from "#server/sessions/object-ids.ts";
import type { HeldPrompt } from "#server/sessions/record.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { editsOf } from "./prompt-edits.ts";
import type { Params } from "./prompt-edits.ts";
import { sceneOf } from "./scene.ts";

/**
 * The edit is made with the first object; where nothing is found there is none. However it ends, what arrived stays, and one undo takes
 * it back.
 * @throws plane_off_volume, range_invalid, prompt_off_image, axis_unsupported, labels_too_many, cancelled (its details name the edit, if
 * there is one), and what reading and the model throw
 */
export async function automaskStack(domains: Domains, turns: Turns, params: Params<"AutomaskStack">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const session = await domains.sessions.open(params.sessionId);
  return turns.run(`run ${params.sessionId}`, context.signal, () => runNow(domains, turns, session, params, context));
}

async function runNow(domains: Domains, turns: Turns, session: OpenSession, params: Params<"AutomaskStack">, context: OperationContext): Promise<Schema<"ObjectsResult">> {
  const { along = "z", range, frame = 0, c = 0, every = 8, mergeIou = 0.5, region, grid } = params;
  const { segmenter } = domains;
  const request: StackRequest = { along, range, frame, c, every, mergeIou, region, grid };
  const edits = editsOf(params.sessionId);
  const scene = await turns.run(edits, context.signal, async () => {
    checkStack((await domains.volumes.describe(session.description.volumeId)).shape, request, segmenter);
    return sceneOf(domains, session, params, context.signal);
  });
  const undone = new AbortController();
  let seq: number | undefined;
  const stop = session.subscribe(({ changed, of }) => { if (changed.kind === "undo" && of === seq) undone.abort(); });
  const objects: number[] = [];
  const edit = async (): Promise<number> => (seq ??= await session.edit({ kind: "automask.stack", removes: { masks: [], prompts: [] }, prompts: [], masks: [], model: scene.model }, context.author));
  try {
    await segmentStack(scene, request, segmenter, {
      signal: context.signal === undefined ? undone.signal : AbortSignal.any([context.signal, undone.signal]),
      onProgress: context.onProgress,
      // Not held up by a cancel: what was found before it is kept.
      onObjects: (prompts) => turns.run(edits, undefined, async () => {
        throwIfCancelled(undone.signal);
        const made = newObjectIds(session.state(), prompts.length);
        const at = await edit();
        for (const [nth, objectId] of made.entries()) await session.addObject(at, { objectId, prompts: [held(prompts[nth]!)] });
        objects.push(...made);
        return made;
      }),
      onPrompt: async (objectId, prompt) => {
        throwIfCancelled(undone.signal);
        await session.addObject(await edit(), { objectId, prompts: [held(prompt)] });
      },
      onMask: async (mask) => {
        throwIfCancelled(undone.signal);
        await session.addMask(await edit(), mask);
        await context.onMask?.(mask);
      },
    });
    return { seq: seq ?? session.state().seq, objects, model: scene.model };
  } catch (thrown) {
    const error = asMaskletError(thrown);
    throw error.code === "cancelled" && seq !== undefined ? MaskletError.of("cancelled", { seq }, thrown) : error;
  } finally {
    stop();
  }
}

function held({ cut, parts }: PromptedCut): HeldPrompt {
  return { cut: { axis: cut.axis, index: cut.index, t: cut.t ?? 0, c: cut.c ?? 0 }, parts };
}
