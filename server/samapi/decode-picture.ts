// A picture file as planes of pixels: PNG, JPEG, or the first page of a TIFF.
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import { readJpeg, readPng, type Interleaved } from "#server/pictures/decode-pixels.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { pictureHead } from "./picture-head.ts";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Grey, or red, green and blue, each `[y, x]`; colours have 8 bits. */
  readonly planes: readonly Pixels[];
  /** Names the pixels, however they were packed. */
  readonly key: string;
}

/** @param scratch a folder for a TIFF, whose reader knows files. @throws Refusal 500, file_unreadable, and what opening a TIFF throws */
export async function decodePicture(bytes: Uint8Array, scratch: string): Promise<Picture> {
  const head = pictureHead(bytes);
  const picture = head === undefined ? await readTiff(bytes, scratch) : split(head.kind === "png" ? readPng(bytes, head) : readJpeg(bytes, head, limits.maxSamapiPixels));
  const { width, height } = picture;
  const planes = picture.planes.length === 3 && isGrey(picture.planes) ? picture.planes.slice(0, 1) : picture.planes;
  const hash = createHash("sha256").update(`${width} ${height} ${planes[0]!.BYTES_PER_ELEMENT}`);
  for (const plane of planes) hash.update(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength));
  return { width, height, planes, key: hash.digest("hex") };
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

function unreadable(kind: string, why: string, cause?: unknown): MaskletError {
  return MaskletError.of("file_unreadable", { file: `The ${kind} picture`, why }, cause);
}
