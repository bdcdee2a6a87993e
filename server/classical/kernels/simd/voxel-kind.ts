// Which of the core's kernels serve a kind of voxel. Float32 is worked on as order keys: whole numbers in the order of the floats.
import type { Voxels } from "../size3.ts";
import { voxelsAt, type Core } from "./core.ts";

export interface VoxelKind {
  readonly unit: number;
  readonly median27: Core["median27U8"];
  readonly medianBox: Core["medianBoxU8"];
  readonly extreme: Core["extremeU8"];
}

export function voxelKind(core: Core, values: Voxels): VoxelKind {
  if (values instanceof Uint8Array) return { unit: 1, median27: core.median27U8, medianBox: core.medianBoxU8, extreme: core.extremeU8 };
  if (values instanceof Uint16Array) return { unit: 2, median27: core.median27U16, medianBox: core.medianBoxU16, extreme: core.extremeU16 };
  return { unit: 4, median27: core.median27I32, medianBox: core.medianBoxI32, extreme: core.extremeI32 };
}

/** An array of the same kind, all 0. */
export function sameKind<V extends Voxels>(values: V): V;
export function sameKind(values: Voxels): Voxels {
  if (values instanceof Uint8Array) return new Uint8Array(values.length);
  return values instanceof Uint16Array ? new Uint16Array(values.length) : new Float32Array(values.length);
}

/** Copies `rows` rows of ordered values, `pitch` bytes apart in the core's memory, to place `to` of the answer; they are packed on the way. */
export function putRows(core: Core, answer: Voxels, to: number, from: number, pitch: number, rows: number, width: number): void {
  const tight = width * answer.BYTES_PER_ELEMENT;
  if (answer instanceof Float32Array) core.keyRows(from, tight, from, pitch, rows, width);
  else if (tight !== pitch) core.moveRows(from, tight, from, pitch, rows, tight);
  answer.set(voxelsAt(core, answer, from, rows * width), to);
}
