// A phantom small enough for a test, as the files a person would have: raw.tif, truth.tif, prompts.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Box, PromptsFile } from "#protocol/types.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { makePhantom, type Phantom } from "../../fixtures/make/phantom.ts";

export interface PhantomFiles {
  readonly phantom: Phantom;
  readonly raw: string;
  readonly truth: string;
  readonly prompts: string;
  /** The prompted particle, the one with the most voxels. */
  readonly objectId: number;
  /** The plane of its box. */
  readonly z: number;
}

export const spacing = { z: 0.5, y: 0.25, x: 0.25 };

export async function writePhantomFiles(folder: string): Promise<PhantomFiles> {
  const phantom = makePhantom({ seed: 3, shape: [12, 56, 64], particles: 3, stacked: 0, leaning: 0, radius: [10, 13], thickness: [4, 6], noise: 900, rings: 0 });
  const [z, y, x] = phantom.shape;
  const shape = { t: 1, c: 1, z, y, x };
  const plane = (values: Uint16Array, at: number) => values.subarray(at * y * x, (at + 1) * y * x);
  const files = { raw: join(folder, "raw.tif"), truth: join(folder, "truth.tif"), prompts: join(folder, "prompts.json") };
  await writeImagejTiff(files.raw, { shape, dtype: "uint16", spacing }, Array.from({ length: z }, (_, at) => plane(phantom.raw, at)));
  await writeLabelsTiff(files.truth, { shape, spacing }, phantom.objects.length, (_t, at) => plane(phantom.labels, at));
  const largest = phantom.objects.reduce((best, object) => (object.voxels > best.voxels ? object : best));
  const boxes = Array.from({ length: z }, (_, at) => boxOf(plane(phantom.labels, at), x, largest.id));
  const at = boxes.reduce((best, found, index) => (found.area > boxes[best]!.area ? index : best), 0);
  const prompts: PromptsFile = { objects: [{ id: largest.id, prompts: [{ z: at, box: boxes[at]!.box }] }] };
  writeFileSync(files.prompts, JSON.stringify(prompts));
  return { phantom, ...files, objectId: largest.id, z: at };
}

function boxOf(labels: Uint16Array, width: number, id: number): { box: Box; area: number } {
  const box: Box = [Infinity, Infinity, 0, 0];
  let area = 0;
  labels.forEach((value, at) => {
    if (value !== id) return;
    const [px, py] = [at % width, Math.floor(at / width)];
    area++;
    box[0] = Math.min(box[0], px);
    box[1] = Math.min(box[1], py);
    box[2] = Math.max(box[2], px + 1);
    box[3] = Math.max(box[3], py + 1);
  });
  return { box, area };
}

/** All voxels of a label image, `[z, y, x]`. */
export async function readLabels(path: string): Promise<{ shape: readonly [number, number, number]; spacing: unknown; ids: ArrayLike<number> }> {
  const source = await openVolume(path);
  const { z, y, x } = source.shape;
  const ids = await source.read({ t: 0, c: 0, z: [0, z], y: [0, y], x: [0, x] });
  await source.close();
  return { shape: [z, y, x], spacing: source.spacing, ids };
}

/** Twice the common voxels over the voxels of both. */
export function dice(found: ArrayLike<number>, truth: ArrayLike<number>, id: number): number {
  let both = 0;
  let sum = 0;
  for (let at = 0; at < truth.length; at++) {
    sum += Number(found[at] === id) + Number(truth[at] === id);
    both += Number(found[at] === id && truth[at] === id);
  }
  return (2 * both) / sum;
}
