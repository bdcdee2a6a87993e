// A volume with one voxel more on every side, so that a voxel's neighbours are all there.
import type { Connectivity, Size3, Voxels } from "./size3.ts";

/** @returns float32, `fill` around the values, each multiplied by `sign` */
export function padded(values: Voxels, [depth, height, width]: Size3, fill: number, sign: 1 | -1): Float32Array<ArrayBuffer> {
  const wide = new Float32Array((depth + 2) * (height + 2) * (width + 2)).fill(fill);
  for (let row = 0, at = 0; row < depth * height; row++) {
    const first = rowOf(row, height, width);
    for (let x = 0; x < width; x++, at++) wide[first + x] = sign * values[at]!;
  }
  return wide;
}

/** Takes the padding away, into `inner`; each value multiplied by `sign`. */
export function unpadInto(wide: Float32Array | Uint8Array, inner: Float32Array | Uint8Array, [depth, height, width]: Size3, sign: 1 | -1): void {
  for (let row = 0, at = 0; row < depth * height; row++) {
    const first = rowOf(row, height, width);
    for (let x = 0; x < width; x++, at++) inner[at] = sign * wide[first + x]!;
  }
}

/** Where a row of the volume begins in the padded one. */
export function rowOf(row: number, height: number, width: number): number {
  return ((Math.floor(row / height) + 1) * (height + 2) + (row % height) + 1) * (width + 2) + 1;
}

/** Steps to the neighbours of a voxel of the padded volume, in raster order: the first half come before it. */
export function neighbourSteps([, height, width]: Size3, connectivity: Connectivity): Int32Array {
  const most = connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3;
  const steps: number[] = [];
  for (let z = -1; z <= 1; z++) {
    for (let y = -1; y <= 1; y++) {
      for (let x = -1; x <= 1; x++) {
        const away = Math.abs(z) + Math.abs(y) + Math.abs(x);
        if (away > 0 && away <= most) steps.push((z * (height + 2) + y) * (width + 2) + x);
      }
    }
  }
  return Int32Array.from(steps);
}
