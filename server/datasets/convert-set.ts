// A training set in another format, crop by crop.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import { cocoWriter, type CocoOptions } from "./coco-write.ts";
import type { Crop } from "./crop-files.ts";
import { stackSize, type DatasetItem } from "./description.ts";
import type { SetFolder } from "./output-folder.ts";
import { sa1bWriter } from "./sa1b-write.ts";
import { mostInPalette, sam2Writer } from "./sam2-write.ts";
import { samplePicture } from "./sample-picture.ts";
import type { OpenSet, SetFormat, SetWriter } from "./set.ts";
import { stacksWriter } from "./stacks-set.ts";

export interface ConvertedSet {
  /** As they are now. */
  readonly items: DatasetItem[];
  /** Some of the crops, as PNG. */
  readonly picture: Uint8Array | undefined;
}

/**
 * Labels stay exact; pixels where the format holds their kind (set.ts's formats: stacks all, COCO all but float32 in PNG, SAM 2 and SA-1B none: JPEG).
 * Memory: one crop.
 * @throws dataset_invalid for the first thing that is wrong with the set, cancelled, and what reading and writing throw
 */
export async function convertSet(set: OpenSet, format: SetFormat, folder: SetFolder, coco: CocoOptions, watch: Watch = {}): Promise<ConvertedSet> {
  const [wrong] = set.findings.filter((found) => found.severity === "error");
  if (wrong !== undefined) throw MaskletError.of("dataset_invalid", { file: wrong.item, why: wrong.why });
  const { dataset } = set;
  if (dataset.items.length === 0) throw MaskletError.of("dataset_invalid", { file: dataset.name, why: "it has no item" });
  const writer = await writerOf();
  const items: DatasetItem[] = [];
  const ranges = new Map(dataset.sources.map(({ id, range }) => [id, range]));
  const picture = samplePicture(dataset.items.filter((item) => item.of === undefined).length);
  for (const [nth, item] of dataset.items.entries()) {
    const crop = await cropOf(set, item, watch);
    const { numbers: _, ...plain } = item;
    items.push({ ...plain, objects: countNumbers(crop.labels.data) });
    if (item.of === undefined) picture.offer(item, ranges.get(item.source) ?? [0, 1], crop);
    await writer.add(items.at(-1)!, crop);
    watch.onProgress?.({ done: nth + 1, total: dataset.items.length, unit: "crops" });
  }
  await writer.finish({ ...dataset, items });
  return { items, picture: picture.png() };

  async function writerOf(): Promise<SetWriter> {
    if (format === "stacks") return stacksWriter(folder);
    if (format === "coco") return cocoWriter(folder, dataset.sources, coco);
    if (format === "sa1b") return sa1bWriter(folder, dataset.sources);
    let folders = false;
    // How masks are kept is settled before the first is written: palettes end at 255 objects.
    for (const item of dataset.items) folders ||= countNumbers((await cropOf(set, item, watch)).labels.data) > mostInPalette;
    return sam2Writer(folder, dataset.sources, { folders });
  }
}

/** @throws dataset_invalid when the files are not as the item says */
async function cropOf(set: OpenSet, item: DatasetItem, { signal }: Watch): Promise<Crop> {
  throwIfCancelled(signal);
  const crop = await set.readCrop(item, signal);
  const expected = stackSize(item);
  for (const [what, { size }] of [["image", crop.image], ["labels", crop.labels]] as const) {
    if (size.some((side, axis) => side !== expected[axis])) throw MaskletError.of("dataset_invalid", { file: item[what], why: `it is ${size.join(" x ")} where ${expected.join(" x ")} is described` });
  }
  return crop;
}

export function countNumbers(numbers: Uint16Array): number {
  const found = new Set(numbers);
  return found.size - (found.has(0) ? 1 : 0);
}
