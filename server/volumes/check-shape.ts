// Shapes and boxes are checked against the limits and each other before memory is taken.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Dtype, Plane, Shape } from "#protocol/types.ts";
import type { Pixels, VolumeSource, VoxelBox } from "./source.ts";

export const dtypeBytes: Readonly<Record<Dtype, number>> = { uint8: 1, uint16: 2, float32: 4 };

/** @throws shape_invalid for a dimension that is no whole number of at least 1, or one over a limit */
export function checkShape(shape: Shape, dtype: Dtype): void {
  const invalid = (why: string): MaskletError => MaskletError.of("shape_invalid", { why });
  for (const axis of ["t", "c", "z", "y", "x"] as const) {
    if (!Number.isSafeInteger(shape[axis]) || shape[axis] < 1) throw invalid(`${axis} is ${shape[axis]}`);
  }
  for (const axis of ["y", "x"] as const) {
    if (shape[axis] > limits.maxSide) throw invalid(`${axis} is ${shape[axis]}, at most ${limits.maxSide} is allowed (maxSide)`);
  }
  const planes = shape.t * shape.c * shape.z;
  if (planes > limits.maxPlanes) throw invalid(`it has ${planes} planes, at most ${limits.maxPlanes} are allowed (maxPlanes)`);
  const bytes = shape.y * shape.x * dtypeBytes[dtype];
  if (bytes > limits.maxPlaneBytes) throw invalid(`a plane has ${bytes} bytes, at most ${limits.maxPlaneBytes} are allowed (maxPlaneBytes)`);
  if (planes * shape.y * shape.x > limits.maxVoxels) throw invalid(`it has more than ${limits.maxVoxels} voxels (maxVoxels)`);
}

/** @throws plane_off_volume */
export function checkPlane(shape: Shape, plane: Plane): void {
  for (const axis of ["t", "c", "z"] as const) {
    const index = plane[axis];
    if (!Number.isInteger(index) || index < 0 || index >= shape[axis]) throw MaskletError.of("plane_off_volume", { axis, index, size: shape[axis] });
  }
}

/** The box lies in the shape, has a voxel, and is no larger than one array may be. @throws plane_off_volume, shape_invalid, too_large */
export function checkBox(shape: Shape, box: VoxelBox, dtype: Dtype): void {
  checkPlane(shape, { t: box.t, c: box.c, z: box.z[0] });
  let voxels = 1;
  for (const axis of ["z", "y", "x"] as const) {
    const [start, end] = box[axis];
    const size = shape[axis];
    if (!Number.isInteger(start) || start < 0 || start >= size) throw MaskletError.of("plane_off_volume", { axis, index: start, size });
    if (!Number.isInteger(end) || end > size) throw MaskletError.of("plane_off_volume", { axis, index: end - 1, size });
    if (end <= start) throw MaskletError.of("shape_invalid", { why: `the box ${start} to ${end} along ${axis} is empty` });
    voxels *= end - start;
  }
  const size = voxels * dtypeBytes[dtype];
  if (size > limits.maxPlaneBytes) throw MaskletError.of("too_large", { what: "box to read", size, limit: limits.maxPlaneBytes, limitName: "maxPlaneBytes" });
}

/** A new array of zeros of the dtype. */
export function allocatePixels(dtype: Dtype, voxels: number): Pixels {
  if (dtype === "uint8") return new Uint8Array(voxels);
  return dtype === "uint16" ? new Uint16Array(voxels) : new Float32Array(voxels);
}

/** One whole plane, `[y, x]`. @throws as `VolumeSource.read` */
export function readPlane(source: VolumeSource, plane: Plane, signal?: AbortSignal): Promise<Pixels> {
  checkPlane(source.shape, plane);
  const { x, y } = source.shape;
  return source.read({ t: plane.t, c: plane.c, z: [plane.z, plane.z + 1], y: [0, y], x: [0, x] }, signal);
}
