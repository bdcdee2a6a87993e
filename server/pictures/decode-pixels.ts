// The pixels of PNG and JPEG files.
import { convertIndexedToRgb, decode as decodePng } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { boundedPng } from "./bounded-png.ts";
import type { PictureHead } from "./picture-head.ts";

/** `samples` a pixel side by side, of which alpha, the second or fourth, is left out. */
export interface Interleaved {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly data: Pixels;
}

/** Palettes become colours. @param head of these bytes, its size checked @throws file_unreadable */
export function readPng(bytes: Uint8Array, head: PictureHead): Interleaved {
  const { width, height, channels, depth, data, palette } = reading("PNG", () => decodePng(boundedPng(bytes)));
  const whole = (samples: number, pixels: Uint8Array | Uint16Array): Interleaved => ({ width, height, samples, data: pixels });
  if (palette !== undefined) return whole(palette[0]?.length ?? 3, reading("PNG", () => convertIndexedToRgb({ width, height, channels, depth, data, palette, text: {} })));
  if (depth < 8) return whole(1, unpacked(new Uint8Array(data), width, height, depth, 255));
  // A colour picture is for looking at; deep grey is a measurement and keeps all its bits.
  if (depth === 16 && head.colour) return whole(channels, Uint8Array.from(data, (value) => value >> 8));
  return whole(channels, data instanceof Uint16Array ? data : new Uint8Array(data));
}

/** What the pixels of a picture with a palette say of it: the entry of each, never its colour. Without a palette, undefined. @throws file_unreadable */
export function readPngIndices(bytes: Uint8Array, head: PictureHead): Uint8Array | undefined {
  const { depth, data, palette } = reading("PNG", () => decodePng(boundedPng(bytes)));
  if (palette === undefined) return undefined;
  return depth < 8 ? unpacked(new Uint8Array(data), head.width, head.height, depth, (1 << depth) - 1) : new Uint8Array(data);
}

/** Samples of 1, 2 or 4 bits: rows begin at whole bytes, the first pixel in the highest bits. */
function unpacked(data: Uint8Array, width: number, height: number, depth: number, most: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = (1 << depth) - 1;
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const bit = (at % width) * depth;
    const byte = data[Math.floor(at / width) * rowBytes + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & mask) * most) / mask;
  });
}

/** @param head of these bytes @throws file_unreadable, also for more than so many pixels */
export function readJpeg(bytes: Uint8Array, head: PictureHead, maxPixels: number): Interleaved {
  const most = { maxResolutionInMP: maxPixels / 1e6, maxMemoryUsageInMB: 4096 };
  const { width, height, data } = reading("JPEG", () => decodeJpeg(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: true, ...most }));
  if (width !== head.width || height !== head.height) throw unreadable("JPEG", "it holds two pictures of different sizes");
  return { width, height, samples: 3, data };
}

function reading<T>(kind: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof MaskletError) throw thrown;
    throw unreadable(kind, reasonOf(thrown), thrown);
  }
}

function unreadable(kind: string, why: string, cause?: unknown): MaskletError {
  return MaskletError.of("file_unreadable", { file: `The ${kind} picture`, why }, cause);
}
