// A picture file as the view of its one plane.
import { readFile } from "node:fs/promises";
import { decode } from "fast-png";
import type { View } from "#models/tracker.ts";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { openVolume } from "#server/volumes/open-volume.ts";

/** @returns the whole of an 8-bit PNG or a TIFF, grey or colour. @throws file_missing, file_unreadable, and what opening a TIFF throws */
export async function readPicture(file: string): Promise<View> {
  const start = await firstBytes(file);
  if (start[0] === 0xff && start[1] === 0xd8) throw MaskletError.of("file_unreadable", { file, why: "JPEG is not read here; save it as PNG, for instance in Fiji with File > Save As > PNG" });
  return start[0] === 0x89 && start[1] === 0x50 ? pngView(file, start) : tiffView(file);
}

async function firstBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (isSystemError(cause, "ENOENT", "ENOTDIR")) throw MaskletError.of("file_missing", { file }, cause);
    throw MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause);
  }
}

function pngView(file: string, bytes: Uint8Array): View {
  let png: ReturnType<typeof decode>;
  try {
    png = decode(bytes);
  } catch (cause) {
    throw MaskletError.of("file_unreadable", { file, why: `it is not a PNG (${reasonOf(cause)})` }, cause);
  }
  const { width, height, channels, data, depth } = png;
  if (depth !== 8 || png.palette !== undefined) throw MaskletError.of("file_unreadable", { file, why: "only PNGs of 8 bits without a palette are read here" });
  const kept = channels >= 3 ? 3 : 1;
  const pixels = new Float32Array(width * height * kept);
  for (let at = 0; at < width * height; at++) for (let channel = 0; channel < kept; channel++) pixels[at * kept + channel] = data[at * channels + channel]!;
  return viewOf(file, width, height, kept, pixels);
}

async function tiffView(file: string): Promise<View> {
  const volume = await openVolume(file);
  try {
    const { x: width, y: height, z, t, c } = volume.shape;
    if (volume.dtype !== "uint8" || z * t !== 1 || (c !== 1 && !volume.rgb)) throw MaskletError.of("file_unreadable", { file, why: "a picture is one 8-bit plane, grey or RGB" });
    const kept = volume.rgb ? 3 : 1;
    const pixels = new Float32Array(width * height * kept);
    for (let channel = 0; channel < kept; channel++) {
      const plane = await volume.read({ t: 0, c: channel, z: [0, 1], y: [0, height], x: [0, width] });
      for (let at = 0; at < plane.length; at++) pixels[at * kept + channel] = plane[at]!;
    }
    return viewOf(file, width, height, kept, pixels);
  } finally {
    await volume.close();
  }
}

function viewOf(file: string, width: number, height: number, channels: 1 | 3, pixels: Float32Array): View {
  return { window: { u0: 0, v0: 0, width, height }, box: [0, 0, width, height], width, height, channels, pixels, key: file };
}
