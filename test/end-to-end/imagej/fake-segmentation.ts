// What the fake server calls an object: the pixels of a box that are at least as bright as a threshold.
import { MaskletError } from "#protocol/errors.ts";
import { packMask } from "#protocol/mask.ts";
import type { Box, Declaration, IndexRange, Mask, PromptParts } from "#protocol/types.ts";

export interface FakePlane {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array | Uint16Array | Float32Array;
}

/** @throws pixels_size when the bytes are not one whole plane */
export function toPlane(declared: Declaration, name: string, bytes: Uint8Array): FakePlane {
  const { x: width, y: height } = declared.shape;
  const kind = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array }[declared.dtype];
  const needBytes = width * height * kind.BYTES_PER_ELEMENT;
  if (bytes.length !== needBytes) throw MaskletError.of("pixels_size", { plane: name, needBytes, haveBytes: bytes.length });
  return { width, height, values: new kind(bytes.slice().buffer) };
}

/** Whole pixels of the plane that the box touches, after growing it. */
export function growBox(box: Box, by: number, plane: FakePlane): [number, number, number, number] {
  return [
    Math.max(0, Math.floor(box[0]) - by), Math.max(0, Math.floor(box[1]) - by),
    Math.min(plane.width, Math.ceil(box[2]) + by), Math.min(plane.height, Math.ceil(box[3]) + by),
  ];
}

export function maskInBox(plane: FakePlane, threshold: number, box: Box, where: { objectId: number; index: number; t: number }): Mask {
  const [u0, v0, u1, v1] = growBox(box, 0, plane);
  const data = new Uint8Array((u1 - u0) * (v1 - v0));
  for (let v = v0, to = 0; v < v1; v++) {
    for (let u = u0; u < u1; u++, to++) data[to] = plane.values[v * plane.width + u]! >= threshold ? 1 : 0;
  }
  return { objectId: where.objectId, axis: "z", index: where.index, t: where.t, score: 0.9, ...packMask({ box: [u0, v0, u1, v1], data }) };
}

export function maskKey(mask: Pick<Mask, "objectId" | "axis" | "index" | "t">): string {
  return `${mask.objectId}/${mask.axis}/${mask.index}/${mask.t}`;
}

export function isWithin(index: number, range: IndexRange): boolean {
  return index >= range.start && index < range.end;
}

/** The box a prompt speaks of; a point speaks of the 20 pixels around it. */
export function extentOf(parts: PromptParts, plane: FakePlane): Box {
  if (parts.box !== undefined) return growBox(parts.box, 0, plane);
  if (parts.mask !== undefined) return parts.mask.box;
  const corners = parts.polygon ?? parts.points?.map(([x, y]) => [x, y] as const) ?? [];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return growBox([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], parts.polygon === undefined ? 20 : 0, plane);
}
