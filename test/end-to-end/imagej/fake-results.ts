// What the fake server tells of a session's masks: the real columns, by the real measuring.
import type { ClientMessage, Declaration, Mask, Schema } from "#protocol/types.ts";
import { measuresCsv } from "#server/exports/measures-csv.ts";
import { measureMasks } from "#server/operations/measure-masks.ts";

export async function measurementsOf(masks: readonly Mask[], volume: Declaration): Promise<Uint8Array> {
  const { files } = await measuresOf(masks, volume, { files: ["measurements.csv"] });
  return files![0]!.data!;
}

/** The real measuring again, without grey values; the page is none. */
export async function measuresOf(masks: readonly Mask[], { name, shape, spacing }: Declaration, { files = [] }: Pick<Extract<ClientMessage, { t: "measure" }>, "files">): Promise<Schema<"MeasureResult">> {
  const measures = await measureMasks({ name, volume: { shape, ...(spacing === undefined ? {} : { spacing }) }, masks, frames: Array.from({ length: shape.t }, (_, t) => t) });
  const text = (file: string): string => file === "report.html" ? "<!doctype html><title>A page</title>" : [...measuresCsv(file === "clusters.csv" ? measures.clusters : measures.objects, { calibrated: spacing !== undefined })].join("");
  return { measures, files: files.map((file) => ({ name: file, mediaType: "text/plain", sizeBytes: Buffer.byteLength(text(file)), data: new TextEncoder().encode(text(file)) })) };
}
