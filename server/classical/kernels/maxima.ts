// Regional maxima and minima, and those of a given depth.
// Soille, "Morphological Image Analysis", 6.3.2 to 6.3.4: a regional maximum is a plateau without a higher neighbour; the h-maxima transform
// takes h off every peak and fills what that leaves with the slope around it; the extended maxima are the regional maxima of that.
import { neighbourSteps, padded, rowOf, unpadInto } from "./padded.ts";
import { reconstruct } from "./reconstruct.ts";
import type { Connectivity, Size3, Voxels } from "./size3.ts";

/**
 * A volume of one value is one maximum, and one minimum. What lies beyond the array is lower than everything.
 * Memory: the answer, 5 bytes a voxel with its padding, and 4 bytes for each voxel of a plateau's edge.
 * @param values `[z, y, x]`, no NaN
 * @returns `[z, y, x]`, 1 in a maximum
 */
export function regionalMaxima(values: Voxels, size: Size3, connectivity: Connectivity): Uint8Array<ArrayBuffer> {
  return regional(values, size, connectivity, 1);
}

/** As `regionalMaxima`, of the negatives. */
export function regionalMinima(values: Voxels, size: Size3, connectivity: Connectivity): Uint8Array<ArrayBuffer> {
  return regional(values, size, connectivity, -1);
}

/**
 * The h-maxima transform: peaks less deep than h are gone, the others h lower.
 * Memory: that of `reconstruct`, and 4 bytes a voxel.
 * @param h above 0, in the values' unit
 */
export function hMaximaTransform(values: Voxels, size: Size3, h: number, connectivity: Connectivity): Float32Array<ArrayBuffer> {
  const marker = new Float32Array(values.length);
  for (let at = 0; at < marker.length; at++) marker[at] = values[at]! - h;
  return reconstruct(marker, values, size, connectivity, "dilation");
}

/** The regional maxima of the h-maxima transform: from each peak deeper than h, down to h below it. */
export function extendedMaxima(values: Voxels, size: Size3, h: number, connectivity: Connectivity): Uint8Array<ArrayBuffer> {
  return regionalMaxima(hMaximaTransform(values, size, h, connectivity), size, connectivity);
}

/** The tops of the peaks that are h deep or deeper: where the h-maxima transform takes the whole of h off. */
export function hMaxima(values: Voxels, size: Size3, h: number, connectivity: Connectivity): Uint8Array<ArrayBuffer> {
  const lowered = hMaximaTransform(values, size, h, connectivity);
  const tops = new Uint8Array(values.length);
  // Compared as the transform was rounded, to float32.
  for (let at = 0; at < tops.length; at++) if (lowered[at] === Math.fround(values[at]! - h)) tops[at] = 1;
  return tops;
}

function regional(values: Voxels, size: Size3, connectivity: Connectivity, sign: 1 | -1): Uint8Array<ArrayBuffer> {
  const [depth, height, width] = size;
  const wide = padded(values, size, -Infinity, sign);
  const top = new Uint8Array(wide.length).fill(1);
  const steps = neighbourSteps(size, connectivity);
  const open: number[] = [];
  for (let row = 0; row < depth * height; row++) {
    const first = rowOf(row, height, width);
    for (let at = first; at < first + width; at++) {
      if (top[at] === 0) continue;
      const value = wide[at]!;
      let nth = 0;
      while (nth < steps.length && wide[at + steps[nth]!]! <= value) nth++;
      if (nth === steps.length) continue;
      // The whole plateau has a higher neighbour here.
      top[at] = 0;
      open.push(at);
      for (let one = open.pop(); one !== undefined; one = open.pop()) {
        for (let step = 0; step < steps.length; step++) {
          const near = one + steps[step]!;
          if (wide[near] !== value || top[near] === 0) continue;
          top[near] = 0;
          open.push(near);
        }
      }
    }
  }
  const found = new Uint8Array(values.length);
  unpadInto(top, found, size, 1);
  return found;
}
