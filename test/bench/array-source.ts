// A volume that lies in memory, as what segmentation and recipes read.
import type { Dtype, Shape, Spacing } from "#protocol/types.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Pixels, VolumeSource } from "#server/volumes/source.ts";

export interface ArrayVolume {
  /** Tells its planes from those of others: embeddings are kept by it. */
  readonly name: string;
  /** `[z, y, x]` */
  readonly voxels: Pixels;
  readonly size: Size3;
  readonly spacing?: Spacing | undefined;
}

export function arraySource({ name, voxels, size: [depth, height, width], spacing }: ArrayVolume): VolumeSource {
  const shape: Shape = { t: 1, c: 1, z: depth, y: height, x: width };
  const dtype: Dtype = voxels instanceof Uint8Array ? "uint8" : voxels instanceof Uint16Array ? "uint16" : "float32";
  return {
    name, shape, dtype, spacing, rgb: false, displayRange: undefined,
    read: async ({ z, y, x }) => {
      const [rows, columns] = [y[1] - y[0], x[1] - x[0]];
      const box = voxels.slice(0, (z[1] - z[0]) * rows * columns);
      for (let plane = z[0], to = 0; plane < z[1]; plane++) {
        for (let row = y[0]; row < y[1]; row++, to += columns) {
          const from = (plane * height + row) * width;
          box.set(voxels.subarray(from + x[0], from + x[1]), to);
        }
      }
      return box;
    },
    planeKey: async ({ z }) => `${name} z${z}`,
    close: async () => undefined,
  };
}
