// A volume in memory for tests, its voxels given by a function.
import { MaskletError } from "#protocol/errors.ts";
import type { DisplayRange, Shape, Spacing } from "#protocol/types.ts";
import type { VolumeSource } from "#server/volumes/source.ts";

export interface MemoryVolume extends VolumeSource {
  /** Boxes read so far, as text: `t c z0-z1 y0-y1 x0-x1`. */
  readonly reads: readonly string[];
}

export interface MemoryOptions {
  readonly spacing?: Spacing;
  readonly displayRange?: DisplayRange;
  readonly rgb?: boolean;
}

export function memoryVolume(shape: Shape, value: (t: number, c: number, z: number, y: number, x: number) => number, options: MemoryOptions = {}): MemoryVolume {
  const reads: string[] = [];
  return {
    name: "memory", shape, dtype: "float32", rgb: options.rgb ?? false, spacing: options.spacing, displayRange: options.displayRange, reads,
    async read(box, signal) {
      if (signal?.aborted) throw MaskletError.of("cancelled", {});
      const { t, c, z, y, x } = box;
      reads.push(`${t} ${c} ${z.join("-")} ${y.join("-")} ${x.join("-")}`);
      const data = new Float32Array((z[1] - z[0]) * (y[1] - y[0]) * (x[1] - x[0]));
      let at = 0;
      for (let zz = z[0]; zz < z[1]; zz++) for (let yy = y[0]; yy < y[1]; yy++) for (let xx = x[0]; xx < x[1]; xx++) data[at++] = value(t, c, zz, yy, xx);
      return data;
    },
    planeKey: async (plane) => JSON.stringify(plane),
    close: async () => undefined,
  };
}
