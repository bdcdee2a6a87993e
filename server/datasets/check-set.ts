// Looks a training set over: what its description says of itself, then every file once.
import { createHash } from "node:crypto";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import { countNumbers } from "./convert-set.ts";
import type { Crop } from "./crop-files.ts";
import { stackSize, type Dataset, type DatasetItem, type DatasetSource } from "./description.ts";
import { findLeaks } from "./find-leaks.ts";
import { finding, findingOf, type Finding } from "./findings.ts";
import type { OpenSet } from "./set.ts";
import { inverseTurn, turnCount, turnStack, type Stack } from "./stack.ts";

export interface SetReport {
  readonly format: OpenSet["format"];
  readonly name: string;
  readonly items: number;
  readonly splits: { readonly train: number; readonly val: number; readonly test: number };
  readonly objects: number;
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Memory: one crop and a turned copy, and two hashes for each item. @throws cancelled */
export async function checkSet(set: OpenSet, watch: Watch = {}): Promise<SetReport> {
  const { dataset } = set;
  const findings: Finding[] = [...set.findings, ...checkDescription(dataset), ...findLeaks(dataset)];
  const sources = new Map(dataset.sources.map((source) => [source.id, source]));
  const seen = new Map<string, DatasetItem>();
  let original: { readonly item: DatasetItem; readonly crop: Crop } | undefined;
  let objects = 0;
  const ordered = families(dataset.items);
  for (const [nth, item] of ordered.entries()) {
    throwIfCancelled(watch.signal);
    watch.onProgress?.({ done: nth + 1, total: ordered.length, unit: "crops" });
    const crop = await set.readCrop(item, watch.signal).catch((thrown: unknown) => void findings.push(findingOf(item.id, thrown)));
    if (crop === undefined) continue;
    const wrong = checkCrop(item, sources.get(item.source), crop, set.format);
    findings.push(...wrong);
    objects += countNumbers(crop.labels.data);
    if (wrong.some(({ code }) => code === "shape_mismatch")) continue;
    if (item.of === undefined) {
      original = { item, crop };
      findings.push(...checkTwin(item, crop.image, seen));
    } else if (original !== undefined && original.item.id === item.of && !isTurned(crop, original.crop, item.turn, sources.get(item.source))) {
      findings.push(finding("turn_wrong", item.id, `turned back it is not ${item.of}`));
    }
  }
  const count = (split: DatasetItem["split"]): number => dataset.items.filter((item) => item.split === split).length;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return {
    format: set.format, name: dataset.name, items: dataset.items.length, splits: { train: count("train"), val: count("val"), test: count("test") }, objects,
    errors, warnings: findings.length - errors, findings, notes: set.notes(),
  };
}

/** What can be told without a file. */
export function checkDescription({ items, sources }: Pick<Dataset, "items" | "sources">): Finding[] {
  const findings: Finding[] = [];
  const known = new Map(sources.map((source) => [source.id, source]));
  if (known.size < sources.length) findings.push(finding("id_duplicate", "sources", "two sources have the same id"));
  const byId = new Map<string, DatasetItem>();
  const files = new Set<string>();
  for (const item of items) {
    if (byId.has(item.id)) findings.push(finding("id_duplicate", item.id, "two items have this id"));
    byId.set(item.id, item);
    for (const file of [item.image, item.labels]) {
      if (files.has(file)) findings.push(finding("id_duplicate", item.id, `another item has the file ${file} too`));
      files.add(file);
    }
    const source = known.get(item.source);
    if (source === undefined) findings.push(finding("source_unknown", item.id, `there is no source ${item.source}`));
    else findings.push(...checkBox(item, source));
  }
  for (const item of items) {
    const original = item.of === undefined ? undefined : byId.get(item.of);
    if (item.of !== undefined && (original === undefined || original.of !== undefined)) findings.push(finding("turn_wrong", item.id, `there is no original ${item.of}`));
    else if (original !== undefined && original.split !== item.split) findings.push(finding("leak_turned", item.id, `it is in ${item.split}, its original ${original.id} in ${original.split}`));
  }
  if (!items.some((item) => item.split === "train")) findings.push(finding("split_empty", "train", "no item is for training"));
  else if (!items.some((item) => item.split === "val")) findings.push(finding("split_empty", "val", "no item is for validation"));
  return findings;
}

function checkBox(item: DatasetItem, { shape }: DatasetSource): Finding[] {
  const sides = [shape.z, shape.y, shape.x];
  const outside = item.size.some((size, axis) => size < 1 || item.start[axis]! + size > sides[axis]!) || item.t >= shape.t || item.c >= shape.c;
  return outside ? [finding("box_outside", item.id, `${item.size.join(" x ")} voxels from ${item.start.join(", ")} do not lie in ${item.source} of ${sides.join(" x ")} (z x y x x)`)] : [];
}

function checkCrop(item: DatasetItem, source: DatasetSource | undefined, { image, labels }: Crop, format: OpenSet["format"]): Finding[] {
  const findings: Finding[] = [];
  const expected = stackSize(item);
  const differs = (size: Stack["size"], other: Stack["size"]): boolean => size.some((side, axis) => side !== other[axis]);
  if (differs(image.size, labels.size)) findings.push(finding("shape_mismatch", item.id, `its image is ${image.size.join(" x ")}, its labels are ${labels.size.join(" x ")}`));
  else if (differs(image.size, expected)) findings.push(finding("shape_mismatch", item.id, `its files are ${image.size.join(" x ")}, its description says ${expected.join(" x ")}`));
  const dtype = image.data instanceof Uint8Array ? "uint8" : image.data instanceof Uint16Array ? "uint16" : "float32";
  if (source !== undefined && source.dtype !== dtype) findings.push(finding("dtype_differs", item.id, `its image is ${dtype}, its source ${source.dtype}`));
  const objects = countNumbers(labels.data);
  if (objects === 0) findings.push(finding("labels_empty", item.id, "its labels hold no object"));
  else if (objects === 1 && !labels.data.includes(0)) findings.push(finding("labels_full", item.id, `object ${labels.data[0]} covers every voxel`));
  if (objects !== item.objects && (format === "stacks" || item.objects > 0)) findings.push(finding("objects_differ", item.id, `its labels hold ${objects} objects, its description says ${item.objects}`));
  if (item.ids !== undefined && labels.data.some((number) => number > item.ids!.length)) findings.push(finding("ids_invalid", item.id, `its labels hold numbers above ${item.ids.length}, for which no id of the source is listed`));
  return findings;
}

/** The same picture, or one that becomes it when it is turned, is elsewhere. */
function checkTwin(item: DatasetItem, image: Stack, seen: Map<string, DatasetItem>): Finding[] {
  const hashes = Array.from({ length: turnCount }, (_, turn) => hashStack(turnStack(image, turn)));
  const key = hashes.reduce((least, hash) => (hash < least ? hash : least));
  const twin = seen.get(key);
  if (twin === undefined) return void seen.set(key, item), [];
  const same = `it holds the same picture as ${twin.id}, as it is or turned`;
  return [twin.split === item.split ? finding("image_duplicate", item.id, same) : finding("leak_image", item.id, `${same}, which is in ${twin.split}, and this in ${item.split}`)];
}

/** Each original, and its turned copies behind it. */
function families(items: readonly DatasetItem[]): DatasetItem[] {
  const copies = new Map<string, DatasetItem[]>();
  for (const item of items) {
    if (item.of === undefined) continue;
    const own = copies.get(item.of) ?? [];
    copies.set(item.of, own);
    own.push(item);
  }
  const ids = new Set(items.filter((item) => item.of === undefined).map((item) => item.id));
  return items.flatMap((item) => (item.of === undefined ? [item, ...(copies.get(item.id) ?? [])] : ids.has(item.of) ? [] : [item]));
}

/** Of the grey range: more than JPEG changes a picture by, and much less than another picture differs. */
const nearlySame = 0.05;

/** Labels exactly; pixels nearly, since JPEGs of turned pictures are not turned JPEGs. */
function isTurned(copy: Crop, original: Crop, turn: number, source: DatasetSource | undefined): boolean {
  const labels = turnStack(copy.labels, inverseTurn(turn));
  const image = turnStack(copy.image, inverseTurn(turn));
  if (labels.data.length !== original.labels.data.length || !labels.data.every((number, at) => number === original.labels.data[at])) return false;
  let sum = 0;
  for (let at = 0; at < image.data.length; at++) if (image.data[at] !== original.image.data[at]) sum += Math.abs(image.data[at]! - original.image.data[at]!) || 0;
  const [low, high] = source?.range ?? [0, 0];
  return sum === 0 || sum / image.data.length <= nearlySame * (high - low);
}

function hashStack({ size, data }: Stack): string {
  return createHash("sha256").update(`${data.BYTES_PER_ELEMENT} ${size.join(" ")} `).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest("hex");
}
