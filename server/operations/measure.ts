// measure: the morphology of a session's objects, or of a label image.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { DisplayRange, LabelMeasures, Schema, Watch } from "#protocol/types.ts";
import { measuresCsv } from "#server/exports/measures-csv.ts";
import { measureFrames } from "#server/measure/measure-labels.ts";
import { maskLabels } from "#server/segmentation/mask-labels.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import type { ImageReader } from "#server/volumes/image-reader.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { measureMasks } from "./measure-masks.ts";
import type { Params } from "./prompt-edits.ts";
import { makeFiles } from "./result-files.ts";
import type { FileOrder } from "./result-files.ts";
import type { Scratch } from "./scratch.ts";
import { framesOf, sessionImage, sessionMasks } from "./session-masks.ts";

type Asked = Omit<Params<"Measure">, "files">;

/** What is measured, and what its report shows. */
interface Measured {
  readonly title: string;
  readonly frames: readonly number[];
  readonly range: DisplayRange | undefined;
  measure(watch: Watch): Promise<LabelMeasures>;
  labelsOf(frame: number): LabelReader;
  imageOf(frame: number): ImageReader | undefined;
}

/** @throws request_invalid, not_found, object_unknown, export_empty, plane_off_volume, labels_invalid, labels_too_many, labels_mismatch, too_large, cancelled, and what reading throws */
export async function measure(domains: Domains, scratch: Scratch, { files: wanted = [], ...asked }: Params<"Measure">, context: OperationContext): Promise<Schema<"MeasureResult">> {
  const measured = await whatIsAsked(domains, asked);
  const measures = await measured.measure(context);
  const table = (name: "objects" | "clusters"): FileOrder["content"] => async () => measuresCsv(measures[name], { calibrated: measures.unit === "um" });
  const orders: Record<(typeof wanted)[number], FileOrder> = {
    "measurements.csv": { name: "measurements.csv", mediaType: "text/csv", content: table("objects") },
    "clusters.csv": { name: "clusters.csv", mediaType: "text/csv", content: table("clusters") },
    "report.html": { name: "report.html", mediaType: "text/html", content: () => reportOf(measured, measures, context) },
  };
  const files = await makeFiles([...new Set(wanted)].map((name) => orders[name]), scratch, context);
  const { leftOut, ...lists } = listed({ objects: measures.objects, clusters: measures.clusters });
  return { measures: { ...measures, ...lists }, ...(leftOut === undefined ? {} : { leftOut }), ...(files.length === 0 ? {} : { files }) };
}

/** As many rows as an answer holds. */
export function listed<L extends Record<string, readonly unknown[]>>(lists: L): L & { leftOut?: Record<string, number> } {
  const most = limits.maxResultRows;
  const tooMany = Object.entries(lists).filter(([, rows]) => rows.length > most);
  if (tooMany.length === 0) return lists;
  const cut = Object.fromEntries(tooMany.map(([name, rows]) => [name, rows.slice(0, most)]));
  return { ...lists, ...cut, leftOut: Object.fromEntries(tooMany.map(([name, rows]) => [name, rows.length - most])) };
}

/** The table of a session, or its page. @throws as measure */
export async function measureSessionAs(domains: Domains, as: "measurements" | "report", asked: Asked & { readonly sessionId: string }, watch: Watch): Promise<string | Iterable<string>> {
  const measured = await whatIsAsked(domains, asked);
  const measures = await measured.measure(watch);
  return as === "report" ? reportOf(measured, measures, watch) : measuresCsv(measures.objects, { calibrated: measures.unit === "um" });
}

/** Loads the drawing of plots, which a server does without until then. */
async function reportOf({ title, frames, range, labelsOf, imageOf }: Measured, measures: LabelMeasures, watch: Watch): Promise<string> {
  const { measureReport } = await import("#server/reports/measure-report.ts");
  const frame = measures.objects[0]?.t ?? frames[0]!;
  const image = imageOf(frame);
  return measureReport({ title, measures, labels: labelsOf(frame), frame, image: image === undefined ? undefined : { ...image, range } }, watch);
}

async function whatIsAsked(domains: Domains, asked: Asked): Promise<Measured> {
  const refuse = (at: string, why: string): MaskletError => MaskletError.of("request_invalid", { what: "Measure", at, why });
  if ((asked.sessionId === undefined) === (asked.labels === undefined)) throw refuse("", "it names a session (sessionId) or a label image (labels), one of the two");
  if (asked.labels === undefined) {
    if (asked.image !== undefined) throw refuse("/image", "a session's grey values are those of its own volume");
    return ofSession(domains, asked.sessionId!, asked);
  }
  for (const member of ["objects", "overlap", "intensity"] as const) if (asked[member] !== undefined) throw refuse(`/${member}`, "it belongs to a session; here `labels` and `image` say what is measured");
  return ofVolume(domains, asked.labels, asked);
}

async function ofSession(domains: Domains, sessionId: string, { objects, overlap, intensity, frame, c, spacing: stated }: Asked): Promise<Measured> {
  const session = await sessionMasks(domains, sessionId, objects);
  const { masks, volume } = session;
  const frames = framesOf(volume, frame);
  const image = await sessionImage(domains, session, intensity, frames, c);
  const spacing = tripleOf(stated);
  const imageOf = (t: number): ImageReader | undefined => withSpacing(image?.(t), spacing);
  return {
    title: volume.name, frames, range: volume.displayRange, imageOf,
    measure: (watch) => measureMasks({ name: volume.name, volume, masks, overlap, spacing, frames, imageOf }, watch),
    // A picture has one owner for each pixel.
    labelsOf: (t) => withSpacing(maskLabels(masks.filter((mask) => mask.t === t), { ...volume, name: `labels of ${volume.name}` }, overlap ?? "highest-score"), spacing),
  };
}

async function ofVolume(domains: Domains, labelsId: string, { image: imageId, frame, c, spacing: stated }: Asked): Promise<Measured> {
  const labels = await labelVolume(domains, labelsId, "Measure", "/labels");
  const image = imageId === undefined ? undefined : await domains.volumes.get(imageId);
  if (image !== undefined && frame === undefined && image.shape.t !== labels.shape.t) {
    throw MaskletError.of("labels_mismatch", { a: labels.name, b: image.name, why: `one has ${labels.shape.t} frames, the other ${image.shape.t}; name the \`frame\` to be measured` });
  }
  const frames = framesOf(labels, frame);
  const spacing = tripleOf(stated);
  const labelsOf = (t: number): LabelReader => withSpacing(labelReader(labels, { frame: t }), spacing);
  const imageOf = (t: number): ImageReader | undefined => image === undefined ? undefined : withSpacing(imageReader(image, { frame: t, channel: c }), spacing);
  return {
    title: labels.name, frames, range: image?.displayRange, labelsOf, imageOf,
    measure: (watch) => measureFrames(frames.map((t) => ({ t, labels: labelsOf(t), image: imageOf(t) })), { spacing }, watch),
  };
}

/** @throws not_found, request_invalid for a colour picture */
export async function labelVolume(domains: Domains, volumeId: string, what: string, at: string): Promise<VolumeSource> {
  const source = await domains.volumes.get(volumeId);
  if (source.rgb) throw MaskletError.of("request_invalid", { what, at, why: `${source.name} is a colour picture; a label image has one number a voxel, the object's id` });
  return source;
}

export function tripleOf(spacing: readonly number[] | undefined): Triple | undefined {
  return spacing === undefined ? undefined : [spacing[0]!, spacing[1]!, spacing[2]!];
}

/** A voxel size that was stated holds for all, whatever they say. */
export function withSpacing<R extends LabelReader | ImageReader | undefined>(reader: R, spacing: Triple | undefined): R {
  return reader === undefined || spacing === undefined ? reader : { ...reader, spacing };
}
