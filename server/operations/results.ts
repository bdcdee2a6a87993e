// labels.get and the files of a session: what was found, as planes or as one file.
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Overlap, Schema } from "#protocol/types.ts";
import { masksOf } from "#server/sessions/session.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Domains, ExportScene, OperationContext } from "./contract.ts";
import type { Params } from "./prompt-edits.ts";

export type FileKind = "labels" | "rois" | "geojson" | "measurements";

const mediaTypes: Readonly<Record<FileKind, string>> = {
  labels: "image/tiff", rois: "application/zip", geojson: "application/geo+json", measurements: "text/csv",
};

/** A file on its way to whoever asked; `done` removes what lies on the disk for it. */
export interface ResultFile {
  readonly mediaType: string;
  readonly masks: number;
  readonly sizeBytes: number;
  read(): Promise<Uint8Array>;
  stream(): Readable | undefined;
  done(): Promise<void>;
}

/** @throws export_empty, labels_too_many, too_large, not_found */
export async function getLabels(domains: Domains, params: Params<"LabelsGet">, context: OperationContext): Promise<Schema<"LabelsResult">> {
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
  const file = await resultFile(domains, { ...params, as: params.as }, context);
  try {
    if (file.sizeBytes > limits.maxFrameBytes - 1024) {
      throw MaskletError.of("too_large", { what: "result for one frame (GET it over HTTP instead)", size: file.sizeBytes, limit: limits.maxFrameBytes, limitName: "maxFrameBytes" });
    }
    return { masks: file.masks, data: await file.read(), mediaType: file.mediaType };
  } finally {
    await file.done();
  }
}

/** @throws export_empty, labels_too_many, disk_full, not_found, cancelled */
export async function resultFile(domains: Domains, params: { sessionId: string; as: FileKind; objects?: readonly number[] | undefined; overlap?: Overlap | undefined }, context: OperationContext): Promise<ResultFile> {
  const session = await domains.sessions.open(params.sessionId);
  const scene = await exportScene(domains, session, params);
  if (scene.masks.length === 0) throw MaskletError.of("export_empty", {});
  const mediaType = mediaTypes[params.as];
  if (params.as !== "labels") {
    const made = params.as === "rois" ? domains.exporter.rois(scene) : params.as === "geojson" ? domains.exporter.geojson(scene) : domains.exporter.measurements(scene);
    const bytes = typeof made === "string" ? new TextEncoder().encode(made) : made;
    return { mediaType, masks: scene.masks.length, sizeBytes: bytes.length, read: async () => bytes, stream: () => undefined, done: async () => undefined };
  }
  await makeFolder(domains.scratch);
  const path = join(domains.scratch, `labels-${randomBytes(8).toString("hex")}.tif`);
  const done = (): Promise<void> => rm(path, { force: true });
  try {
    await domains.exporter.labels(path, scene, context);
    return { mediaType, masks: scene.masks.length, sizeBytes: (await stat(path)).size, read: async () => new Uint8Array(await readFile(path)), stream: () => createReadStream(path), done };
  } catch (error) {
    await done();
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
