// A picture file as planes of pixels: PNG, JPEG, or the first page of a TIFF.
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { convertIndexedToRgb, decode as decodePng } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { boundedPng } from "./bounded-png.ts";
import { pictureHead } from "./picture-head.ts";
import type { PictureHead } from "./picture-head.ts";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Grey, or red, green and blue, each `[y, x]`; colours have 8 bits. */
  readonly planes: readonly Pixels[];
  /** Names the pixels, however they were packed. */
  readonly key: string;
}

/** What the planes are made of: `samples` a pixel side by side, of which alpha, the second or fourth, is left out. */
interface Interleaved {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly data: Pixels;
}

/** @param scratch a folder for a TIFF, whose reader knows files. @throws Refusal 500, file_unreadable, and what opening a TIFF throws */
export async function decodePicture(bytes: Uint8Array, scratch: string): Promise<Picture> {
  const head = pictureHead(bytes);
  const picture = head === undefined ? await readTiff(bytes, scratch) : split(head.kind === "png" ? readPng(bytes, head) : readJpeg(bytes, head));
  const { width, height } = picture;
  const planes = picture.planes.length === 3 && isGrey(picture.planes) ? picture.planes.slice(0, 1) : picture.planes;
  const hash = createHash("sha256").update(`${width} ${height} ${planes[0]!.BYTES_PER_ELEMENT}`);
  for (const plane of planes) hash.update(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength));
  return { width, height, planes, key: hash.digest("hex") };
}

function readPng(bytes: Uint8Array, head: PictureHead): Interleaved {
  const { width, height, channels, depth, data, palette } = reading("PNG", () => decodePng(boundedPng(bytes)));
  const whole = (samples: number, pixels: Uint8Array | Uint16Array): Interleaved => ({ width, height, samples, data: pixels });
  if (palette !== undefined) return whole(palette[0]?.length ?? 3, reading("PNG", () => convertIndexedToRgb({ width, height, channels, depth, data, palette, text: {} })));
  if (depth < 8) return whole(1, unpacked(new Uint8Array(data), width, height, depth));
  // A colour picture is for looking at; deep grey is a measurement and keeps all its bits.
  if (depth === 16 && head.colour) return whole(channels, Uint8Array.from(data, (value) => value >> 8));
  return whole(channels, data instanceof Uint16Array ? data : new Uint8Array(data));
}

/** Grey of 1, 2 or 4 bits: rows begin at whole bytes, the first pixel in the highest bits. */
function unpacked(data: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const most = (1 << depth) - 1;
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const bit = (at % width) * depth;
    const byte = data[Math.floor(at / width) * rowBytes + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most;
  });
}

function readJpeg(bytes: Uint8Array, head: PictureHead): Interleaved {
  const most = { maxResolutionInMP: limits.maxSamapiPixels / 1e6, maxMemoryUsageInMB: 4096 };
  const { width, height, data } = reading("JPEG", () => decodeJpeg(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: true, ...most }));
  if (width !== head.width || height !== head.height) throw unreadable("JPEG", "it holds two pictures of different sizes");
  return { width, height, samples: 3, data };
}

async function readTiff(bytes: Uint8Array, scratch: string): Promise<Omit<Picture, "key">> {
  // Many requests hold no TIFF, and its readers take a while to load.
  const { openVolume } = await import("#server/volumes/open-volume.ts");
  await makeFolder(scratch);
  const folder = await mkdtemp(join(scratch, "samapi-tiff-"));
  const file = join(folder, "picture.tif");
  try {
    await writeFile(file, bytes);
    const volume = await openVolume(file);
    try {
      const { x: width, y: height, c } = volume.shape;
      if (width * height > limits.maxSamapiPixels) throw MaskletError.of("shape_invalid", { why: `it has ${width} x ${height} pixels where ${limits.maxSamapiPixels} are allowed (maxSamapiPixels)` });
      const planes: Pixels[] = [];
      for (let channel = 0; channel < (volume.rgb && c === 3 ? 3 : 1); channel++) planes.push(await volume.read({ t: 0, c: channel, z: [0, 1], y: [0, height], x: [0, width] }));
      return { width, height, planes };
    } finally {
      await volume.close();
    }
  } catch (thrown) {
    // Where it lay meanwhile says nothing to who sent it.
    throw unreadable("TIFF", reasonOf(thrown).replaceAll(file, "it"), thrown);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function split({ width, height, samples, data }: Interleaved): Omit<Picture, "key"> {
  if (data.length !== width * height * samples) throw unreadable("picture", `it holds ${data.length} values where ${width * height * samples} are needed`);
  if (samples === 1) return { width, height, planes: [data] };
  const planes = Array.from({ length: samples >= 3 ? 3 : 1 }, () => (data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height)));
  for (const [channel, plane] of planes.entries()) for (let at = 0, from = channel; at < plane.length; at++, from += samples) plane[at] = data[from]!;
  return { width, height, planes };
}

/** Viewers send grey images in colours: as one plane they take a third of the work, and the network sees the same. */
function isGrey([red, green, blue]: readonly Pixels[]): boolean {
  return red!.every((value, at) => value === green![at] && value === blue![at]);
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
