// masklet evaluate: label images judged against the true one, side by side.
import { basename } from "node:path";
import type { Schema } from "#protocol/types.ts";
import type { EvaluateRequest } from "#server/evaluate/contract.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import { evaluationCsv } from "#server/exports/evaluation-csv.ts";
import { evaluationJson } from "#server/exports/evaluation-json.ts";
import type { JudgedPrediction, ReportImage } from "#server/reports/contract.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import { checkSameGrid, labelReader } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { CommandContext } from "./command.ts";
import { evaluateOptions, readEvaluateOrder, readPromptedSlices, type EvaluateOrder } from "./evaluate-order.ts";
import { evaluationNotes, evaluationTable } from "./evaluation-table.ts";
import type { Options } from "./options.ts";
import { checkPlotsFolder, wantsReport, writeReport } from "./write-report.ts";
import { checkResultPaths, writeResult } from "./write-results.ts";

export { evaluateOptions };

/** @throws usage, labels_mismatch, labels_invalid, labels_too_many, plane_off_volume, cancelled, and what reading and writing throw */
export async function runEvaluate(options: Options, context: CommandContext): Promise<void> {
  const order = readEvaluateOrder(options);
  const inputs = [order.truth, ...order.predictions.map(({ path }) => path), ...[order.prompts, order.image].filter((path) => path !== undefined)];
  await checkResultPaths({ objects: order.objects, json: order.output, report: order.files.report }, inputs);
  await checkPlotsFolder(order.files);
  const promptedSlices = order.prompts === undefined ? undefined : readPromptedSlices(order.prompts, order.frame ?? 0);
  const evaluations: Schema<"Evaluation">[] = [];
  const truth = await openVolume(order.truth, { signal: context.signal });
  let image: VolumeSource | undefined;
  try {
    image = order.image === undefined ? undefined : await openVolume(order.image, { signal: context.signal });
    const behind = image === undefined ? undefined : reportImage(image, truth, order);
    for (const prediction of order.predictions) evaluations.push(await evaluateOne({ ...order, promptedSlices }, truth, prediction, context));
    if (order.objects !== undefined) await writeResult(order.objects, evaluationCsv(evaluations));
    if (order.output !== undefined) await writeResult(order.output, evaluationJson(evaluations));
    if (wantsReport(order.files)) await drawReport(order, truth, behind, evaluations, context);
  } finally {
    await image?.close();
    await truth.close();
  }
  for (const note of evaluationNotes(evaluations)) context.terminal.say(note);
  context.terminal.resultInPieces(evaluationTable(evaluations), evaluationJson(evaluations));
}

/** @throws labels_mismatch, plane_off_volume: before anything slow */
function reportImage(image: VolumeSource, truth: VolumeSource, { frame = 0, channel, spacing }: EvaluateOrder): ReportImage {
  const [labels, reader] = [labelReader(truth, { frame }), imageReader(image, { frame: image.shape.t === 1 ? 0 : frame, channel })];
  checkSameGrid(spacing === undefined ? labels : { ...labels, spacing: undefined }, reader);
  return { ...reader, range: channel === 0 ? image.displayRange : undefined };
}

/** All predictions are read again, plane by plane beside each other. */
async function drawReport({ files, frame = 0, truth: path, predictions }: EvaluateOrder, truth: VolumeSource, image: ReportImage | undefined, evaluations: readonly Schema<"Evaluation">[], { terminal, signal }: CommandContext): Promise<void> {
  const { composeEvaluationReport } = await import("#server/reports/evaluation-report.ts");
  const opened: VolumeSource[] = [];
  try {
    const judged: JudgedPrediction[] = [];
    for (const [nth, { path: own, name }] of predictions.entries()) {
      const source = await openVolume(own, { signal });
      opened.push(source);
      judged.push({ name, labels: labelReader(source, { frame }), evaluation: evaluations[nth]! });
    }
    const report = await composeEvaluationReport({ title: `Judged against ${basename(path)}`, truth: labelReader(truth, { frame }), image, predictions: judged }, { signal, onProgress: terminal.progress("drawing") });
    for (const file of await writeReport(files, report)) terminal.say(`Written: ${file}`);
  } finally {
    for (const source of opened) await source.close();
  }
}

async function evaluateOne(order: EvaluateOrder & Pick<EvaluateRequest, "promptedSlices">, truth: VolumeSource, { path, name }: EvaluateOrder["predictions"][number], { terminal, signal }: CommandContext): Promise<Schema<"Evaluation">> {
  const frame = order.frame ?? 0;
  const prediction = await openVolume(path, { signal });
  try {
    if (order.frame === undefined && truth.shape.t > 1) terminal.say(`${order.truth} has ${truth.shape.t} frames; frame 0 is judged, another with --frame.`);
    const evaluation = await evaluateLabels(
      { truth: labelReader(truth, { frame }), prediction: { ...labelReader(prediction, { frame }), name }, spacing: order.spacing, promptedSlices: order.promptedSlices },
      { signal, onProgress: terminal.progress(order.predictions.length > 1 ? `judging ${name}` : "judging") },
    );
    for (const { name: file, shape, missingChunks } of [truth, prediction]) {
      if (shape.c > 1) terminal.say(`${file} has ${shape.c} channels; the labels are those of the first.`);
      const missing = missingChunks?.() ?? 0;
      if (missing > 0) terminal.say(`${file}: ${missing} chunks are not there and were read as ground.`);
    }
    return evaluation;
  } finally {
    await prediction.close();
  }
}
