// Arrays as label images and images that are read box by box.
import type { ImageReader } from "#server/volumes/image-reader.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import type { Pixels } from "#server/volumes/source.ts";

/** @param ids `[z, y, x]` */
export function labelArray(ids: ArrayLike<number>, size: Triple, spacing?: Triple): LabelReader {
  return { name: "labels", size, spacing, read: async (start, end) => Uint32Array.from(boxOf(ids, size, start, end)) };
}

/** @param values `[z, y, x]` */
export function imageArray(values: Pixels, size: Triple, spacing?: Triple): ImageReader {
  return {
    name: "image", size, spacing,
    read: async (start, end) => {
      const box = boxOf(values, size, start, end);
      return values instanceof Uint8Array ? Uint8Array.from(box) : values instanceof Uint16Array ? Uint16Array.from(box) : Float32Array.from(box);
    },
  };
}

function boxOf(values: ArrayLike<number>, [, height, width]: Triple, start: Triple, end: Triple): number[] {
  const box: number[] = [];
  for (let z = start[0]; z < end[0]; z++) {
    for (let y = start[1]; y < end[1]; y++) {
      for (let x = start[2]; x < end[2]; x++) box.push(values[(z * height + y) * width + x]!);
    }
  }
  return box;
}
