// What the fake server tells of a session's masks: the real columns, by the real measuring.
import type { Declaration, Mask } from "#protocol/types.ts";
import { measurementsCsv } from "#server/exports/measurements-csv.ts";
import { measureObjects } from "#server/measure/measurements.ts";

export function measurementsOf(masks: readonly Mask[], { spacing }: Declaration): Uint8Array {
  return new TextEncoder().encode(measurementsCsv(measureObjects(masks, spacing), { calibrated: spacing !== undefined }));
}
