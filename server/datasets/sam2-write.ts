// Writes a set as SAM 2's training reads it: SPLIT/JPEGImages/ITEM/00000.jpg and SPLIT/Annotations/ITEM/00000.png, one video an item, one frame a plane.
import { objectColorTable } from "#server/exports/object-colors.ts";
import { greyJpeg, greyPng, palettePng } from "#server/pictures/encode-pixels.ts";
import type { Dataset, DatasetSource } from "./description.ts";
import { memoFile } from "./foreign-set.ts";
import type { SetFolder } from "./output-folder.ts";
import type { SetWriter } from "./set.ts";
import { datasetText } from "./set-text.ts";
import { throughView } from "./through-view.ts";

/** Entries of a palette beside the ground. */
export const mostInPalette = 255;

export interface Sam2Options {
  /** A folder for each object, where a palette is too small for one item: the whole set must be read in one way. */
  readonly folders: boolean;
}

export function sam2Writer(folder: SetFolder, sources: readonly DatasetSource[], { folders }: Sam2Options): SetWriter {
  const palettes = new Map<string, number[]>();
  return {
    add: async (item, { image, labels }) => {
      const [depth, height, width] = image.size;
      const { range } = sources.find(({ id }) => id === item.source)!;
      const numbers = [...new Set(labels.data)].filter((number) => number !== 0).sort((a, b) => a - b);
      const renumbered = !folders && (numbers.at(-1) ?? 0) > mostInPalette;
      if (renumbered) palettes.set(item.id, numbers);
      const entryOf = new Map(numbers.map((number, nth) => [number, renumbered ? nth + 1 : number]));
      for (let plane = 0; plane < depth; plane++) {
        const name = String(plane).padStart(5, "0");
        const [from, to] = [plane * height * width, (plane + 1) * height * width];
        const shown = throughView(image.data.subarray(from, to), range, new Uint8Array(height * width));
        await folder.write(`${item.split}/JPEGImages/${item.id}/${name}.jpg`, greyJpeg(shown, width, height));
        const ids = labels.data.subarray(from, to);
        const masks = `${item.split}/Annotations/${item.id}`;
        if (!folders) await folder.write(`${masks}/${name}.png`, palettePng(Uint8Array.from(ids, (id) => entryOf.get(id) ?? 0), width, height, objectColorTable));
        else for (const number of numbers) await folder.write(`${masks}/${String(number - 1).padStart(5, "0")}/${name}.png`, greyPng(Uint8Array.from(ids, (id) => (id === number ? 255 : 0)), width, height));
      }
    },
    finish: async (dataset) => folder.write(memoFile, datasetText({
      ...memoOfJpegs(dataset),
      items: dataset.items.map(({ numbers: _, ...item }) => ({ ...item, ...(palettes.has(item.id) ? { numbers: palettes.get(item.id)! } : {}) })),
    })),
  };
}

/** The description of pictures that are the range of their sources as 0 to 255. */
export function memoOfJpegs(dataset: Dataset): Dataset {
  return { ...dataset, sources: dataset.sources.map((source) => ({ ...source, dtype: "uint8", range: [0, 255] })) };
}
