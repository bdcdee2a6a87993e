// What the fake server tells of a session's masks: the real columns, by the real measuring.
import type { ClientMessage, Declaration, Mask, Schema } from "#protocol/types.ts";
import { measurementsCsv } from "#server/exports/measurements-csv.ts";
import { measureObjects } from "#server/measure/measurements.ts";
import { measuresCsv } from "#server/exports/measures-csv.ts";
import { measureMasks } from "#server/operations/measure-masks.ts";

export function measurementsOf(masks: readonly Mask[], { spacing }: Declaration): Uint8Array {
  return new TextEncoder().encode(measurementsCsv(measureObjects(masks, spacing), { calibrated: spacing !== undefined }));
}

/** The real measuring again, without grey values; the page is none. */
export async function measuresOf(masks: readonly Mask[], { name, shape, spacing }: Declaration, { files = [] }: Extract<ClientMessage, { t: "measure" }>): Promise<Schema<"MeasureResult">> {
  const measures = await measureMasks({ name, volume: { shape, ...(spacing === undefined ? {} : { spacing }) }, masks, frames: Array.from({ length: shape.t }, (_, t) => t) });
  const text = (file: string): string => file === "report.html" ? "<!doctype html><title>A page</title>" : [...measuresCsv(file === "clusters.csv" ? measures.clusters : measures.objects, { calibrated: spacing !== undefined })].join("");
  return { measures, files: files.map((file) => ({ name: file, mediaType: "text/plain", sizeBytes: Buffer.byteLength(text(file)), data: new TextEncoder().encode(text(file)) })) };
}
