// evaluate: a label image, or a session's objects, judged against the truth.
import { MaskletError } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";
import type { SessionState } from "#server/sessions/fold.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { headOf, labelVolume, readFrom, tripleOf } from "./measure.ts";
import type { Params } from "./prompt-edits.ts";
import { makeFiles } from "./result-files.ts";
import { evaluateOrdered } from "./score-in-thread.ts";
import type { EvaluateOrder, ReadBoxes } from "./score-order.ts";
import type { Scratch } from "./scratch.ts";
import { framesOf, sessionImage, sessionMasks } from "./session-masks.ts";

type Asked = Omit<Params<"Evaluate">, "files">;
type Prepared = Omit<EvaluateOrder, "files"> & { readonly read: ReadBoxes };

/** @throws request_invalid, not_found, object_unknown, export_empty, nothing_prompted, plane_off_volume, labels_invalid, labels_too_many, labels_mismatch, too_large, cancelled, and what reading throws */
export async function evaluate(domains: Domains, scratch: Scratch, { files: names = [], ...asked }: Params<"Evaluate">, context: OperationContext): Promise<Schema<"EvaluateResult">> {
  const { read, ...order } = await prepare(domains, asked);
  return makeFiles(names, scratch, context, (files) => evaluateOrdered({ ...order, files }, read, context));
}

async function prepare(domains: Domains, asked: Asked): Promise<Prepared> {
  const refuse = (at: string, why: string): MaskletError => MaskletError.of("request_invalid", { what: "Evaluate", at, why });
  if ((asked.sessionId === undefined) === (asked.prediction === undefined)) throw refuse("", "it names a session (sessionId) or a label image (prediction), one of the two");
  const { frame = 0, c } = asked;
  const spacing = tripleOf(asked.spacing);
  const truth = await labelVolume(domains, asked.truth, "Evaluate", "/truth");
  framesOf(truth, frame);
  const common = { kind: "evaluate", frame, spacing, truth: headOf(truth, spacing) } as const;
  if (asked.prediction !== undefined) {
    for (const member of ["objects", "overlap", "sameIds"] as const) if (asked[member] !== undefined) throw refuse(`/${member}`, "it belongs to a session; here `prediction` says what is judged");
    const prediction = await labelVolume(domains, asked.prediction, "Evaluate", "/prediction");
    framesOf(prediction, frame);
    const image = asked.image === undefined ? undefined : await domains.volumes.get(asked.image);
    if (image !== undefined) imageReader(image, { frame, channel: c });
    return {
      ...common, title: `${prediction.name} against ${truth.name}`, prediction: headOf(prediction, spacing), promptedSlices: undefined,
      image: image === undefined ? undefined : { ...headOf(image, spacing), range: image.displayRange }, read: readFrom({ truth, prediction, image }, c),
    };
  }
  if (asked.image !== undefined) throw refuse("/image", "a session's grey values are those of its own volume");
  const session = await sessionMasks(domains, asked.sessionId!, asked.objects);
  const { volume, source, masks, state, sessionId } = session;
  framesOf(volume, frame);
  return {
    ...common, title: `${volume.name} (${sessionId}) against ${truth.name}`,
    prediction: { ...headOf(source, spacing), name: sessionId, volume: { shape: volume.shape, spacing: volume.spacing }, masks, overlap: asked.overlap },
    image: sessionImage(session, undefined, [frame], c) ? { ...headOf(source, spacing), range: volume.displayRange } : undefined,
    promptedSlices: asked.sameIds === true ? promptedSlices(state, frame) : undefined, read: readFrom({ truth, image: source }, c),
  };
}

/** @throws nothing_prompted when no object has a prompt on a slice along z of the frame */
function promptedSlices(state: SessionState, frame: number): Map<number, number[]> {
  const slices = new Map<number, number[]>();
  for (const [objectId, { prompts }] of state.objects) {
    const own = [...prompts.values()].filter(({ cut }) => cut.axis === "z" && (cut.t ?? 0) === frame).map(({ cut }) => cut.index);
    if (own.length > 0) slices.set(objectId, own);
  }
  if (slices.size === 0) throw MaskletError.of("nothing_prompted", {});
  return slices;
}
