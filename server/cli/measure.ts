// masklet measure: morphology of every object of a label image, in this process, whatever its size.
import { basename } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { DisplayRange, LabelMeasures, Progress } from "#protocol/types.ts";
import { measuresCsv } from "#server/exports/measures-csv.ts";
import { measureFrames } from "#server/measure/measure-labels.ts";
import type { Frame } from "#server/measure/measure-labels.ts";
import { createPlaneCache } from "#server/volumes/cached-volume.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { CommandContext } from "./command.ts";
import { readMeasureOrder } from "./measure-order.ts";
import type { MeasureOrder } from "./measure-order.ts";
import { measureNotes, measureSummary } from "./measure-summary.ts";
import type { Options } from "./options.ts";
import { readScores } from "./read-scores.ts";
import { checkPlotsFolder, wantsReport, writeReport } from "./write-report.ts";
import { checkResultPaths, writeResult } from "./write-results.ts";

/** @throws usage, labels_invalid, labels_too_many, labels_mismatch, plane_off_volume, cancelled, and what reading and writing throw */
export async function runMeasure(options: Options, context: CommandContext): Promise<void> {
  const order = readMeasureOrder(options);
  await checkResultPaths({ csv: order.output, clusters: order.clusters, report: order.files.report }, [order.labels, order.image, order.confidence].filter((path) => path !== undefined));
  await checkPlotsFolder(order.files);
  const confidence = order.confidence === undefined ? undefined : await readScores(order.confidence);
  const beganMs = performance.now();
  const { measures, files, notes } = await withVolumes(order, context, async (frames, sources, range) => {
    const measures = await measureFrames(frames, { spacing: order.spacing, confidence }, { signal: context.signal, onProgress: phases(context) });
    const calibrated = measures.unit === "um";
    await writeResult(order.output, measuresCsv(measures.objects, { calibrated }));
    if (order.clusters !== undefined) await writeResult(order.clusters, measuresCsv(measures.clusters, { calibrated }));
    const tables = [order.output, order.clusters].filter((path) => path !== undefined);
    const pictures = await drawReport(measures, frames[0]!, range, order, context);
    return { measures, files: [...tables, ...pictures], notes: [...measureNotes(measures), ...sources.flatMap((source, nth) => fileNotes(source, order, nth === 0))] };
  });
  tell(measures, files, notes, context, beganMs);
}

/** Pictures are of the first frame that was measured. */
async function drawReport(measures: LabelMeasures, { t, labels, image }: Frame, range: DisplayRange | undefined, { files, labels: path }: MeasureOrder, { terminal, signal }: CommandContext): Promise<string[]> {
  if (!wantsReport(files)) return [];
  const { composeMeasureReport } = await import("#server/reports/measure-report.ts");
  return writeReport(files, await composeMeasureReport({ title: `Measures of ${basename(path)}`, measures, labels, image: image && { ...image, range }, frame: t }, { signal, onProgress: terminal.progress("drawing") }));
}

function tell(measures: LabelMeasures, files: readonly string[], notes: readonly string[], { terminal }: CommandContext, beganMs: number): void {
  const seconds = Math.round(performance.now() - beganMs) / 1000;
  const { unit, spacing, size, frames, population } = measures;
  terminal.result(measureSummary(measures, { files, seconds, notes }), { unit, spacing, size, frames, population, notes, files, seconds });
}

/** What was read otherwise than its file has it. */
function fileNotes({ name, shape, spacing: own, missingChunks }: VolumeSource, { spacing: stated }: MeasureOrder, areLabels: boolean): string[] {
  const missing = missingChunks?.() ?? 0;
  const differs = stated !== undefined && own !== undefined && [own.z, own.y, own.x].some((side, axis) => Math.abs(side - stated[axis]!) > 1e-3 * side);
  return [
    ...(areLabels && shape.c > 1 ? [`${name} has ${shape.c} channels; the labels are those of the first.`] : []),
    ...(differs ? [`${name} states voxels of ${own.z} x ${own.y} x ${own.x} micrometres (z x y x x); --spacing was used.`] : []),
    ...(missing > 0 ? [`${missing} chunks of ${name} do not exist; by the format they are filled with one value.`] : []),
  ];
}

/** Opens what is read, one reader a frame, and closes it after. */
async function withVolumes<T>({ labels: path, image: imagePath, channel, frame, spacing }: MeasureOrder, { signal }: CommandContext, use: (frames: Frame[], sources: readonly VolumeSource[], range: DisplayRange | undefined) => Promise<T>): Promise<T> {
  const opened: VolumeSource[] = [];
  // Rows are read through all chunks of a layer before the next ones: decoded, they are kept that long.
  const open = async (file: string): Promise<VolumeSource> => {
    const source = await openVolume(file, { signal }, createPlaneCache(limits.measureCacheBytes));
    opened.push(source);
    return source;
  };
  try {
    const labels = await open(path);
    const image = imagePath === undefined ? undefined : await open(imagePath);
    if (image !== undefined && frame === undefined && image.shape.t !== labels.shape.t) {
      throw MaskletError.of("labels_mismatch", { a: labels.name, b: image.name, why: `one has ${labels.shape.t} frames, the other ${image.shape.t}; --frame N measures one of them` });
    }
    const times = frame === undefined ? Array.from({ length: labels.shape.t }, (_, t) => t) : [frame];
    // A voxel size that was stated holds for both, whatever they say.
    const stated = <R extends object>(reader: R): R => (spacing === undefined ? reader : { ...reader, spacing });
    const readers = times.map((t) => ({ t, labels: stated(labelReader(labels, { frame: t })), image: image === undefined ? undefined : stated(imageReader(image, { frame: t, channel })) }));
    return await use(readers, opened, channel === 0 ? image?.displayRange : undefined);
  } finally {
    for (const source of opened) await source.close();
  }
}

/** One bar while slices are read, another while objects are described. */
function phases({ terminal }: CommandContext): (progress: Progress) => void {
  const [reading, describing] = [terminal.progress("reading labels"), terminal.progress("measuring")];
  return (progress) => (progress.unit === "objects" ? describing : reading)(progress);
}
