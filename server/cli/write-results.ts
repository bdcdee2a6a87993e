// Masks as the files a person asked for.
import { writeFile } from "node:fs/promises";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Mask, Overlap, Shape, Spacing } from "#protocol/types.ts";
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

/** @returns the paths written. @throws disk_full, file_not_written, labels_too_many */
export async function writeResults(paths: ResultPaths, volume: Measured, masks: readonly Mask[], overlap: Overlap): Promise<string[]> {
  const scene = { volume, masks, overlap };
  if (paths.labels !== undefined) await exporter.labels(paths.labels, scene, {});
  if (paths.rois !== undefined) await writeText(paths.rois, exporter.rois(scene));
  if (paths.geojson !== undefined) await writeText(paths.geojson, exporter.geojson(scene));
  if (paths.csv !== undefined) await writeText(paths.csv, exporter.measurements(scene));
  return [paths.labels, paths.rois, paths.geojson, paths.csv].filter((path) => path !== undefined);
}

async function writeText(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    const known = asMaskletError(cause);
    throw known.code === "disk_full" ? known : MaskletError.of("file_not_written", { file: path, why: known.message }, cause);
  }
}
