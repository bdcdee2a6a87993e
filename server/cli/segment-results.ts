// What a recipe left, as the files a person asked for.
import { MaskletError } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import type { Box3, ClassicalRun } from "#server/classical/contract.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { foundMasks } from "#server/operations/found-objects.ts";
import { planesOf } from "#server/operations/label-planes.ts";
import type { PlaneValues } from "#server/operations/label-planes.ts";
import { sizeOf } from "#server/segmentation/region-reader.ts";
import type { Pixels, VolumeSource } from "#server/volumes/source.ts";
import type { CommandContext } from "./command.ts";
import { promptsOfRun } from "./largest-slices.ts";
import type { SegmentOrder } from "./segment-order.ts";
import { writeResult, writeResults } from "./write-results.ts";
import type { ResultPaths } from "./write-results.ts";

export interface SegmentPaths extends Omit<ResultPaths, "labels"> {
  readonly prompts: string | undefined;
}

/** @returns the paths written. @throws labels_too_many, too_large, disk_full, file_not_written, cancelled */
export async function writeRun(run: ClassicalRun, order: SegmentOrder, source: VolumeSource, region: Box3, paths: SegmentPaths, { terminal, signal }: CommandContext): Promise<string[]> {
  const watch: Watch = { signal, onProgress: terminal.progress("writing") };
  if (order.step !== undefined) {
    await writeStep(run, order, source, region, watch);
    return [order.output];
  }
  await writeLabels(run, order, source, region, watch);
  const files = [order.output];
  if (paths.prompts !== undefined) {
    const { x: width, y: height } = source.shape;
    await writeResult(paths.prompts, `${JSON.stringify(await promptsOfRun(run, region, { width, height, t: order.frame, c: order.c }, signal))}\n`);
    files.push(paths.prompts);
  }
  if (paths.rois === undefined && paths.geojson === undefined && paths.csv === undefined) return files;
  const masks = await foundMasks(run, { region, t: order.frame, c: order.c }, signal).catch((fault: unknown) => {
    terminal.say(`${files.join(" and ")} ${files.length === 1 ? "is" : "are"} written; ROIs, GeoJSON and measurements are made of masks in memory, and these are too many.`);
    throw fault;
  });
  const { prompts: _prompts, ...asked } = paths;
  // Nothing found is no failure of the command: the label image shows it, and a file of no ROIs would be none.
  return masks.size === 0 ? files : [...files, ...(await writeResults(asked, source, [...masks.values()].flat(), "first"))];
}

async function writeLabels(run: ClassicalRun, order: SegmentOrder, source: VolumeSource, region: Box3, watch: Watch): Promise<void> {
  const { spacing, name } = source;
  if (order.zarr) return writeZarr(run, order.output, region, { spacing, name }, watch);
  const planes = planesOf(run, region, watch.signal);
  const nextPlane = async (): Promise<Uint32Array> => {
    const { value } = await planes.next();
    if (value instanceof Uint32Array) return value;
    throw MaskletError.of("internal", { why: "labels are 32-bit whole numbers" });
  };
  await writeLabelsTiff(order.output, { shape: shapeOf(region), spacing }, run.objects.length, nextPlane, watch);
}

async function writeZarr(run: ClassicalRun, path: string, region: Box3, about: Pick<VolumeSource, "spacing" | "name">, watch: Watch): Promise<void> {
  // Loaded only where it is wanted: most commands write TIFFs.
  const { writeLabelsZarr } = await import("#server/exports/labels-zarr.ts");
  await writeLabelsZarr(path, { size: sizeOf(region), ...about }, async ({ z, y, x }) => {
    const labels = await run.read({ start: [z[0], y[0], x[0]], end: [z[1], y[1], x[1]] });
    if (labels instanceof Uint32Array) return labels;
    throw MaskletError.of("internal", { why: "labels are 32-bit whole numbers" });
  }, watch);
}

/** A mask as 0 and 255, as ImageJ keeps binary images; labels as a label image; anything else as float32. */
async function writeStep(run: ClassicalRun, order: SegmentOrder, source: VolumeSource, region: Box3, watch: Watch): Promise<void> {
  const z = order.slice === undefined ? undefined : order.slice - region.start[0];
  const [, height, width] = sizeOf(region);
  const shape = z === undefined ? shapeOf(region) : { ...shapeOf(region), z: 1 };
  async function* planes(): AsyncGenerator<PlaneValues> {
    if (z === undefined) yield* planesOf(run, region, watch.signal);
    else yield run.read({ start: [z, 0, 0], end: [z + 1, height, width] });
  }
  const { spacing } = source;
  if (run.kind === "labels") {
    const each = planes();
    return writeLabelsTiff(order.output, { shape, spacing }, run.objects.length, async () => Uint32Array.from((await each.next()).value ?? []), watch);
  }
  const dtype = run.kind === "mask" ? "uint8" : "float32";
  async function* pixels(): AsyncGenerator<Pixels> {
    for await (const values of planes()) yield run.kind === "mask" ? Uint8Array.from(values, (value) => (value === 0 ? 0 : 255)) : Float32Array.from(values);
  }
  await writeImagejTiff(order.output, { shape, dtype, spacing }, pixels(), watch);
}

function shapeOf(region: Box3): { t: 1; c: 1; z: number; y: number; x: number } {
  const [z, y, x] = sizeOf(region);
  return { t: 1, c: 1, z, y, x };
}
