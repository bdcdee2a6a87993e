// measure: the morphology of a session's objects, or of a label image.
import { setImmediate as turn } from "node:timers/promises";
import { MaskletError } from "#protocol/errors.ts";
import type { Schema, Watch } from "#protocol/types.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { Domains, OperationContext } from "./contract.ts";
import type { Params } from "./prompt-edits.ts";
import { makeFiles } from "./result-files.ts";
import { measureOrdered } from "./score-in-thread.ts";
import type { Head, MeasureOrder, ReadBoxes } from "./score-order.ts";
import type { Scratch } from "./scratch.ts";
import { framesOf, sessionImage, sessionMasks } from "./session-masks.ts";

/** Some 10 ms of reading. */
const voxelsAtOnce = 2 ** 20;

type Asked = Omit<Params<"Measure">, "files">;
type Prepared = Omit<MeasureOrder, "files"> & { readonly read: ReadBoxes };

/** @throws request_invalid, not_found, object_unknown, export_empty, plane_off_volume, labels_invalid, labels_too_many, labels_mismatch, too_large, cancelled, and what reading throws */
export async function measure(domains: Domains, scratch: Scratch, { files: names = [], ...asked }: Params<"Measure">, context: OperationContext): Promise<Schema<"MeasureResult">> {
  const { read, ...order } = await prepare(domains, asked);
  return makeFiles(names, scratch, context, (files) => measureOrdered({ ...order, files }, read, context));
}

/** The table of a session, or its page, into a file. @throws as measure */
export async function measureSessionInto(path: string, name: "measurements.csv" | "report.html", domains: Domains, asked: Asked & { readonly sessionId: string }, watch: Watch): Promise<void> {
  const { read, ...order } = await prepare(domains, asked);
  await measureOrdered({ ...order, files: [{ name, path }] }, read, watch);
}

async function prepare(domains: Domains, asked: Asked): Promise<Prepared> {
  const refuse = (at: string, why: string): MaskletError => MaskletError.of("request_invalid", { what: "Measure", at, why });
  if ((asked.sessionId === undefined) === (asked.labels === undefined)) throw refuse("", "it names a session (sessionId) or a label image (labels), one of the two");
  if (asked.labels === undefined) {
    if (asked.image !== undefined) throw refuse("/image", "a session's grey values are those of its own volume");
    return ofSession(domains, asked.sessionId!, asked);
  }
  for (const member of ["objects", "overlap", "intensity"] as const) if (asked[member] !== undefined) throw refuse(`/${member}`, "it belongs to a session; here `labels` and `image` say what is measured");
  return ofVolume(domains, asked.labels, asked);
}

async function ofSession(domains: Domains, sessionId: string, { objects, overlap, intensity, frame, c, spacing: stated }: Asked): Promise<Prepared> {
  const session = await sessionMasks(domains, sessionId, objects);
  const { masks, volume, source } = session;
  const frames = framesOf(volume, frame);
  const spacing = tripleOf(stated);
  const withImage = sessionImage(session, intensity, frames, c);
  return {
    kind: "measure", title: volume.name, frames, spacing,
    labels: { ...headOf(source, spacing), name: `the objects of ${volume.name}`, volume: { shape: volume.shape, spacing: volume.spacing }, masks, overlap },
    image: withImage ? { ...headOf(source, spacing), range: volume.displayRange } : undefined,
    read: readFrom({ image: source }, c),
  };
}

async function ofVolume(domains: Domains, labelsId: string, { image: imageId, frame, c, spacing: stated }: Asked): Promise<Prepared> {
  const labels = await labelVolume(domains, labelsId, "Measure", "/labels");
  const image = imageId === undefined ? undefined : await domains.volumes.get(imageId);
  if (image !== undefined && frame === undefined && image.shape.t !== labels.shape.t) {
    throw MaskletError.of("labels_mismatch", { a: labels.name, b: image.name, why: `one has ${labels.shape.t} frames, the other ${image.shape.t}; name the \`frame\` to be measured` });
  }
  const frames = framesOf(labels, frame);
  const spacing = tripleOf(stated);
  // Said before a thread is started.
  if (image !== undefined) imageReader(image, { frame: frames.at(-1), channel: c });
  return {
    kind: "measure", title: labels.name, frames, spacing, labels: headOf(labels, spacing),
    image: image === undefined ? undefined : { ...headOf(image, spacing), range: image.displayRange },
    read: readFrom({ labels, image }, c),
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

/** @param stated a voxel size that holds whatever the volume says */
export function headOf(source: VolumeSource, stated: Triple | undefined): Head {
  const { name, size, spacing } = labelReader(source);
  return { name, size, spacing: stated ?? spacing };
}

export function readFrom(sources: Partial<Record<"labels" | "truth" | "prediction" | "image", VolumeSource | undefined>>, channel: number | undefined): ReadBoxes {
  return {
    ids: (which, frame, start, end, signal) => readIds(sources[which]!, frame, start, end, signal),
    image: (frame, start, end, signal) => imageReader(sources.image!, { frame, channel }).read(start, end, signal),
  };
}

/** Ids are read and checked on the thread that answers everybody, so slice by slice; what is stored in chunks comes as it is asked for, since each would be decoded again. */
async function readIds(source: VolumeSource, frame: number, start: Triple, end: Triple, signal: AbortSignal | undefined): Promise<Uint32Array> {
  const reader = labelReader(source, { frame });
  const plane = (end[1] - start[1]) * (end[2] - start[2]);
  const slices = Math.max(1, Math.floor(voxelsAtOnce / plane));
  if (source.chunk !== undefined || end[0] - start[0] <= slices) return reader.read(start, end, signal);
  const ids = new Uint32Array((end[0] - start[0]) * plane);
  for (let z = start[0]; z < end[0]; z += slices) {
    ids.set(await reader.read([z, start[1], start[2]], [Math.min(end[0], z + slices), end[1], end[2]], signal), (z - start[0]) * plane);
    await turn();
  }
  return ids;
}
