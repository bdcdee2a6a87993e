// Makes a training set: looks at every source once, parts space into splits, draws crops, writes them and their turned copies.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Axis, Progress, Watch } from "#protocol/types.ts";
import { freezeView } from "#server/segmentation/freeze-view.ts";
import { checkSameGrid, type Triple } from "#server/volumes/label-reader.ts";
import { writeCrop, type Crop } from "./crop-files.ts";
import { cutCrop, cutObjects, type CutObjects } from "./cut-crop.ts";
import { splits, validDataset, type Dataset, type DatasetItem, type DatasetSource, type Split } from "./description.ts";
import { drawPlaces, type Offer, type Place } from "./draw-places.ts";
import type { SetFolder } from "./output-folder.ts";
import { samplePicture } from "./sample-picture.ts";
import { scanSource, type Scan } from "./scan-source.ts";
import { seededRandom } from "./seeded-random.ts";
import { datasetText, filesOf } from "./set-text.ts";
import type { MarkedVolume } from "./source.ts";
import { splitSpace, type Parts } from "./split-blocks.ts";
import { turnStack } from "./stack.ts";

export interface SetOrder {
  readonly name: string;
  readonly licence?: string | undefined;
  readonly crops: number;
  readonly dimensions: 2 | 3;
  /** `[z, y, x]`, one voxel along the axis for 2D; no side longer than a source's. */
  readonly crop: Triple;
  readonly axis: Axis;
  readonly seed: number;
  readonly parts: Parts;
  /** Voxels between crops of different splits. */
  readonly margin: number;
  /** Which of the eight turns are written; 0 always is. */
  readonly turns: readonly number[];
  /** Turn every split, not train alone. */
  readonly turnAll: boolean;
  /** Crops with fewer objects are dropped; 0 keeps empty ones. */
  readonly minObjects: number;
}

export interface MadeSet {
  readonly dataset: Dataset;
  /** Uniform over the sources, and where the crops were taken. */
  readonly whole: readonly Place[];
  readonly taken: readonly Place[];
  /** Voxels of each object in each crop, turned copies left out. */
  readonly objectVoxels: readonly number[];
  /** Crops looked at and dropped for too few objects. */
  readonly dropped: number;
  /** Some of the crops, as PNG. */
  readonly picture: Uint8Array | undefined;
}

export interface SetWatch {
  readonly signal?: AbortSignal | undefined;
  /** A new step has begun, for people; its progress goes to what comes back. */
  readonly onStep?: ((step: string) => (progress: Progress) => void) | undefined;
}

/** Crops are looked at for their objects at most so many times as are wanted. */
const mostLooks = 50;

/**
 * Memory: one crop and its turned copy, and the tables of `scanSource` for each source.
 * @param folder dataset.json, images and labels are written into it
 * @throws dataset_impossible, labels_mismatch, labels_invalid, pixels_not_finite, disk_full, file_not_written, cancelled, and what reading throws
 */
export async function makeSet(sources: readonly MarkedVolume[], order: SetOrder, folder: SetFolder, watch: SetWatch = {}): Promise<MadeSet> {
  const { signal } = watch;
  for (const source of sources) checkSource(source, order.crop);
  const scans: Scan[] = [];
  const described: DatasetSource[] = [];
  for (const [nth, source] of sources.entries()) {
    const look: Watch = { signal, onProgress: watch.onStep?.(`looking at ${source.volume.name}`) };
    const scan = await scanSource(source, order.crop, look);
    scans.push(scan);
    described.push(await describeSource(source, sourceId(nth), scan, signal));
  }
  const random = seededRandom(order.seed);
  const space = splitSpace(scans.map((scan) => scan.extent), order.crop, order.margin, order.parts, (source, start, size) => scans[source]!.look(start, size).foreground > 0, random);
  const places = drawPlaces(scans, order.crop, space, order.crops, random);
  const onProgress = watch.onStep?.("cutting crops");
  const items: DatasetItem[] = [];
  const taken: Place[] = [];
  const objectVoxels: number[] = [];
  const picture = samplePicture(order.crops);
  let looks = 0;

  for (const [split, count] of shares(order.crops, order.parts)) {
    const before = taken.length;
    for (const offer of places.offers(split, count)) {
      const found = await firstFit(offer);
      if (found === undefined) break;
      const { place, objects } = found;
      const source = sources[place.source]!;
      const crop = await cutCrop(source, objects, place.start, order.crop, order.axis, signal);
      taken.push(place);
      objectVoxels.push(...objects.voxels.values());
      const item = describeItem(`${sourceId(place.source)}-${String(taken.length).padStart(4, "0")}`, split, place, objects);
      picture.offer(item, described[place.source]!.range, crop);
      await writeTurned(item, crop, order.turnAll || split === "train" ? order.turns : [0]);
      onProgress?.({ done: taken.length, total: order.crops, unit: "crops" });
    }
    if (count > 0 && taken.length === before) throw MaskletError.of("dataset_impossible", { why: `in the part of the sources that is ${split} no crop of ${order.crop.join(" x ")} voxels holds ${order.minObjects} objects or more; another --seed parts them differently` });
  }
  const { name, seed, dimensions, licence, margin } = order;
  const dataset: Dataset = { format: "masklet-dataset", version: 1, name, seed, dimensions, ...(licence === undefined ? {} : { licence }), margin, sources: described, items };
  await folder.write("dataset.json", datasetText(validDataset(dataset, "dataset.json")));
  return { dataset, whole: places.whole, taken, objectVoxels, dropped: looks - taken.length, picture: picture.png() };

  /** The first place with enough objects. Cells without any are passed over unread: what they say of emptiness is exact. */
  async function firstFit(offer: Offer): Promise<{ place: Place; objects: CutObjects } | undefined> {
    for (const place of offer.candidates) {
      throwIfCancelled(signal);
      if (looks >= mostLooks * order.crops) return undefined;
      if (order.minObjects > 0 && place.foreground === 0) continue;
      looks++;
      const objects = await cutObjects(sources[place.source]!, place.start, order.crop, order.axis, signal);
      if (objects.voxels.size >= order.minObjects) {
        offer.take(place);
        return { place, objects };
      }
      offer.drop(place);
    }
    return undefined;
  }

  function describeItem(id: string, split: Split, place: Place, objects: CutObjects): DatasetItem {
    const { spacing } = described[place.source]!;
    const { frame, channel } = sources[place.source]!;
    const [[z, y, x], [depth, height, width]] = [place.start, order.crop];
    return {
      id, source: sourceId(place.source), split, t: frame, c: channel, axis: order.axis, start: [z, y, x], size: [depth, height, width], spacing,
      ...filesOf(id), objects: objects.voxels.size, turn: 0, border: [...objects.border], ...(objects.ids === undefined ? {} : { ids: [...objects.ids] }),
    };
  }

  async function writeTurned(item: DatasetItem, crop: Crop, turns: readonly number[]): Promise<void> {
    for (const turn of turns) {
      throwIfCancelled(signal);
      const id = `${item.id}-t${turn}`;
      const turned: DatasetItem = turn === 0 ? item : { ...item, id, ...filesOf(id), turn, of: item.id };
      await writeCrop(folder, turned, { image: turnStack(crop.image, turn), labels: turnStack(crop.labels, turn) });
      items.push(turned);
    }
  }
}

/** a, b, ..., z, aa, ab, ... */
export function sourceId(nth: number): string {
  return (nth < 26 ? "" : sourceId(Math.floor(nth / 26) - 1)) + String.fromCharCode(97 + (nth % 26));
}

/** Crops of each split, together as many as are wanted: whole parts, then the largest remainders. A split that is wanted gets one at least, where there is one. */
export function shares(crops: number, parts: Parts): readonly (readonly [Split, number])[] {
  const wanted = splits.filter((split) => parts[split] > 0);
  const whole = wanted.reduce((sum, split) => sum + parts[split], 0);
  const least = crops >= wanted.length ? 1 : 0;
  const counts = new Map(wanted.map((split) => [split, Math.max(least, Math.floor((crops * parts[split]) / whole))]));
  const lack = (split: Split): number => (crops * parts[split]) / whole - counts.get(split)!;
  for (let left = crops - [...counts.values()].reduce((a, b) => a + b, 0); left !== 0; left -= Math.sign(left)) {
    const step = Math.sign(left);
    const free = wanted.filter((split) => step > 0 || counts.get(split)! > least);
    const next = free.reduce((best, split) => (step * lack(split) > step * lack(best) ? split : best));
    counts.set(next, counts.get(next)! + step);
  }
  return [...counts];
}

function checkSource({ volume, labels }: MarkedVolume, crop: Triple): void {
  const { shape, spacing, name } = volume;
  checkSameGrid({ name, size: [shape.z, shape.y, shape.x], spacing: spacing === undefined ? undefined : [spacing.z, spacing.y, spacing.x] }, labels);
  if (crop.some((size, axis) => size > labels.size[axis]!)) throw MaskletError.of("dataset_impossible", { why: `${name} has ${labels.size.join(" x ")} voxels (z x y x x), fewer than a crop of ${crop.join(" x ")}` });
  const voxels = crop[0] * crop[1] * crop[2];
  if (voxels > limits.maxCropVoxels) throw MaskletError.of("too_large", { what: "crop", size: voxels, limit: limits.maxCropVoxels, limitName: "maxCropVoxels" });
}

async function describeSource({ volume, labels, marks }: MarkedVolume, id: string, scan: Scan, signal: AbortSignal | undefined): Promise<DatasetSource> {
  const { range } = await freezeView(volume, undefined, signal);
  const size = volume.spacing ?? (labels.spacing === undefined ? undefined : { z: labels.spacing[0], y: labels.spacing[1], x: labels.spacing[2] });
  return {
    id, name: volume.name, sha256: scan.sha256, shape: volume.shape, dtype: volume.dtype, spacing: size === undefined ? null : [size.z, size.y, size.x],
    range, labels: { name: marks.name, kind: marks.kind, sha256: marks.sha256 ?? scan.labelsSha256 },
  };
}
