// RoiSet.zip as ImageJ's ROI Manager saves and opens it: one .roi an object and plane, in the order they are listed there.
import { zipSync } from "fflate";
import type { ZippableFile } from "fflate";
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { Mask, Shape } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import { encodeRoi, roiName } from "./roi.ts";

/** Small outlines are stored as they are: setting up the compressor takes longer than making them, 6 s for 30,000. */
const storedBelowBytes = 4096;

/**
 * The masks that hold a pixel, in the order object, t, z; masks of y and x planes as the z planes they cross. Names are unique
 * (a second mask of an object on a plane gets `-2`). Equal masks give equal bytes, whatever their order and the date.
 * @param options.shape of the image the ROIs will lie on
 * @throws export_empty, request_invalid
 */
export function writeRoisZip(masks: readonly Mask[], options: { readonly shape: Pick<Shape, "t" | "c" | "z"> }): Uint8Array {
  const planes = masksAsZPlanes(masks).filter((mask) => !isEmptyBox(mask.box));
  if (planes.length === 0) throw MaskletError.of("export_empty", {});
  planes.sort((a, b) => a.objectId - b.objectId || a.t - b.t || a.index - b.index || (a.c ?? 0) - (b.c ?? 0));
  const files: Record<string, ZippableFile> = {};
  for (const mask of planes) {
    let name = roiName(mask);
    for (let nth = 2; `${name}.roi` in files; nth++) name = `${roiName(mask)}-${nth}`;
    const bytes = encodeRoi(mask, { shape: options.shape, name });
    files[`${name}.roi`] = [bytes, { level: bytes.length < storedBelowBytes ? 0 : 6 }];
  }
  // The zip format counts years from 1980 in local time; noon keeps it clear of every time zone.
  return zipSync(files, { mtime: new Date(1980, 0, 1, 12) });
}
