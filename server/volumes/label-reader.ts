// A label image as whole numbers, read box by box and checked: the voxel value is the object's id, 0 is ground.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { imageReader, type ImageReader, type Triple } from "./image-reader.ts";
import type { Pixels, VolumeSource } from "./source.ts";

export type { Triple };

/** One frame of a label image. Readers are independent; nothing is kept. */
export interface LabelReader extends Omit<ImageReader, "read"> {
  /** Ids `[z, y, x]` over the box, half-open, in a new array. @throws labels_invalid, labels_too_many, cancelled, and what reading throws */
  read(start: Triple, end: Triple, signal?: AbortSignal): Promise<Uint32Array>;
}

/** Of the first channel. @throws plane_off_volume when there is no such frame, labels_invalid for a colour picture */
export function labelReader(source: VolumeSource, { frame }: { readonly frame?: number | undefined } = {}): LabelReader {
  // Labels that were painted for the eye: red alone would pass for ids.
  if (source.rgb) throw MaskletError.of("labels_invalid", { name: source.name, at: "every voxel", value: "a colour" });
  const { read, ...image } = imageReader(source, { frame });
  return { ...image, read: async (start, end, signal) => checkedIds(await read(start, end, signal), (at) => placeOf(at, start, end), image.name) };
}

/** The two lie on one grid. A spacing that only one of them states is no contradiction.
 * @throws labels_mismatch for another shape, or a spacing that differs by more than a thousandth */
export function checkSameGrid(a: Pick<LabelReader, "name" | "size" | "spacing">, b: Pick<LabelReader, "name" | "size" | "spacing">): void {
  const mismatch = (why: string): MaskletError => MaskletError.of("labels_mismatch", { a: a.name, b: b.name, why });
  if (a.size.some((size, axis) => size !== b.size[axis])) throw mismatch(`one has ${a.size.join(" x ")} voxels (z x y x x), the other ${b.size.join(" x ")}`);
  const [one, other] = [a.spacing, b.spacing];
  if (one === undefined || other === undefined) return;
  if (one.some((size, axis) => Math.abs(size - other[axis]!) > 1e-3 * size)) throw mismatch(`one has voxels of ${one.join(" x ")} micrometres (z x y x x), the other of ${other.join(" x ")}`);
}

function checkedIds(pixels: Pixels, place: (at: number) => string, name: string): Uint32Array {
  // Not Uint32Array.from, which goes through an iterator.
  const ids = new Uint32Array(pixels);
  // Whole numbers of 8 and 16 bits are ids as they are.
  if (!(pixels instanceof Float32Array)) return ids;
  for (let at = 0; at < ids.length; at++) {
    const value = pixels[at]!;
    if (ids[at] !== value) throw MaskletError.of("labels_invalid", { name, at: place(at), value: String(value) });
    // Kinds wider than 16 bits are read as float32, where ids above this one fall together.
    if (value > limits.maxObjectId) throw MaskletError.of("labels_too_many", { objectId: value, limit: limits.maxObjectId });
  }
  return ids;
}

function placeOf(at: number, start: Triple, end: Triple): string {
  const [height, width] = [end[1] - start[1], end[2] - start[2]];
  return `z=${start[0] + Math.floor(at / (height * width))}, y=${start[1] + (Math.floor(at / width) % height)}, x=${start[2] + (at % width)}`;
}
