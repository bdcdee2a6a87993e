// Masks as the files a person asked for.
import { writeFile } from "node:fs/promises";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Mask, Overlap, Shape, Spacing } from "#protocol/types.ts";
import { objectsGeojson } from "#server/exports/geojson.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { measurementsCsv } from "#server/exports/measurements-csv.ts";
import { writeRoisZip } from "#server/exports/rois-zip.ts";
import { measureObjects } from "#server/measure/measurements.ts";
import { groupByPlane, labelPlane } from "#server/segmentation/masks-to-labels.ts";
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
  const { shape, spacing } = volume;
  if (paths.labels !== undefined) await writeLabels(paths.labels, volume, masks, overlap);
  if (paths.rois !== undefined) await writeText(paths.rois, writeRoisZip(masks, { shape }));
  if (paths.geojson !== undefined) await writeText(paths.geojson, JSON.stringify(objectsGeojson(masks)));
  if (paths.csv !== undefined) await writeText(paths.csv, measurementsCsv(measureObjects(masks, spacing), { calibrated: spacing !== undefined }));
  return [paths.labels, paths.rois, paths.geojson, paths.csv].filter((path) => path !== undefined);
}

async function writeLabels(path: string, { shape, spacing }: Measured, masks: readonly Mask[], overlap: Overlap): Promise<void> {
  const planes = new Map(groupByPlane(masks).map((plane) => [`${plane.t} ${plane.z}`, plane.masks]));
  const maxId = masks.reduce((max, mask) => Math.max(max, mask.objectId), 0);
  await writeLabelsTiff(path, { shape, spacing }, maxId, (t, z) => labelPlane(planes.get(`${t} ${z}`) ?? [], shape.x, shape.y, overlap));
}

async function writeText(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    const known = asMaskletError(cause);
    throw known.code === "disk_full" ? known : MaskletError.of("file_not_written", { file: path, why: known.message }, cause);
  }
}
