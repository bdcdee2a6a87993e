// Whole sets on the disk: made, or converted, with their card and picture.
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Watch } from "#protocol/types.ts";
import { partOf } from "#server/volumes/write-atomic.ts";
import type { CocoOptions } from "./coco-write.ts";
import { convertSet } from "./convert-set.ts";
import { dataCard } from "./data-card.ts";
import type { DatasetItem } from "./description.ts";
import { makeSet, type MadeSet, type SetOrder, type SetWatch } from "./make-set.ts";
import { openSet } from "./open-set.ts";
import { writeSetFolder, type SetFolder } from "./output-folder.ts";
import { openSetFiles } from "./set-files.ts";
import type { OpenSet, SetFormat } from "./set.ts";
import type { MarkedVolume } from "./source.ts";

/** What the card says of where a set came from. */
export interface Making {
  readonly format: SetFormat;
  readonly coco: CocoOptions;
  /** The command line that makes it again. */
  readonly command: string;
  readonly version: string;
}

const cardFile = "DATA_CARD.md";
const pictureFile = "crops.png";
/** A card that is carried along. */
const mostCardBytes = 2 ** 20;

/** In other formats a set is made as stacks beside `output` first, and converted. @throws as makeSet, convertSet and writeSetFolder */
export async function writeMadeSet(output: string, sources: readonly MarkedVolume[], order: SetOrder, making: Making, watch: SetWatch): Promise<MadeSet> {
  return writeSetFolder(output, async (folder) => {
    const made = making.format === "stacks" ? await makeSet(sources, order, folder, watch) : await throughStacks(output, sources, order, making, folder, watch);
    if (made.picture !== undefined) await folder.write(pictureFile, made.picture);
    await folder.write(cardFile, dataCard({ ...making, dataset: made.dataset, drawing: { ...made, minObjects: order.minObjects }, picture: made.picture === undefined ? undefined : pictureFile }));
    return made;
  });
}

async function throughStacks(output: string, sources: readonly MarkedVolume[], order: SetOrder, { format, coco }: Making, folder: SetFolder, watch: SetWatch): Promise<MadeSet> {
  const stacks = partOf(resolve(output));
  try {
    const made = await writeSetFolder(stacks, (inner) => makeSet(sources, order, inner, watch));
    await convertSet(await openSet(stacks, watch.signal), format, folder, coco, { signal: watch.signal, onProgress: watch.onStep?.(`writing ${format}`) });
    return made;
  } finally {
    await rm(stacks, { recursive: true, force: true });
  }
}

/** @returns the items. @throws as convertSet and writeSetFolder */
export async function writeConvertedSet(output: string, input: string, set: OpenSet, making: Making, watch: Watch): Promise<DatasetItem[]> {
  return writeSetFolder(output, async (folder) => {
    const { items, picture } = await convertSet(set, making.format, folder, making.coco, watch);
    if (picture !== undefined) await folder.write(pictureFile, picture);
    const card = dataCard({ ...making, dataset: { ...set.dataset, items }, picture: picture === undefined ? undefined : pictureFile, notes: set.notes() });
    const files = await openSetFiles(input);
    const older = (await files.names("")).includes(cardFile) ? new TextDecoder().decode(await files.read(cardFile, mostCardBytes)) : undefined;
    await folder.write(cardFile, older === undefined ? card : `${card}\n---\n\nThe card of the set it was converted from:\n\n${older}`);
    return items;
  });
}
