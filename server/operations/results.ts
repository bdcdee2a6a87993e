// labels.get and the files of a session: what was found, as planes or as one file.
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Overlap, Schema, Watch } from "#protocol/types.ts";
import { masksOf } from "#server/sessions/session.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Domains, ExportScene, OperationContext } from "./contract.ts";
import { measureSessionInto } from "./measure.ts";
import type { Params } from "./prompt-edits.ts";
import type { Scratch } from "./scratch.ts";

export type FileKind = "labels" | "rois" | "geojson" | "measurements" | "report";

export interface FileParams {
  readonly sessionId: string;
  readonly as: FileKind;
  readonly objects?: number[] | undefined;
  readonly overlap?: Overlap | undefined;
  /** Of measurements and report. */
  readonly intensity?: boolean | undefined;
}

const mediaTypes: Readonly<Record<FileKind, string>> = {
  labels: "image/tiff", rois: "application/zip", geojson: "application/geo+json", measurements: "text/csv", report: "text/html; charset=utf-8",
};

/** A file on its way to whoever asked; `done` removes what lies on the disk for it. */
export interface ResultFile {
  readonly mediaType: string;
  readonly masks: number;
  readonly sizeBytes: number;
  read(): Promise<Uint8Array>;
  /** Undefined for what is in memory. */
  stream(): Readable | undefined;
  done(): Promise<void>;
}

/** @throws export_empty, labels_too_many, too_large, not_found */
export async function getLabels(domains: Domains, scratch: Scratch, params: Params<"LabelsGet">, context: OperationContext): Promise<Schema<"LabelsResult">> {
  const session = await domains.sessions.open(params.sessionId);
  if (params.as === "planes") {
    const masks = masksOf(session.state(), params.objects);
    for (const [at, mask] of masks.entries()) {
      throwIfCancelled(context.signal);
      await context.onMask?.(mask);
      context.onProgress?.({ done: at + 1, total: masks.length, unit: "planes" });
    }
    return { masks: masks.length };
  }
  const file = await resultFile(domains, scratch, { ...params, as: params.as }, context);
  try {
    if (file.sizeBytes > limits.maxFrameBytes - 1024) {
      throw MaskletError.of("too_large", { what: "result for one frame (GET it over HTTP instead)", size: file.sizeBytes, limit: limits.maxFrameBytes, limitName: "maxFrameBytes" });
    }
    return { masks: file.masks, data: await file.read(), mediaType: file.mediaType };
  } finally {
    await file.done();
  }
}

/** @throws export_empty, labels_too_many, disk_full, not_found, cancelled, and for measurements and report what `measure` throws */
export async function resultFile(domains: Domains, scratch: Scratch, params: FileParams, context: Watch): Promise<ResultFile> {
  const session = await domains.sessions.open(params.sessionId);
  const scene = await exportScene(domains, session, params);
  if (scene.masks.length === 0) throw MaskletError.of("export_empty", {});
  const [mediaType, masks] = [mediaTypes[params.as], scene.masks.length];
  const { as } = params;
  if (as === "rois" || as === "geojson") {
    const bytes = as === "rois" ? domains.exporter.rois(scene) : new TextEncoder().encode(domains.exporter.geojson(scene));
    return { mediaType, masks, sizeBytes: bytes.length, read: async () => bytes, stream: () => undefined, done: async () => undefined };
  }
  const { path: folder, remove } = await scratch.keep();
  const path = join(folder, as);
  try {
    if (as === "labels") await domains.exporter.labels(path, scene, context);
    else await measureSessionInto(path, as === "report" ? "report.html" : "measurements.csv", domains, params, context);
    return { mediaType, masks, sizeBytes: (await stat(path)).size, read: async () => new Uint8Array(await readFile(path)), stream: () => createReadStream(path), done: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function exportScene(domains: Domains, session: OpenSession, params: { objects?: readonly number[] | undefined; overlap?: Overlap | undefined }): Promise<ExportScene> {
  const { sessionId, volumeId } = session.description;
  // A session's objects stand in the order of their first edits, which is what the overlap rules `first` and `last` mean.
  const masks = [...session.state().objects]
    .filter(([objectId]) => params.objects?.includes(objectId) ?? true)
    .flatMap(([, object]) => [...object.masks.values()].map((held) => held.mask));
  return { sessionId, volume: await domains.volumes.describe(volumeId), masks, overlap: params.overlap ?? "highest-score" };
}
