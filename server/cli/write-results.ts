// Masks as the files a person asked for.
import { access, constants, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Mask, Overlap, Shape, Spacing } from "#protocol/types.ts";
import { writeFault } from "#server/volumes/write-atomic.ts";
import { exporter } from "../exporter.ts";
import type { Options } from "./options.ts";

export interface ResultPaths {
  readonly labels?: string | undefined;
  readonly rois?: string | undefined;
  readonly geojson?: string | undefined;
  readonly csv?: string | undefined;
}

export interface Measured {
  readonly shape: Shape;
  readonly spacing: Spacing | undefined;
}

export const resultOptions = { rois: "text", geojson: "text", csv: "text" } as const;

export function resultPaths(options: Options): ResultPaths {
  return { rois: options.text("rois"), geojson: options.text("geojson"), csv: options.text("csv") };
}

/** Said before anything slow is begun, not after. @throws file_not_written */
export async function checkResultPaths(paths: ResultPaths): Promise<void> {
  for (const path of Object.values(paths)) {
    if (path === undefined) continue;
    await access(dirname(path), constants.W_OK).catch((cause: unknown) => { throw writeFault(path, cause); });
  }
}

/** @returns the paths written. @throws disk_full, file_not_written, labels_too_many */
export async function writeResults(paths: ResultPaths, volume: Measured, masks: readonly Mask[], overlap: Overlap): Promise<string[]> {
  const scene = { volume, masks, overlap };
  if (paths.labels !== undefined) await exporter.labels(paths.labels, scene, {});
  if (paths.rois !== undefined) await writeResult(paths.rois, exporter.rois(scene));
  if (paths.geojson !== undefined) await writeResult(paths.geojson, exporter.geojson(scene));
  if (paths.csv !== undefined) await writeResult(paths.csv, exporter.measurements(scene));
  return [paths.labels, paths.rois, paths.geojson, paths.csv].filter((path) => path !== undefined);
}

/** @throws disk_full, file_not_written */
export async function writeResult(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content).catch((cause: unknown) => { throw writeFault(path, cause); });
}
