// prompts.put: the prompts of many objects as one edit, and on request the mask of each at once.
import { asMaskletError, MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Turns } from "#server/jobs/turns.ts";
import { promptKey } from "#server/sessions/fold.ts";
import type { HeldPrompt, PromptedObject } from "#server/sessions/record.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { editsOf, wholeCut } from "./prompt-edits.ts";
import type { EditResult, Params } from "./prompt-edits.ts";
import { sceneOf } from "./scene.ts";

export interface PutParams {
  readonly sessionId: string;
  readonly objects: readonly PromptedObject[];
  /** A mask on each prompted plane, kept with the edit. */
  readonly segment?: boolean | undefined;
  readonly model?: string | undefined;
}

/** The live message's objects, with nothing left to a default. @throws request_invalid when an object, or a plane of one, is named twice */
export function promptsFromMessage({ objects, ...rest }: Params<"PromptsPut">): PutParams {
  const invalid = (at: string, why: string): MaskletError => MaskletError.of("request_invalid", { what: "PromptsPut", at, why });
  const ids = new Set<number>();
  return {
    ...rest,
    objects: objects.map(({ objectId, prompts }, objectAt) => {
      if (ids.size === ids.add(objectId).size) throw invalid(`/objects/${objectAt}`, `object ${objectId} is named twice`);
      const held = new Map<string, HeldPrompt>();
      prompts.forEach(({ cut: given, ...parts }, promptAt) => {
        const cut = wholeCut(given);
        if (held.has(promptKey(cut))) throw invalid(`/objects/${objectAt}/prompts/${promptAt}`, `object ${objectId} has two prompts on one plane`);
        held.set(promptKey(cut), { cut, parts });
      });
      return { objectId, prompts: [...held.values()] };
    }),
  };
}

/**
 * Replaces the prompts of the objects named, as one edit. With `segment` their masks join that edit as they are found: however it
 * ends, what arrived stays, and one undo takes back both.
 * @throws nothing_prompted, what a prompt can be wrong in, and with `segment` what the model throws and cancelled (its details name the edit)
 */
export async function putPrompts(domains: Domains, turns: Turns, params: PutParams, context: OperationContext): Promise<EditResult> {
  if (params.objects.length === 0) throw MaskletError.of("nothing_prompted", {});
  const session = await domains.sessions.open(params.sessionId);
  if (params.segment !== true) return turns.run(editsOf(params.sessionId), context.signal, async () => ({ seq: await put(domains, session, params, context) }));
  // Runs of a session follow each other; the looking holds no edit up.
  return turns.run(`run ${params.sessionId}`, context.signal, () => putAndLook(domains, turns, session, params, context));
}

async function put(domains: Domains, session: OpenSession, { objects }: PutParams, { author }: OperationContext): Promise<number> {
  const { shape } = await domains.volumes.describe(session.description.volumeId);
  const check = ({ cut, parts }: HeldPrompt): void => domains.segmenter.checkPrompt(shape, cut, parts);
  for (const object of objects) object.prompts.forEach(check);
  return session.edit({ kind: "prompts.put", objects }, author);
}

async function putAndLook(domains: Domains, turns: Turns, session: OpenSession, params: PutParams, context: OperationContext): Promise<EditResult> {
  const { scene, seq } = await turns.run(editsOf(params.sessionId), context.signal, async () => {
    const made = await sceneOf(domains, session, params, context.signal);
    return { scene: made, seq: await put(domains, session, params, context) };
  });
  const looks = params.objects.flatMap(({ objectId, prompts }) => prompts.map((prompt) => ({ objectId, ...prompt })));
  // Neighbours on one plane share what the network saw of it.
  looks.sort((a, b) => a.cut.t - b.cut.t || a.cut.c - b.cut.c || a.cut.index - b.cut.index);
  const undone = new AbortController();
  const stop = session.subscribe(({ changed, of }) => { if (changed.kind === "undo" && of === seq) undone.abort(); });
  const signal = context.signal === undefined ? undone.signal : AbortSignal.any([context.signal, undone.signal]);
  try {
    for (const [at, { objectId, cut, parts }] of looks.entries()) {
      context.onProgress?.({ done: at, total: looks.length, unit: "planes" });
      throwIfCancelled(signal);
      const { mask } = await domains.segmenter.segmentPlane(scene, { objectId, cut, parts, multimask: false }, { signal });
      throwIfCancelled(signal);
      await session.addMask(seq, mask);
      await context.onMask?.(mask);
    }
    return { seq, model: scene.model };
  } catch (thrown) {
    const error = asMaskletError(thrown);
    throw error.code === "cancelled" ? MaskletError.of("cancelled", { seq }, thrown) : error;
  } finally {
    stop();
  }
}
