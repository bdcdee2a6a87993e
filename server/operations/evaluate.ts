// evaluate: a label image, or a session's objects, judged against the truth.
import { MaskletError } from "#protocol/errors.ts";
import type { DisplayRange, Schema } from "#protocol/types.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import { evaluationCsv } from "#server/exports/evaluation-csv.ts";
import { evaluationJson } from "#server/exports/evaluation-json.ts";
import { maskLabels } from "#server/segmentation/mask-labels.ts";
import type { SessionState } from "#server/sessions/fold.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import type { ImageReader } from "#server/volumes/image-reader.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import type { LabelReader } from "#server/volumes/label-reader.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { labelVolume, listed, tripleOf, withSpacing } from "./measure.ts";
import type { Params } from "./prompt-edits.ts";
import { makeFiles } from "./result-files.ts";
import type { FileOrder } from "./result-files.ts";
import type { Scratch } from "./scratch.ts";
import { framesOf, sessionImage, sessionMasks } from "./session-masks.ts";

type Asked = Params<"Evaluate">;

interface Judged {
  readonly labels: LabelReader;
  readonly promptedSlices?: ReadonlyMap<number, readonly number[]> | undefined;
  readonly image: ImageReader | undefined;
  readonly range: DisplayRange | undefined;
}

/** @throws request_invalid, not_found, object_unknown, export_empty, plane_off_volume, labels_invalid, labels_too_many, labels_mismatch, too_large, cancelled, and what reading throws */
export async function evaluate(domains: Domains, scratch: Scratch, { files: wanted = [], ...asked }: Asked, context: OperationContext): Promise<Schema<"EvaluateResult">> {
  const spacing = tripleOf(asked.spacing);
  const truth = withSpacing(labelReader(await labelVolume(domains, asked.truth, "Evaluate", "/truth"), { frame: asked.frame }), spacing);
  const judged = await whatIsJudged(domains, asked);
  const prediction = withSpacing(judged.labels, spacing);
  const evaluation = await evaluateLabels({ truth, prediction, spacing, promptedSlices: judged.promptedSlices }, context);
  const orders: Record<(typeof wanted)[number], FileOrder> = {
    "objects.csv": { name: "objects.csv", mediaType: "text/csv", content: async () => evaluationCsv([evaluation]) },
    "evaluation.json": { name: "evaluation.json", mediaType: "application/json", content: async () => evaluationJson([evaluation]) },
    "report.html": { name: "report.html", mediaType: "text/html", content: async () => {
      const { evaluationReport } = await import("#server/reports/evaluation-report.ts");
      const image = judged.image === undefined ? undefined : { ...judged.image, range: judged.range };
      return evaluationReport({ title: `${prediction.name} against ${truth.name}`, truth, image, predictions: [{ name: prediction.name, labels: prediction, evaluation }] }, context);
    } },
  };
  const files = await makeFiles([...new Set(wanted)].map((name) => orders[name]), scratch, context);
  const { leftOut, ...lists } = listed({ objects: evaluation.objects, unmatched: evaluation.unmatched });
  return { evaluation: { ...evaluation, ...lists }, ...(leftOut === undefined ? {} : { leftOut }), ...(files.length === 0 ? {} : { files }) };
}

async function whatIsJudged(domains: Domains, asked: Asked): Promise<Judged> {
  const refuse = (at: string, why: string): MaskletError => MaskletError.of("request_invalid", { what: "Evaluate", at, why });
  if ((asked.sessionId === undefined) === (asked.prediction === undefined)) throw refuse("", "it names a session (sessionId) or a label image (prediction), one of the two");
  const frame = asked.frame ?? 0;
  if (asked.prediction !== undefined) {
    for (const member of ["objects", "overlap", "sameIds"] as const) if (asked[member] !== undefined) throw refuse(`/${member}`, "it belongs to a session; here `prediction` says what is judged");
    const labels = labelReader(await labelVolume(domains, asked.prediction, "Evaluate", "/prediction"), { frame });
    const image = asked.image === undefined ? undefined : await domains.volumes.get(asked.image);
    return { labels, image: image === undefined ? undefined : imageReader(image, { frame, channel: asked.c }), range: image?.displayRange };
  }
  if (asked.image !== undefined) throw refuse("/image", "a session's grey values are those of its own volume");
  const session = await sessionMasks(domains, asked.sessionId!, asked.objects);
  const { volume, masks, state } = session;
  framesOf(volume, frame);
  const labels = maskLabels(masks.filter(({ t }) => t === frame), { ...volume, name: session.sessionId }, asked.overlap ?? "highest-score");
  const image = await sessionImage(domains, session, undefined, [frame], asked.c);
  return { labels, image: image?.(frame), range: volume.displayRange, promptedSlices: asked.sameIds === true ? promptedSlices(state, frame) : undefined };
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
