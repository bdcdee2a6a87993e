// Writes a set as COCO: annotations/instances_SPLIT.json, images/SPLIT/*.png or .tif, one picture a plane.
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { reframe, unpackMask } from "#protocol/mask.ts";
import { traceOutline } from "#server/exports/outline.ts";
import { imagejTiff } from "#server/exports/tiff-writer.ts";
import { greyPng } from "#server/pictures/encode-pixels.ts";
import type { Mask } from "#protocol/types.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { packRuns, runLengths } from "./coco-rle.ts";
import type { Dataset, DatasetItem, DatasetSource, Split } from "./description.ts";
import { memoFile } from "./foreign-set.ts";
import type { SetFolder } from "./output-folder.ts";
import type { SetWriter } from "./set.ts";
import { datasetText } from "./set-text.ts";
import { throughView } from "./through-view.ts";

export const cocoSegmentations = ["rle", "counts", "polygons"] as const;

export interface CocoOptions {
  readonly images: "png" | "tiff";
  /** Compressed runs; runs as lists of numbers; outer rings, which lose holes. */
  readonly segmentation: (typeof cocoSegmentations)[number];
}

interface SplitFile {
  readonly images: string[];
  annotations: number;
}

/** A picture's name without its kind: the item's id, and the plane where there are several. */
export function cocoFrame({ split, id }: Pick<DatasetItem, "split" | "id">, plane: number, depth: number): string {
  return `${split}/${id}${depth === 1 ? "" : `-${String(plane).padStart(4, "0")}`}`;
}

/** @param sources of the items, whose range is the view of pixels that PNG cannot hold */
export function cocoWriter(folder: SetFolder, sources: readonly DatasetSource[], { images, segmentation }: CocoOptions): SetWriter {
  const files = new Map<Split, SplitFile>();
  const viewed = (source: DatasetSource): boolean => source.dtype === "float32" && images === "png";
  return {
    add: async (item, { image, labels }) => {
      const [depth, height, width] = image.size;
      const source = sources.find(({ id }) => id === item.source)!;
      const file = files.get(item.split) ?? { images: [], annotations: 0 };
      files.set(item.split, file);
      const lines: string[] = [];
      for (let plane = 0; plane < depth; plane++) {
        const [from, to] = [plane * height * width, (plane + 1) * height * width];
        const name = `${cocoFrame(item, plane, depth)}.${images === "png" ? "png" : "tif"}`;
        const imageId = file.images.length + 1;
        file.images.push(JSON.stringify({ id: imageId, file_name: name, width, height, license: 1, item: item.id, plane }));
        await folder.write(`images/${name}`, pictureOf(image.data.subarray(from, to), width, height, images, source));
        for (const mask of labelsToMasks({ ids: labels.data.subarray(from, to), width, t: 0, z: 0 })) {
          file.annotations++;
          lines.push(JSON.stringify({ id: file.annotations, image_id: imageId, category_id: 1, object: mask.objectId, area: mask.area, bbox: [mask.box[0], mask.box[1], mask.box[2] - mask.box[0], mask.box[3] - mask.box[1]], iscrowd: 0, segmentation: segmentationOf(mask, width, height, segmentation) }));
        }
      }
      const first = file.annotations === lines.length;
      if (lines.length > 0) await folder.append(annotationsFile(item.split), `${first ? opening : ",\n"}${lines.join(",\n")}`);
    },
    finish: async (dataset) => {
      for (const [split, { images: pictures, annotations }] of files) {
        const about = { description: dataset.name, version: "1", contributor: "", url: "" };
        const rest = `\n],\n"images": [\n${pictures.join(",\n")}\n],\n"categories": [{"id":1,"name":"object","supercategory":"object"}],\n"licenses": ${JSON.stringify([{ id: 1, name: dataset.licence ?? "", url: "" }])},\n"info": ${JSON.stringify(about)}\n}\n`;
        await folder.append(annotationsFile(split), `${annotations === 0 ? opening : ""}${rest}`);
      }
      await folder.write(memoFile, datasetText(memoOf(dataset, viewed)));
    },
  };
}

const opening = '{"annotations": [\n';

function annotationsFile(split: Split): string {
  return `annotations/instances_${split}.json`;
}

/** What the view made of pixels has 16 bits, all of them used. */
function memoOf(dataset: Dataset, viewed: (source: DatasetSource) => boolean): Dataset {
  return { ...dataset, sources: dataset.sources.map((source) => (viewed(source) ? { ...source, dtype: "uint16", range: [0, 65_535] } : source)) };
}

function pictureOf(data: Pixels, width: number, height: number, kind: CocoOptions["images"], { range }: DatasetSource): Uint8Array {
  if (kind === "tiff") return imagejTiff({ shape: { t: 1, c: 1, z: 1, y: height, x: width }, dtype: data instanceof Uint8Array ? "uint8" : data instanceof Uint16Array ? "uint16" : "float32" }, [data]);
  return greyPng(data instanceof Float32Array ? throughView(data, range, new Uint16Array(data.length)) : data, width, height);
}

function segmentationOf(mask: Mask, width: number, height: number, kind: CocoOptions["segmentation"]): unknown {
  if (kind === "polygons") return traceOutline(unpackMask(mask)).map((part) => Array.from(part.shell));
  const counts = runLengths(reframe(unpackMask(mask), [0, 0, width, height]).data, width, height);
  return { size: [height, width], counts: kind === "rle" ? packRuns(counts) : counts };
}
