// Labels between annotated slices, by ITK's morphological contour interpolation.
// Zukic, Vicory, McCormick, Wisse, Gerig, Yushkevich and Aylward, "ND Morphological Contour Interpolation" (Insight Journal, 2016), after Albu, Beugeling and
// Laurendeau, "A Morphology-Based Approach for Interslice Interpolation of Anatomical Slices From Volumetric Images" (IEEE Trans. Biomed. Eng. 55(8), 2008).
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { itkContours } from "./itk-contours.ts";
import type { LabelVoxels } from "./itk-contours.ts";
import type { Size3 } from "./size3.ts";

export type SliceAxis = "z" | "y" | "x";

/** ITK loses a label where what two slices have in common is only one or two voxels thick; three times finer, one voxel is three. */
const finer = 3;

/**
 * Every label filled in between the slices it is given on, along one axis. Given voxels are never changed, and nothing is made before a
 * label's first slice or after its last; a label on one slice alone stays as it is. A slice on which a label is missing while it is there before
 * and after counts as not annotated for that label, whatever other labels it has. Where two labels would meet, ITK's order decides.
 * Departure from ITK: a label that it leaves out of a slice, because it is thin, is done again on a finer grid for that slice.
 * Memory: the answer (4 bytes a voxel), and for the box of all labels five times 1, 2 or 4 bytes a voxel, as few as hold their number.
 * @param labels `[z, y, x]`, 0 = not annotated
 * @throws too_large, internal when ITK fails
 */
export async function interpolateSlices(labels: LabelVoxels, size: Size3, axis: SliceAxis, signal?: AbortSignal): Promise<Uint32Array<ArrayBuffer>> {
  const result = Uint32Array.from(labels);
  const { ids, numbers } = numberLabels(labels);
  if (ids.length === 0) return result;
  const walk = walkBox(boxOf(labels, size), size, axis);
  const given = labelArray(walk.size[0] * walk.size[1] * walk.size[2], ids.length);
  walk.each((at, nth) => {
    if (labels[at] !== 0) given[nth] = numbers.get(labels[at]!)!;
  });
  const filled = await itkContours(given, walk.size);
  for (const label of labelsLeftOut(given, filled, walk.size, ids.length)) {
    if (signal?.aborted === true) throw MaskletError.of("cancelled", {});
    await fillThinInto(filled, given, label, walk.size);
  }
  walk.each((at, nth) => {
    if (result[at] === 0 && filled[nth] !== 0) result[at] = ids[filled[nth]! - 1]!;
  });
  return result;
}

function labelArray(length: number, most: number): LabelVoxels {
  const bytes = most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : 4;
  if (length * bytes > limits.maxInterpolatedBytes) throw MaskletError.of("too_large", { what: "box around the labels, in bytes,", size: length * bytes, limit: limits.maxInterpolatedBytes, limitName: "maxInterpolatedBytes" });
  return bytes === 1 ? new Uint8Array(length) : bytes === 2 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Labels counted from 1 in order of size, so that few of them fit into 8 bits and any id into 32. */
function numberLabels(labels: LabelVoxels): { readonly ids: readonly number[]; readonly numbers: ReadonlyMap<number, number> } {
  const found = new Set<number>();
  let last = 0;
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] !== last) found.add(last = labels[at]!);
  }
  found.delete(0);
  const ids = [...found].sort((a, b) => a - b);
  return { ids, numbers: new Map(ids.map((id, nth) => [id, nth + 1])) };
}

/** Labels that are on no voxel of some slice between two that they are given on. */
function labelsLeftOut(given: LabelVoxels, filled: LabelVoxels, size: Size3, count: number): number[] {
  const [before, after] = [presence(given, size, count), presence(filled, size, count)];
  const depth = size[0];
  const lost: number[] = [];
  for (let label = 1; label <= count; label++) {
    const on = before.subarray(label * depth, (label + 1) * depth);
    if (after.subarray(label * depth + on.indexOf(1), label * depth + on.lastIndexOf(1)).includes(0)) lost.push(label);
  }
  return lost;
}

/** 1 where a label (slow) is on a slice (fast). */
function presence(labels: LabelVoxels, [depth, height, width]: Size3, count: number): Uint8Array {
  const on = new Uint8Array((count + 1) * depth);
  for (let z = 0, at = 0; z < depth; z++) {
    for (let end = at + height * width; at < end; at++) on[labels[at]! * depth + z] = 1;
  }
  return on;
}

/** One label, interpolated with every voxel of a slice as `finer` x `finer` ones, on the slices where it is missing and in voxels that are free. */
async function fillThinInto(filled: LabelVoxels, given: LabelVoxels, label: number, size: Size3): Promise<void> {
  const { start, end } = boxOf(given, size, label);
  const [depth, height, width] = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
  const fine = labelArray(depth * height * width * finer * finer, 1);
  const at = (z: number, y: number, x: number): number => ((z + start[0]) * size[1] + y + start[1]) * size[2] + x + start[2];
  const fineAt = (z: number, y: number, x: number): number => (z * height * finer + y) * width * finer + x;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height * finer; y++) {
      for (let x = 0; x < width * finer; x++) fine[fineAt(z, y, x)] = Number(given[at(z, Math.floor(y / finer), Math.floor(x / finer))] === label);
    }
  }
  const found = await itkContours(fine, [depth, height * finer, width * finer]);
  for (let z = 0; z < depth; z++) {
    const slice = filled.subarray((z + start[0]) * size[1] * size[2], (z + start[0] + 1) * size[1] * size[2]);
    if (slice.includes(label)) continue;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (found[fineAt(z, finer * y + 1, finer * x + 1)] !== 0 && filled[at(z, y, x)] === 0) filled[at(z, y, x)] = label;
      }
    }
  }
}

interface Box {
  readonly start: Size3;
  readonly end: Size3;
}

/** Around one label, or all. What is filled in between two slices lies within the box of both. */
function boxOf(labels: LabelVoxels, [depth, height, width]: Size3, label?: number): Box {
  let [z0, y0, x0, z1, y1, x1] = [depth, height, width, 0, 0, 0];
  for (let at = 0, z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (label === undefined ? labels[at] === 0 : labels[at] !== label) continue;
        if (z < z0) z0 = z;
        if (y < y0) y0 = y;
        if (x < x0) x0 = x;
        z1 = z + 1;
        if (y >= y1) y1 = y + 1;
        if (x >= x1) x1 = x + 1;
      }
    }
  }
  return { start: [z0, y0, x0], end: [z1, y1, x1] };
}

/** The box's voxels with the given axis slowest: their flat indices in the volume and among themselves. */
function walkBox({ start, end }: Box, [, height, width]: Size3, axis: SliceAxis): { readonly size: Size3; readonly each: (visit: (at: number, nth: number) => void) => void } {
  const order = { z: [0, 1, 2], y: [1, 0, 2], x: [2, 0, 1] }[axis];
  const steps = [height * width, width, 1];
  const [slow, middle, fast] = order.map((nth) => ({ start: start[nth]!, length: end[nth]! - start[nth]!, step: steps[nth]! }));
  const first = [slow!, middle!, fast!].reduce((sum, { start: from, step }) => sum + from * step, 0);
  return {
    size: [slow!.length, middle!.length, fast!.length],
    each: (visit) => {
      let nth = 0;
      for (let i = 0; i < slow!.length; i++) {
        for (let j = 0; j < middle!.length; j++) {
          for (let k = 0, at = first + i * slow!.step + j * middle!.step; k < fast!.length; k++, at += fast!.step) visit(at, nth++);
        }
      }
    },
  };
}
