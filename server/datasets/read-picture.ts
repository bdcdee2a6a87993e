// A picture of a set from elsewhere as one plane of grey values: PNG, JPEG or a TIFF of one page.
import { createHash } from "node:crypto";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Dtype } from "#protocol/types.ts";
import { readJpeg, readPng } from "#server/pictures/decode-pixels.ts";
import { readPictureHead } from "#server/pictures/picture-head.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { Pixels } from "#server/volumes/source.ts";
import type { SetFiles } from "./set-files.ts";
import { readStack } from "./stacks-set.ts";

export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  readonly dtype: Dtype;
  /** Of the file. */
  readonly sha256: string;
}

export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Pixels;
  /** It had colours, of which the luma is left. */
  readonly wasColour: boolean;
}

/** The largest file of one picture: as many bytes as one decoded plane. */
export const pictureBytes = limits.maxPlaneBytes;

/** Size and kind, without decoding it. @throws dataset_invalid, and what reading files throws */
export async function readPictureFacts(files: SetFiles, name: string): Promise<PictureFacts> {
  const bytes = await files.read(name, pictureBytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (isTiff(name)) {
    const volume = await openVolume(await files.path(name));
    const { shape: { x: width, y: height }, dtype } = volume;
    await volume.close();
    return { width, height, dtype, sha256 };
  }
  const { width, height, depth, colour } = headOf(bytes, name);
  return { width, height, dtype: depth === 16 && !colour ? "uint16" : "uint8", sha256 };
}

/** @throws dataset_invalid, file_unreadable, and what reading files throws */
export async function readGreyPicture(files: SetFiles, name: string): Promise<GreyPicture> {
  if (isTiff(name)) {
    const { size: [planes, height, width], data } = await readStack(files, name);
    if (planes !== 1) throw MaskletError.of("dataset_invalid", { file: name, why: `it has ${planes} pages where a picture has one` });
    return { width, height, data, wasColour: false };
  }
  const bytes = await files.read(name, pictureBytes);
  const head = headOf(bytes, name);
  const { samples, data, width, height } = head.kind === "png" ? readPng(bytes, head) : readJpeg(bytes, head, limits.maxCropVoxels);
  if (data.length !== width * height * samples) throw MaskletError.of("dataset_invalid", { file: name, why: `it holds ${data.length} values where ${width * height * samples} are needed` });
  return { width, height, ...grey(data, samples) };
}

/** @throws dataset_invalid for no picture, and for one that is too large to be decoded */
export function headOf(bytes: Uint8Array, name: string) {
  const head = readPictureHead(bytes);
  if (head === undefined) throw MaskletError.of("dataset_invalid", { file: name, why: "it is neither PNG nor JPEG, or is damaged" });
  const { width, height } = head;
  if (width < 1 || height < 1) throw MaskletError.of("dataset_invalid", { file: name, why: "it has no pixel" });
  if (width * height > limits.maxCropVoxels) throw MaskletError.of("dataset_invalid", { file: name, why: `it has ${width} x ${height} pixels where ${limits.maxCropVoxels} are allowed (maxCropVoxels)` });
  return head;
}

function isTiff(name: string): boolean {
  return /\.tiff?$/i.test(name);
}

/** One sample of two (grey and alpha), the luma of three and four (Rec. ITU-R BT.601, 2.5.1). Equal parts stay exact. */
function grey(data: Pixels, samples: number): Pick<GreyPicture, "data" | "wasColour"> {
  if (samples === 1) return { data, wasColour: false };
  const out = data instanceof Uint16Array ? new Uint16Array(data.length / samples) : new Uint8Array(data.length / samples);
  let wasColour = false;
  for (let at = 0, from = 0; at < out.length; at++, from += samples) {
    const [red, green, blue] = samples === 2 ? [data[from]!, data[from]!, data[from]!] : [data[from]!, data[from + 1]!, data[from + 2]!];
    if (red !== green || red !== blue) wasColour = true;
    out[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { data: out, wasColour };
}
