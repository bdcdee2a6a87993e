// Writes single pictures as SA-1B has them, which SAM 2's training reads with SA1BRawDataset: SPLIT/sa_000001.jpg and SPLIT/sa_000001.json beside it.
import { MaskletError } from "#protocol/errors.ts";
import { reframe, unpackMask } from "#protocol/mask.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { greyJpeg } from "#server/pictures/encode-pixels.ts";
import { packRuns, runLengths } from "./coco-rle.ts";
import type { DatasetItem, DatasetSource } from "./description.ts";
import { memoFile } from "./foreign-set.ts";
import type { SetFolder } from "./output-folder.ts";
import { memoOfJpegs } from "./sam2-write.ts";
import type { SetWriter } from "./set.ts";
import { datasetText } from "./set-text.ts";
import { throughView } from "./through-view.ts";

/** Where an item lies, without its kind. Names are numbers, as the loader wants them: the item's place in the description, from 1. */
export function sa1bName({ split }: Pick<DatasetItem, "split">, nth: number): string {
  return `${split}/sa_${String(nth + 1).padStart(6, "0")}`;
}

export function sa1bWriter(folder: SetFolder, sources: readonly DatasetSource[]): SetWriter {
  let count = 0;
  return {
    add: async (item, { image, labels }) => {
      const [depth, height, width] = image.size;
      if (depth !== 1) throw MaskletError.of("dataset_invalid", { file: item.id, why: `it has ${depth} planes, and SA-1B holds single pictures; the format sam2 holds stacks` });
      const name = sa1bName(item, count++);
      const { range } = sources.find(({ id }) => id === item.source)!;
      const annotations = labelsToMasks({ ids: labels.data, width, t: 0, z: 0 }).map((mask, nth) => {
        const [u0, v0, u1, v1] = mask.box;
        const { data } = unpackMask(mask);
        const inside = data.indexOf(1);
        return {
          id: nth + 1, object: mask.objectId, area: mask.area, bbox: [u0, v0, u1 - u0, v1 - v0], crop_box: [0, 0, width, height], predicted_iou: 1, stability_score: 1,
          point_coords: [[u0 + (inside % (u1 - u0)) + 0.5, v0 + Math.floor(inside / (u1 - u0)) + 0.5]],
          segmentation: { size: [height, width], counts: packRuns(runLengths(reframe(unpackMask(mask), [0, 0, width, height]).data, width, height)) },
        };
      });
      await folder.write(`${name}.jpg`, greyJpeg(throughView(image.data, range, new Uint8Array(height * width)), width, height));
      await folder.write(`${name}.json`, `${JSON.stringify({ image: { image_id: count, width, height, file_name: `${name.split("/")[1]}.jpg` }, annotations })}\n`);
    },
    finish: async (dataset) => folder.write(memoFile, datasetText(memoOfJpegs(dataset))),
  };
}
