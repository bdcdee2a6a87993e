// What measuring and judging are done from, once it is known what was asked: plain data, and a way to read boxes of pixels. So it can be done
// here or on a thread.
import { limits } from "#protocol/limits.ts";
import type { DisplayRange, LabelMeasures, Mask, Overlap, Schema, Volume, Watch } from "#protocol/types.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import { evaluationCsv } from "#server/exports/evaluation-csv.ts";
import { evaluationJson } from "#server/exports/evaluation-json.ts";
import { measuresCsv } from "#server/exports/measures-csv.ts";
import { measureFrames } from "#server/measure/measure-labels.ts";
import { maskLabels } from "#server/segmentation/mask-labels.ts";
import type { ImageReader } from "#server/volumes/image-reader.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { measureMasks } from "./measure-masks.ts";
import { writeText } from "./result-files.ts";

/** What is known of an image without its pixels; a voxel size that was stated stands here for all of them. */
export type Head = Pick<LabelReader, "name" | "size" | "spacing">;

export interface DrawnMasks extends Head {
  readonly volume: Pick<Volume, "shape" | "spacing">;
  readonly masks: readonly Mask[];
  /** Undefined: each object is measured on all its voxels. */
  readonly overlap: Overlap | undefined;
}

interface Common {
  /** Of a report. */
  readonly title: string;
  readonly spacing: Triple | undefined;
  /** Grey values, and how a report shows them. */
  readonly image: (Head & { readonly range: DisplayRange | undefined }) | undefined;
  readonly files: readonly { readonly name: string; readonly path: string }[];
}

export interface MeasureOrder extends Common {
  readonly kind: "measure";
  readonly frames: readonly number[];
  readonly labels: Head | DrawnMasks;
}

export interface EvaluateOrder extends Common {
  readonly kind: "evaluate";
  readonly frame: number;
  readonly truth: Head;
  readonly prediction: Head | DrawnMasks;
  readonly promptedSlices: ReadonlyMap<number, readonly number[]> | undefined;
}

export type ScoreOrder = MeasureOrder | EvaluateOrder;
export type ScoreResult<O extends ScoreOrder> = O extends MeasureOrder ? Omit<Schema<"MeasureResult">, "files"> : Omit<Schema<"EvaluateResult">, "files">;

/** Which of an order's images. */
export type Which = "labels" | "truth" | "prediction" | "image";

export interface ReadBoxes {
  /** Checked ids. @throws as LabelReader */
  ids(which: Exclude<Which, "image">, frame: number, start: Triple, end: Triple, signal?: AbortSignal): Promise<Uint32Array>;
  image(frame: number, start: Triple, end: Triple, signal?: AbortSignal): Promise<Pixels>;
}

/** @throws what the kernels throw, disk_full, file_not_written */
export async function measureAsOrdered(order: MeasureOrder, read: ReadBoxes, watch: Watch): Promise<ScoreResult<MeasureOrder>> {
  const { frames, labels, spacing, title } = order;
  const imageOf = imagesOf(order, read);
  const labelsOf = (frame: number): LabelReader => readerOf(labels, "labels", frame, read);
  const measures = await ("masks" in labels
    ? measureMasks({ name: labels.name, volume: labels.volume, masks: labels.masks, overlap: labels.overlap, spacing, frames, imageOf }, watch)
    : measureFrames(frames.map((t) => ({ t, labels: labelsOf(t), image: imageOf(t) })), { spacing }, watch));
  for (const { name, path } of order.files) {
    if (name === "report.html") await writeText(path, await measureReportOf(order, measures, labelsOf, imageOf, watch));
    else await writeText(path, measuresCsv(name === "clusters.csv" ? measures.clusters : measures.objects, { calibrated: measures.unit === "um" }));
  }
  const { leftOut, ...lists } = listed({ objects: measures.objects, clusters: measures.clusters });
  return { measures: { ...measures, ...lists }, ...(leftOut === undefined ? {} : { leftOut }) };

  async function measureReportOf({ image }: MeasureOrder, whole: LabelMeasures, ...[ids, greys]: [typeof labelsOf, typeof imageOf, Watch]): Promise<string> {
    const { measureReport } = await import("#server/reports/measure-report.ts");
    const frame = whole.objects[0]?.t ?? frames[0]!;
    const behind = greys(frame);
    return measureReport({ title, measures: whole, labels: ids(frame), frame, image: behind === undefined ? undefined : { ...behind, range: image?.range } }, watch);
  }
}

/** @throws what the kernels throw, disk_full, file_not_written */
export async function evaluateAsOrdered(order: EvaluateOrder, read: ReadBoxes, watch: Watch): Promise<ScoreResult<EvaluateOrder>> {
  const { frame, title, spacing, promptedSlices } = order;
  const truth = readerOf(order.truth, "truth", frame, read);
  const prediction = readerOf(order.prediction, "prediction", frame, read);
  const evaluation = await evaluateLabels({ truth, prediction, spacing, promptedSlices }, watch);
  for (const { name, path } of order.files) {
    if (name === "objects.csv") await writeText(path, evaluationCsv([evaluation]));
    else if (name === "evaluation.json") await writeText(path, evaluationJson([evaluation]));
    else {
      const { evaluationReport } = await import("#server/reports/evaluation-report.ts");
      const behind = imagesOf(order, read)(frame);
      await writeText(path, await evaluationReport({ title, truth, image: behind === undefined ? undefined : { ...behind, range: order.image?.range }, predictions: [{ name: prediction.name, labels: prediction, evaluation }] }, watch));
    }
  }
  const { leftOut, ...lists } = listed({ objects: evaluation.objects, unmatched: evaluation.unmatched });
  return { evaluation: { ...evaluation, ...lists }, ...(leftOut === undefined ? {} : { leftOut }) };
}

/** A picture, and a judge, see one owner for each voxel. */
function readerOf(labels: Head | DrawnMasks, which: Exclude<Which, "image">, frame: number, read: ReadBoxes): LabelReader {
  const { name, size, spacing } = labels;
  if (!("masks" in labels)) return { name, size, spacing, read: (start, end, signal) => read.ids(which, frame, start, end, signal) };
  const drawn = maskLabels(labels.masks.filter(({ t }) => t === frame), { name, shape: labels.volume.shape }, labels.overlap ?? "highest-score");
  return { ...drawn, spacing };
}

function imagesOf({ image }: Common, read: ReadBoxes): (frame: number) => ImageReader | undefined {
  if (image === undefined) return () => undefined;
  const { name, size, spacing } = image;
  return (frame) => ({ name, size, spacing, read: (start, end, signal) => read.image(frame, start, end, signal) });
}

/** As many rows as an answer holds. */
function listed<L extends Record<string, readonly unknown[]>>(lists: L): L & { leftOut?: Record<string, number> } {
  const most = limits.maxResultRows;
  const tooMany = Object.entries(lists).filter(([, rows]) => rows.length > most);
  if (tooMany.length === 0) return lists;
  const cut = Object.fromEntries(tooMany.map(([name, rows]) => [name, rows.slice(0, most)]));
  return { ...lists, ...cut, leftOut: Object.fromEntries(tooMany.map(([name, rows]) => [name, rows.length - most])) };
}
