// The two files of an item.
import type { Spacing } from "#protocol/types.ts";
import { imagejTiff } from "#server/exports/tiff-writer.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { axisAt, planeAxes, type DatasetItem } from "./description.ts";
import type { SetFolder } from "./output-folder.ts";
import type { Stack } from "./stack.ts";

/** An item's voxels, as its files hold them. */
export interface Crop {
  readonly image: Stack;
  readonly labels: Stack<Uint16Array>;
}

/** @throws disk_full, file_not_written */
export async function writeCrop(folder: SetFolder, item: DatasetItem, { image, labels }: Crop): Promise<void> {
  const spacing = planeSpacing(item);
  await folder.write(item.image, tiffOf(image, spacing));
  await folder.write(item.labels, tiffOf(labels, spacing, [0, 255]));
}

/** Of the files: z is along the item's axis, y down and x to the right. */
export function planeSpacing({ spacing, axis, turn }: DatasetItem): Spacing | undefined {
  if (spacing === null) return undefined;
  const [v, u] = planeAxes[axis];
  const [down, right] = (turn & 1) === 1 ? [spacing[u], spacing[v]] : [spacing[v], spacing[u]];
  return { z: spacing[axisAt[axis]], y: down, x: right };
}

function tiffOf({ size: [z, y, x], data }: Stack, spacing: Spacing | undefined, displayRange?: [number, number]): Uint8Array {
  const dtype = data instanceof Uint8Array ? "uint8" : data instanceof Uint16Array ? "uint16" : "float32";
  const planes: Pixels[] = Array.from({ length: z }, (_, at) => data.subarray(at * y * x, (at + 1) * y * x));
  return imagejTiff({ shape: { t: 1, c: 1, z, y, x }, dtype, spacing, displayRange }, planes);
}
