// Masks: one bit a pixel over a box, rows padded to a byte, most significant bit first (MaskBits in openapi.yaml).
import { MaskletError } from "./errors.ts";
import type { MaskBits, PixelBox } from "./types.ts";

/** A mask unpacked: one byte (0 or 1) a pixel, row by row, over `box`. */
export interface Raster {
  readonly box: PixelBox;
  readonly data: Uint8Array;
}

export function boxWidth(box: PixelBox): number {
  return box[2] - box[0];
}

export function boxHeight(box: PixelBox): number {
  return box[3] - box[1];
}

export function isEmptyBox(box: PixelBox): boolean {
  return box[2] <= box[0] || box[3] <= box[1];
}

/** The smallest box around the pixels that are set, and the bits over it. An empty mask has box [0, 0, 0, 0] and no bits. */
export function packMask(raster: Raster): MaskBits & { area: number } {
  const [u0, v0] = raster.box;
  const width = boxWidth(raster.box);
  const height = boxHeight(raster.box);
  let minU = width;
  let minV = height;
  let maxU = -1;
  let maxV = -1;
  let area = 0;
  for (let v = 0, at = 0; v < height; v++) {
    for (let u = 0; u < width; u++, at++) {
      if (raster.data[at] === 0) continue;
      area++;
      if (u < minU) minU = u;
      if (u > maxU) maxU = u;
      if (v < minV) minV = v;
      maxV = v;
    }
  }
  if (area === 0) return { box: [0, 0, 0, 0], bits: new Uint8Array(0), area };
  const rowBytes = (maxU - minU + 8) >> 3;
  const bits = new Uint8Array(rowBytes * (maxV - minV + 1));
  for (let v = minV; v <= maxV; v++) {
    for (let u = minU; u <= maxU; u++) {
      if (raster.data[v * width + u] !== 0) bits[(v - minV) * rowBytes + ((u - minU) >> 3)]! |= 0x80 >> ((u - minU) & 7);
    }
  }
  return { box: [u0 + minU, v0 + minV, u0 + maxU + 1, v0 + maxV + 1], bits, area };
}

/** @throws request_invalid when the bits do not fill the box exactly */
export function unpackMask(mask: MaskBits): Raster {
  const { box, bits } = mask;
  if (isEmptyBox(box)) return { box: [0, 0, 0, 0], data: new Uint8Array(0) };
  const width = boxWidth(box);
  const height = boxHeight(box);
  const rowBytes = (width + 7) >> 3;
  if (bits.length !== rowBytes * height) {
    throw MaskletError.of("request_invalid", { what: "Mask", at: "/bits", why: `${bits.length} bytes where the box needs ${rowBytes * height}` });
  }
  const data = new Uint8Array(width * height);
  for (let v = 0, at = 0; v < height; v++) {
    for (let u = 0; u < width; u++, at++) data[at] = (bits[v * rowBytes + (u >> 3)]! >> (7 - (u & 7))) & 1;
  }
  return { box, data };
}

/** The raster copied onto another box; pixels outside it are 0. */
export function reframe(raster: Raster, box: PixelBox): Raster {
  const width = boxWidth(box);
  const height = boxHeight(box);
  const data = new Uint8Array(width * height);
  const from = raster.box;
  const u0 = Math.max(box[0], from[0]);
  const u1 = Math.min(box[2], from[2]);
  for (let v = Math.max(box[1], from[1]); v < Math.min(box[3], from[3]); v++) {
    const source = (v - from[1]) * boxWidth(from) - from[0];
    const target = (v - box[1]) * width - box[0];
    for (let u = u0; u < u1; u++) data[target + u] = raster.data[source + u]!;
  }
  return { box, data };
}

/** Intersection over union of two masks of one plane; two empty masks agree fully. */
export function maskIou(a: Raster, b: Raster): number {
  const onA = reframe(b, a.box);
  let both = 0;
  let inA = 0;
  let inB = 0;
  for (let at = 0; at < a.data.length; at++) {
    inA += a.data[at]!;
    both += a.data[at]! & onA.data[at]!;
  }
  for (let at = 0; at < b.data.length; at++) inB += b.data[at]!;
  const union = inA + inB - both;
  return union === 0 ? 1 : both / union;
}

/** The smallest raster that holds every set pixel. */
export function cropped(raster: Raster): Raster {
  const { box, area } = packMask(raster);
  return area === 0 ? { box, data: new Uint8Array(0) } : reframe(raster, box);
}

/** Pixels that are set. */
export function areaOf(mask: Raster): number {
  if (isEmptyBox(mask.box)) return 0;
  let area = 0;
  for (let at = 0; at < boxWidth(mask.box) * boxHeight(mask.box); at++) area += mask.data[at]!;
  return area;
}
