// A COCO file as far as masks go: its pictures, and the outlines and runs in them. Nothing in it is believed.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { forEachPixel, unpackRuns } from "./coco-rle.ts";
import { fillRings } from "./fill-rings.ts";
import { finding, type Finding } from "./findings.ts";

export interface CocoPicture {
  readonly id: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly annotations: CocoAnnotation[];
}

export interface CocoAnnotation {
  readonly name: string;
  /** Our own member: the object's number. */
  readonly object: number | undefined;
  readonly segmentation: unknown;
}

export interface CocoFile {
  readonly pictures: readonly CocoPicture[];
  readonly categories: number;
  /** Regions that hold a crowd, not an object. */
  readonly crowds: number;
  /** Annotations with a box and no mask. */
  readonly boxes: number;
  readonly findings: readonly Finding[];
}

/** @param json what the file holds @throws dataset_invalid when it is no COCO file, or lists more than maxAnnotations */
export function readCocoFile(json: unknown, file: string): CocoFile {
  const images = memberOf(json, "images");
  const annotations = memberOf(json, "annotations");
  const categories = memberOf(json, "categories");
  if (!Array.isArray(images) || !Array.isArray(annotations)) throw MaskletError.of("dataset_invalid", { file, why: "it has no lists `images` and `annotations`" });
  for (const [what, list] of [["images", images], ["annotations", annotations]] as const) {
    if (list.length > limits.maxAnnotations) throw MaskletError.of("dataset_invalid", { file, why: `it lists ${list.length} ${what} where ${limits.maxAnnotations} are allowed (maxAnnotations)` });
  }
  const findings: Finding[] = [];
  const pictures = readPictures(images, file, findings);
  const counted = { crowds: 0, boxes: 0 };
  const seen = new Set<string>();
  for (const [at, annotation] of annotations.entries()) {
    const name = `${file}/annotations/${at}`;
    const id = idOf(memberOf(annotation, "id"));
    if (id !== undefined && seen.has(id)) findings.push(finding("id_duplicate", name, `there is another annotation ${id}`));
    if (id !== undefined) seen.add(id);
    const picture = pictures.get(idOf(memberOf(annotation, "image_id")) ?? "");
    const segmentation = memberOf(annotation, "segmentation");
    const object = memberOf(annotation, "object");
    if (picture === undefined) findings.push(finding("annotation_invalid", name, `there is no image ${String(memberOf(annotation, "image_id")).slice(0, 40)}`));
    else if (memberOf(annotation, "iscrowd") === 1) counted.crowds++;
    else if (segmentation === undefined || segmentation === null || (Array.isArray(segmentation) && segmentation.length === 0)) counted.boxes++;
    else picture.annotations.push({ name, object: isNumber(object) && Number.isInteger(object) && object >= 1 && object <= limits.maxUint16Label ? object : undefined, segmentation });
  }
  return { pictures: [...pictures.values()], categories: Array.isArray(categories) ? categories.length : 0, ...counted, findings };
}

function readPictures(images: readonly unknown[], file: string, findings: Finding[]): Map<string, CocoPicture> {
  const pictures = new Map<string, CocoPicture>();
  for (const [at, image] of images.entries()) {
    const name = `${file}/images/${at}`;
    const [id, path, width, height] = [idOf(memberOf(image, "id")), memberOf(image, "file_name"), memberOf(image, "width"), memberOf(image, "height")];
    if (id === undefined || typeof path !== "string" || !isSide(width) || !isSide(height) || width * height > limits.maxCropVoxels) {
      findings.push(finding("annotation_invalid", name, `an image needs id, file_name, width and height, with at most ${limits.maxCropVoxels} pixels (maxCropVoxels), not ${JSON.stringify([id, path, width, height]).slice(0, 160)}`));
    } else if (pictures.has(id)) findings.push(finding("id_duplicate", name, `there is another image ${id}`));
    else pictures.set(id, { id, file: path, width, height, annotations: [] });
  }
  return pictures;
}

/**
 * Object numbers of a picture, `[y, x]`: an annotation's own, else its place among the picture's. A pixel of several belongs to the first.
 * @returns also the pixels that others claimed
 * @throws dataset_invalid
 */
export function paintAnnotations({ width, height, annotations }: Pick<CocoPicture, "width" | "height" | "annotations">): { numbers: Uint16Array; contested: number } {
  const numbers = new Uint16Array(width * height);
  let contested = 0;
  if (annotations.length > limits.maxUint16Label) throw MaskletError.of("dataset_invalid", { file: annotations[0]!.name, why: `its image has ${annotations.length} objects where ${limits.maxUint16Label} fit` });
  annotations.forEach((annotation, nth) => {
    const number = annotation.object ?? nth + 1;
    forEachMaskPixel(annotation, width, height, (at) => {
      if (numbers[at] === 0) numbers[at] = number;
      else if (numbers[at] !== number) contested++;
    });
  });
  return { numbers, contested };
}

function forEachMaskPixel({ segmentation, name }: CocoAnnotation, width: number, height: number, inside: (at: number) => void): void {
  const invalid = (why: string): MaskletError => MaskletError.of("dataset_invalid", { file: name, why });
  if (Array.isArray(segmentation)) {
    // Each polygon is a part of the object; holes are not known here.
    for (const polygon of segmentation) {
      if (!Array.isArray(polygon) || polygon.length < 6 || polygon.length % 2 === 1 || !polygon.every(isNumber)) throw invalid("a polygon is a list of at least three pairs of numbers");
      const { box, data } = fillRings([Float64Array.from(polygon)], width, height, name);
      data.forEach((value, at) => { if (value !== 0) inside((box[1] + Math.floor(at / (box[2] - box[0]))) * width + box[0] + (at % (box[2] - box[0]))); });
    }
    return;
  }
  const size = memberOf(segmentation, "size");
  const counts = memberOf(segmentation, "counts");
  if (!Array.isArray(size) || size[0] !== height || size[1] !== width) throw invalid(`its runs are of a picture of ${JSON.stringify(size ?? null).slice(0, 60)} (rows, columns), and its image has ${height} x ${width}`);
  if (typeof counts === "string") return forEachPixel(unpackRuns(counts, name), width, height, name, inside);
  if (!Array.isArray(counts) || !counts.every(isNumber)) throw invalid("its runs are neither a list of numbers nor a text");
  forEachPixel(counts, width, height, name, inside);
}

/** An own member of whatever a JSON held. */
export function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  const member: unknown = Reflect.get(value, key);
  return member;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isSide(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= 1 && value <= limits.maxSide;
}

function idOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
