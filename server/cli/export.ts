// masklet export: a label image, from here or elsewhere, as ROIs, GeoJSON and measurements.
import { MaskletError } from "#protocol/errors.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { readLabels } from "./read-labels.ts";
import { checkResultPaths, resultOptions, resultPaths, writeResults } from "./write-results.ts";

export const exportOptions = { labels: "text", ...resultOptions } as const;

/** @throws usage, export_empty, cancelled, and what reading labels and writing files throw */
export async function runExport(options: Options, context: CommandContext): Promise<void> {
  const path = options.required("labels");
  const paths = resultPaths(options);
  if (Object.values(paths).every((given) => given === undefined)) throw MaskletError.of("usage", { why: "Give at least one of --rois, --geojson, --csv." });
  await checkResultPaths(paths, [path]);
  const source = await openVolume(path, { signal: context.signal });
  try {
    const masks = await readLabels(source, context);
    if (masks.length === 0) throw MaskletError.of("export_empty", {});
    const files = await writeResults(paths, source, masks, "first");
    const objects = new Set(masks.map((mask) => mask.objectId)).size;
    context.terminal.result(`${objects} objects on ${masks.length} planes: ${files.join(", ")}`, { objects, planes: masks.length, files });
  } finally {
    await source.close();
  }
}
