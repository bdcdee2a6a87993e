// masklet export: a label image, from here or elsewhere, as ROIs, GeoJSON and measurements.
import { MaskletError } from "#protocol/errors.ts";
import type { Mask } from "#protocol/types.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
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
    const { t: frames, z: slices, y, x } = source.shape;
    const masks: Mask[] = [];
    const show = context.terminal.progress("reading labels");
    for (let t = 0; t < frames; t++) {
      for (let z = 0; z < slices; z++) {
        const ids = await source.read({ t, c: 0, z: [z, z + 1], y: [0, y], x: [0, x] }, context.signal);
        masks.push(...labelsToMasks({ ids, width: x, t, z }));
        show({ done: t * slices + z + 1, total: frames * slices, unit: "planes" });
      }
    }
    if (masks.length === 0) throw MaskletError.of("export_empty", {});
    const files = await writeResults(paths, source, masks, "first");
    const objects = new Set(masks.map((mask) => mask.objectId)).size;
    context.terminal.result(`${objects} objects on ${masks.length} planes: ${files.join(", ")}`, { objects, planes: masks.length, files });
  } finally {
    await source.close();
  }
}
