// Boxes of voxels: how large they are, wider ones around them, and one array cut out of another.
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Box3 } from "../contract.ts";

export type VoxelArray = Uint8Array | Uint16Array | Uint32Array | Float32Array;

export function sizeOf({ start, end }: Box3): Size3 {
  return [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
}

export function voxelsIn(box: Box3): number {
  const [z, y, x] = sizeOf(box);
  return z * y * x;
}

export function wholeBox(size: Size3): Box3 {
  return { start: [0, 0, 0], end: size };
}

/** The box wider by the halo on every side, as far as the volume reaches. */
export function grown({ start, end }: Box3, halo: Size3, size: Size3): Box3 {
  const low = (axis: 0 | 1 | 2): number => Math.max(0, start[axis] - halo[axis]);
  const high = (axis: 0 | 1 | 2): number => Math.min(size[axis], end[axis] + halo[axis]);
  return { start: [low(0), low(1), low(2)], end: [high(0), high(1), high(2)] };
}

/** The voxels that both boxes have; they have some. */
export function overlapOf(a: Box3, b: Box3): Box3 {
  const low = (axis: 0 | 1 | 2): number => Math.max(a.start[axis], b.start[axis]);
  const high = (axis: 0 | 1 | 2): number => Math.min(a.end[axis], b.end[axis]);
  return { start: [low(0), low(1), low(2)], end: [high(0), high(1), high(2)] };
}

export function sum3(a: Size3, b: Size3): Size3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function max3(a: Size3, b: Size3): Size3 {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.max(a[2], b[2])];
}

/** The values over `to`, which lies in `from`; the very array where both are equal. */
export function cropped<V extends VoxelArray>(values: V, from: Box3, to: Box3): V {
  if (from.start.every((value, axis) => value === to.start[axis]) && from.end.every((value, axis) => value === to.end[axis])) return values;
  const out = arrayLike(values, voxelsIn(to));
  copyOverlap(values, from, out, to);
  return out;
}

/** A new array of zeros of the same kind. */
export function arrayLike<V extends VoxelArray>(values: V, length: number): V;
export function arrayLike(values: VoxelArray, length: number): VoxelArray {
  if (values instanceof Uint8Array) return new Uint8Array(length);
  if (values instanceof Uint16Array) return new Uint16Array(length);
  return values instanceof Uint32Array ? new Uint32Array(length) : new Float32Array(length);
}

/** Values of a row that are copied one by one sooner than by a call. */
const shortRow = 16;

/** Copies the voxels that both boxes have. */
export function copyOverlap(values: VoxelArray, from: Box3, out: VoxelArray, to: Box3): void {
  const [, fromY, fromX] = sizeOf(from);
  const [, toY, toX] = sizeOf(to);
  const z0 = Math.max(from.start[0], to.start[0]);
  const z1 = Math.min(from.end[0], to.end[0]);
  const y0 = Math.max(from.start[1], to.start[1]);
  const y1 = Math.min(from.end[1], to.end[1]);
  const x0 = Math.max(from.start[2], to.start[2]);
  const x1 = Math.min(from.end[2], to.end[2]);
  if (z1 <= z0 || y1 <= y0 || x1 <= x0) return;
  const copy = copierOf(values, out);
  // Rows, or planes, that lie behind each other in both are copied as one.
  const [rows, planes] = [x1 - x0 === fromX && x1 - x0 === toX, y1 - y0 === fromY && y1 - y0 === toY];
  const [stepY, stepZ] = [rows ? y1 - y0 : 1, rows && planes ? z1 - z0 : 1];
  for (let z = z0; z < z1; z += stepZ) {
    for (let y = y0; y < y1; y += stepY) {
      const at = ((z - from.start[0]) * fromY + y - from.start[1]) * fromX + x0 - from.start[2];
      const to0 = ((z - to.start[0]) * toY + y - to.start[1]) * toX + x0 - to.start[2];
      copy(at, to0, (x1 - x0) * stepY * stepZ);
    }
  }
}

/** Copies so many values from one place to another. Bytes are copied faster than values, most of all out of shared memory. */
function copierOf(values: VoxelArray, out: VoxelArray): (at: number, to: number, count: number) => void {
  const unit = values.BYTES_PER_ELEMENT;
  const alike = unit === out.BYTES_PER_ELEMENT && values instanceof Float32Array === out instanceof Float32Array;
  const [source, target] = [bytesOf(values), bytesOf(out)];
  return (at, to, count) => {
    if (count < shortRow) for (let nth = 0; nth < count; nth++) out[to + nth] = values[at + nth]!;
    else if (alike) source.copy(target, to * unit, at * unit, (at + count) * unit);
    else out.set(values.subarray(at, at + count), to);
  };
}

function bytesOf(values: VoxelArray): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
