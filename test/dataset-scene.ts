// A small labelled volume, and training sets made of it, for tests.
import { join } from "node:path";
import type { Dtype } from "#protocol/types.ts";
import { makeSet, type SetOrder } from "#server/datasets/make-set.ts";
import { writeSetFolder } from "#server/datasets/output-folder.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { seededRandom } from "../fixtures/make/seeded-random.ts";

export const sceneShape = { t: 1, c: 1, z: 24, y: 66, x: 80 };
export const sceneSpacing = { z: 0.5, y: 0.25, x: 0.25 };

/** Balls of many sizes, brighter than the ground. `firstId` is the number of the first. */
export async function writeScene(folder: string, dtype: Dtype = "uint16", firstId = 1): Promise<{ image: string; labels: string }> {
  const { z: depth, y: height, x: width } = sceneShape;
  const random = seededRandom(5);
  const balls = Array.from({ length: 40 }, (_, nth) => ({ id: firstId + nth, z: random.between(0, depth), y: random.between(0, height), x: random.between(0, width), r: random.between(2, 8) }));
  const ids = new Uint32Array(depth * height * width);
  const values = new Float64Array(ids.length);
  const white = { uint8: 255, uint16: 65_535, float32: 1 }[dtype];
  for (let z = 0, at = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        ids[at] = balls.find((ball) => Math.hypot(ball.z - z, ball.y - y, ball.x - x) < ball.r)?.id ?? 0;
        values[at] = white * Math.max(0, Math.min(1, (ids[at] === 0 ? 0.3 : 0.6) + x / width / 5 + 0.05 * random.normal()));
      }
    }
  }
  const plane = (z: number): Pixels => {
    const part = values.subarray(z * height * width, (z + 1) * height * width);
    if (dtype === "float32") return Float32Array.from(part);
    return dtype === "uint8" ? Uint8Array.from(part, Math.round) : Uint16Array.from(part, Math.round);
  };
  const paths = { image: join(folder, `raw-${dtype}.tif`), labels: join(folder, `labels-${firstId}.tif`) };
  await writeImagejTiff(paths.image, { shape: sceneShape, dtype, spacing: sceneSpacing }, Array.from({ length: depth }, (_, z) => plane(z)));
  await writeLabelsTiff(paths.labels, { shape: sceneShape, spacing: sceneSpacing }, firstId + balls.length, (_t, z) => ids.subarray(z * height * width, (z + 1) * height * width));
  return paths;
}

export const usualOrder: SetOrder = {
  name: "balls", licence: "CC0", crops: 10, dimensions: 2, crop: [1, 20, 24], axis: "z", seed: 1, parts: { train: 0.6, val: 0.2, test: 0.2 }, margin: 2,
  turns: [0, 1, 2, 3, 4, 5, 6, 7], turnAll: false, minObjects: 1,
};

/** The set's folder. */
export async function writeSceneSet(output: string, paths: { image: string; labels: string }, order: Partial<SetOrder> = {}): Promise<string> {
  const [volume, labels] = [await openVolume(paths.image), await openVolume(paths.labels)];
  try {
    const source = { volume, frame: 0, channel: 0, labels: labelReader(labels), file: paths.image, marks: { name: "labels", kind: "labels" as const } };
    await writeSetFolder(output, (folder) => makeSet([source], { ...usualOrder, ...order }, folder));
    return output;
  } finally {
    await volume.close();
    await labels.close();
  }
}
