// Morphology: what is measured of every object of a label image, in one pass over it.
import { throwIfCancelled } from "#protocol/errors.ts";
import type { LabelMeasures, ObjectMeasures, Watch } from "#protocol/types.ts";
import type { ImageReader } from "#server/volumes/image-reader.ts";
import { checkSameGrid } from "#server/volumes/label-reader.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { describeObjects } from "./describe-objects.ts";
import { populationOf } from "./population.ts";
import { RowSweep } from "./row-sweep.ts";

/** One frame of a label image, and of an image whose intensities are measured. */
export interface Frame {
  readonly labels: LabelReader;
  readonly image?: ImageReader | undefined;
  /** Its number in the measures; by default its place among the frames. */
  readonly t?: number | undefined;
}

export interface MeasureSettings {
  /** Micrometres; by default the label image's own, else the image's. Stated, it holds for both. */
  readonly spacing?: Triple | undefined;
  /** Scores of the segmentation by object id. */
  readonly confidence?: ReadonlyMap<number, number> | undefined;
  /** Voxels read at a time, at least one row. Any number gives the same measures. */
  readonly voxelsAtOnce?: number | undefined;
}

/** A few of these are in memory at once; working one off takes some 20 ms, in which nothing else is heard. */
const voxelsAtOnceByDefault = 2 ** 22;

/** Measures one frame. @throws as measureFrames */
export async function measureLabels({ labels, image, t, ...settings }: Frame & MeasureSettings, watch: Watch = {}): Promise<LabelMeasures> {
  return measureFrames([{ labels, image, t }], settings, watch);
}

/**
 * Measures every frame; what each number means is said in the schema `LabelMeasures`. Reads in raster order, each voxel once.
 * Memory: three bands of `voxelsAtOnce`, the runs of two slices, about 300 bytes an object and 8 a corner of its outlines, and the answer.
 * @param frames one or more, of one size
 * @throws labels_invalid, labels_mismatch (another shape, or two voxel sizes and none stated), cancelled, and what reading throws
 */
export async function measureFrames(frames: readonly Frame[], { spacing: stated, confidence, voxelsAtOnce = voxelsAtOnceByDefault }: MeasureSettings, { signal, onProgress }: Watch = {}): Promise<LabelMeasures> {
  const { size, spacing: own } = frames[0]!.labels;
  for (const { labels, image } of frames) {
    for (const other of [labels, image]) if (other !== undefined) checkSameGrid({ ...frames[0]!.labels, spacing: stated === undefined ? own : undefined }, other);
  }
  const known = stated ?? own ?? frames[0]!.image?.spacing;
  const spacing = known ?? ([1, 1, 1] as const);
  const objects: ObjectMeasures[] = [];
  const clusters: ObjectMeasures[] = [];
  for (const [nth, frame] of frames.entries()) {
    const sweep = await sweepFrame(frame, voxelsAtOnce, { signal, onProgress: (progress) => onProgress?.({ ...progress, done: nth * size[0] + progress.done, total: frames.length * size[0] }) });
    const found = await describeObjects(sweep, { t: frame.t ?? nth, size, spacing, confidence, withIntensity: frame.image !== undefined }, { signal, onProgress });
    for (const object of found.objects) objects.push(object);
    for (const cluster of found.clusters) clusters.push(cluster);
  }
  for (const list of [objects, clusters]) list.sort((a, b) => a.objectId - b.objectId || a.t - b.t);
  const voxelVolume = spacing[0] * spacing[1] * spacing[2];
  return {
    unit: known === undefined ? "vx" : "um", spacing: [...spacing], size: [...size], frames: frames.length, objects, clusters,
    population: populationOf(objects, clusters, { voxels: frames.length * size[0] * size[1] * size[2], voxelVolume }),
  };
}

async function sweepFrame({ labels, image }: Frame, voxelsAtOnce: number, { signal, onProgress }: Watch): Promise<RowSweep> {
  const { size } = labels;
  const sweep = new RowSweep(size);
  const read = async ([start, end]: Band) => Promise.all([labels.read(start, end, signal), image?.read(start, end, signal)]);
  const bands = bandsOf(size, voxelsAtOnce);
  let next: ReturnType<typeof read> | undefined;
  for (const [nth, band] of bands.entries()) {
    throwIfCancelled(signal);
    const [ids, values] = await (next ?? read(band));
    // The next band is on its way while this one is worked off.
    next = nth + 1 < bands.length ? read(bands[nth + 1]!) : undefined;
    next?.catch(() => undefined);
    sweep.add(ids, values);
    onProgress?.({ done: band[1][1] === size[1] ? band[1][0] : band[0][0], total: size[0], unit: "planes" });
  }
  return sweep;
}

type Band = readonly [Triple, Triple];

/** Boxes of whole rows in raster order: several slices, or some rows of one. */
function bandsOf([depth, height, width]: Triple, voxels: number): Band[] {
  const rows = Math.max(1, Math.floor(voxels / width));
  const slices = Math.max(1, Math.floor(rows / height));
  const bands: Band[] = [];
  for (let z = 0; z < depth; z += slices) {
    for (let y = 0; y < height; y += rows) bands.push([[z, y, 0], [Math.min(depth, z + slices), Math.min(height, y + rows), width]]);
  }
  return bands;
}
