// Masklet's own format: dataset.json, and a TIFF of pixels and one of object numbers for each item.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { writeCrop } from "./crop-files.ts";
import { parseDataset } from "./description.ts";
import { finding, type Finding } from "./findings.ts";
import type { SetFolder } from "./output-folder.ts";
import type { SetFiles } from "./set-files.ts";
import type { OpenSet, SetWriter } from "./set.ts";
import { datasetText, filesOf } from "./set-text.ts";
import type { Stack } from "./stack.ts";

/** @throws dataset_invalid, file_missing, file_unreadable, too_large */
export async function openStacks(files: SetFiles): Promise<OpenSet> {
  const dataset = parseDataset(new TextDecoder().decode(await files.read("dataset.json", limits.maxDatasetJsonBytes)), "dataset.json");
  const listed = new Set(dataset.items.flatMap((item) => [item.image, item.labels]));
  const findings: Finding[] = [];
  for (const folder of ["images", "labels"]) {
    for (const name of await files.names(folder)) {
      if (!listed.has(`${folder}/${name}`)) findings.push(finding("file_unlisted", `${folder}/${name}`, folder === "images" ? "no item names this image, so it has no labels" : "no item names these labels, so they have no image"));
    }
  }
  return {
    format: "stacks", dataset, findings, notes: () => [],
    readCrop: async (item, signal) => {
      const image = await readStack(files, item.image, signal);
      const labels = await readStack(files, item.labels, signal);
      return { image, labels: { size: labels.size, data: asNumbers(labels.data, item.labels) } };
    },
  };
}

export function stacksWriter(folder: SetFolder): SetWriter {
  return {
    add: (item, crop) => writeCrop(folder, { ...item, ...filesOf(item.id) }, crop),
    finish: async (dataset) => folder.write("dataset.json", datasetText({ ...dataset, items: dataset.items.map((item) => ({ ...item, ...filesOf(item.id) })) })),
  };
}

/** All planes of a TIFF of one channel and frame. @throws dataset_invalid, and what opening and reading throw */
export async function readStack(files: SetFiles, name: string, signal?: AbortSignal): Promise<Stack> {
  const volume = await openVolume(await files.path(name), { signal });
  try {
    const { t, c, z, y, x } = volume.shape;
    if (t * c !== 1) throw MaskletError.of("dataset_invalid", { file: name, why: `it has ${c} channels and ${t} frames, where an item has one of each` });
    if (z * y * x > limits.maxCropVoxels) throw MaskletError.of("dataset_invalid", { file: name, why: `it has ${z * y * x} voxels where ${limits.maxCropVoxels} are allowed (maxCropVoxels)` });
    return { size: [z, y, x], data: await volume.read({ t: 0, c: 0, z: [0, z], y: [0, y], x: [0, x] }, signal) };
  } finally {
    await volume.close();
  }
}

/** @throws labels_invalid */
export function asNumbers(values: Pixels, name: string): Uint16Array {
  if (values instanceof Uint16Array) return values;
  const numbers = Uint16Array.from(values);
  const wrong = numbers.findIndex((number, at) => number !== values[at]);
  if (wrong >= 0) throw MaskletError.of("labels_invalid", { name, at: `voxel ${wrong}`, value: String(values[wrong]) });
  return numbers;
}

