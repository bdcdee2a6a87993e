// propagate: follows prompted objects; what is found is kept before anybody hears of it.
import { asMaskletError, MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Along, Schema } from "#protocol/types.ts";
import type { PropagateRequest, Scene } from "#server/segmentation/contract.ts";
import type { Turns } from "#server/jobs/turns.ts";
import type { SessionState } from "#server/sessions/fold.ts";
import type { PromptedObject } from "#server/sessions/record.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { editsOf } from "./prompt-edits.ts";
import type { Params } from "./prompt-edits.ts";
import { sceneOf } from "./scene.ts";

/**
 * A session's runs follow each other; each sees the edits asked for before it. However it ends, what arrived stays, and one undo
 * takes it back.
 * @throws nothing_prompted, object_unknown, cancelled (its details name the edit), and what segmentation throws
 */
export async function propagate(domains: Domains, turns: Turns, params: Params<"Propagate">, context: OperationContext): Promise<Schema<"PropagateResult">> {
  const session = await domains.sessions.open(params.sessionId);
  return turns.run(`run ${params.sessionId}`, context.signal, () => runNow(domains, turns, session, params, context));
}

async function runNow(domains: Domains, turns: Turns, session: OpenSession, params: Params<"Propagate">, context: OperationContext): Promise<Schema<"PropagateResult">> {
  // Among the edits in its turn until the run is in the journal; the run itself holds no edit up.
  const begun = await turns.run(editsOf(params.sessionId), context.signal, () => begin(domains, session, params, context));
  if ("nothing" in begun) return begun.nothing;
  const { scene, request, seq } = begun;
  const undone = new AbortController();
  const stop = session.subscribe(({ changed, of }) => { if (changed.kind === "undo" && of === seq) undone.abort(); });
  const signal = context.signal === undefined ? undone.signal : AbortSignal.any([context.signal, undone.signal]);
  const kept: Promise<unknown>[] = [];
  try {
    const answer = await domains.segmenter.propagate(scene, request, {
      signal,
      onProgress: context.onProgress,
      onMask: async (mask) => {
        throwIfCancelled(undone.signal);
        await session.addMask(seq, mask);
        await context.onMask?.(mask);
      },
      onEnd: (end) => {
        const keeping = session.addEnd(seq, end);
        // Its failure is thrown below, where every end is waited for.
        keeping.catch(() => undefined);
        kept.push(keeping);
      },
    });
    await Promise.all(kept);
    await session.addDone(seq);
    return { seq, planes: answer.planes, ends: [...answer.ends], model: scene.model };
  } catch (thrown) {
    await Promise.all(kept);
    const error = asMaskletError(thrown);
    throw error.code === "cancelled" ? MaskletError.of("cancelled", { seq }, thrown) : error;
  } finally {
    stop();
  }
}

async function begin(domains: Domains, session: OpenSession, params: Params<"Propagate">, context: OperationContext): Promise<{ scene: Scene; request: PropagateRequest; seq: number } | { nothing: Schema<"PropagateResult"> }> {
  const { along = "z", direction = "both", window = "object", range } = params;
  const chosen = chosenObjects(session.state(), params.objects);
  const followed = params.objects === undefined ? promptedAlong(chosen, along) : chosen;
  const objects = params.continue === true ? followed.map((object) => ({ ...object, edited: session.editedSince(object.objectId, along) })) : followed;
  const request: PropagateRequest = { objects, along, range, direction };
  const { shape } = await domains.volumes.describe(session.description.volumeId);
  const walked = domains.segmenter.checkRun(shape, request);
  // Nothing was edited: there is no gap to walk, and no edit that an undo would take back.
  if (walked.length === 0) return { nothing: { seq: session.state().seq, planes: 0, ends: [], model: await domains.models.resolve(params.model ?? "auto") } };
  const scene = await sceneOf(domains, session, params, context.signal);
  const run = {
    objects: objects.map(({ objectId }) => objectId), along, ...(range === undefined ? {} : { range }), direction, window, model: scene.model,
    ...(params.continue === true ? { walked } : {}),
  };
  return { scene, request, seq: await session.edit({ kind: "propagate", run }, context.author) };
}

/** Of objects that nobody named, those that can be followed this way. @throws prompt_off_axis when there is none */
function promptedAlong(objects: readonly PromptedObject[], along: Along): readonly PromptedObject[] {
  const axis = along === "t" ? "z" : along;
  const found = objects.filter(({ prompts }) => prompts.some(({ cut }) => cut.axis === axis));
  if (found.length === 0) throw MaskletError.of("prompt_off_axis", { objectId: objects[0]!.objectId, axis, along });
  return found;
}

/** @throws nothing_prompted, object_unknown */
export function chosenObjects(state: SessionState, wanted: readonly number[] | undefined): readonly PromptedObject[] {
  const prompted = [...state.objects].filter(([, object]) => object.prompts.size > 0).sort(([a], [b]) => a - b);
  if (wanted === undefined && prompted.length === 0) throw MaskletError.of("nothing_prompted", {});
  const known = new Map(prompted);
  return [...new Set(wanted ?? known.keys())].map((objectId) => {
    const object = known.get(objectId);
    if (object === undefined) throw MaskletError.of("object_unknown", { objectId });
    return { objectId, prompts: [...object.prompts.values()] };
  });
}
