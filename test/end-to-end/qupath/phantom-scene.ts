// A small stack with a particle that a person has put a box around, and how far found outlines agree with the truth.
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dice, spacing, writePhantomFiles } from "../small-phantom.ts";
import { draw, imageFile } from "./draw.ts";
import type { Feature, Image } from "./run-script.ts";

export interface PhantomScene {
  readonly image: Image;
  /** On the slice of its prompt. */
  readonly box: readonly [number, number, number, number];
  readonly z: number;
  readonly raw: Uint16Array;
  /** Dice on slices [start, end). */
  agreement(found: readonly Feature[], start: number, end: number): number;
}

export async function phantomScene(folder: string): Promise<PhantomScene> {
  const files = await writePhantomFiles(mkdtempSync(join(folder, "phantom-")));
  const [slices, height, width] = files.phantom.shape;
  const box: [number, number, number, number] = JSON.parse(readFileSync(files.prompts, "utf8")).objects[0].prompts[0].box;
  const image = imageFile(folder, files.phantom.raw, { name: "phantom.tif", type: "UINT16", width, height, channels: 1, slices, frames: 1, pixelSize: spacing.x, zSpacing: spacing.z });
  return {
    image, box, z: files.z, raw: files.phantom.raw,
    agreement: (found, start, end) => {
      const part = (values: ArrayLike<number>) => Array.prototype.slice.call(values, start * height * width, end * height * width);
      return dice(part(draw(found, image)), part(files.phantom.labels.map((id) => Number(id === files.objectId))), 1);
    },
  };
}
