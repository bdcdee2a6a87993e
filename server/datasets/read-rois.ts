// A RoiSet.zip (or one .roi) of ImageJ as masks on a volume's planes.
import { unzipSync } from "fflate";
import { MaskletError, reasonOf, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Mask, Shape } from "#protocol/types.ts";
import { decodeRoi, type Roi } from "./decode-roi.ts";
import { numberObjects, planeMask, type OutlinedObjects } from "./outlined-objects.ts";

/**
 * An object is what the property `masklet.object` says; else all ROIs of one group are one object; else all of one name are.
 * @param bytes of the file
 * @throws dataset_invalid, also for a ROI that says no plane of a stack, or one that is not there, and for zips that unpack to more than maxRoisBytes
 */
export function readRois(bytes: Uint8Array, file: string, shape: Shape, signal?: AbortSignal): OutlinedObjects {
  const rois: Roi[] = [];
  const left = { lines: 0, splines: 0 };
  for (const [name, content] of entriesOf(bytes, file)) {
    throwIfCancelled(signal);
    const roi = decodeRoi(content, `${file}/${name}`);
    if (roi.fill === undefined) left.lines++;
    else rois.push(roi);
    if (roi.spline) left.splines++;
  }
  if (rois.length === 0) throw MaskletError.of("dataset_invalid", { file, why: "it has no ROI with an inside" });
  const numbers = numberObjects(rois.map((roi) => ({ object: roi.object, key: roi.group > 0 ? `group ${roi.group}` : `name ${roi.name}` })));
  const masks: Mask[] = [];
  for (const [nth, roi] of rois.entries()) {
    throwIfCancelled(signal);
    const { z, t } = planeOf(roi, shape, file);
    const mask = planeMask(roi.fill!(shape.x, shape.y), numbers[nth]!, z, t);
    if (mask !== undefined) masks.push(mask);
  }
  const said = (test: (roi: Roi) => boolean): number => rois.filter(test).length;
  const [byProperty, byGroup] = [said((roi) => roi.object !== undefined), said((roi) => roi.object === undefined && roi.group > 0)];
  const byName = rois.length - byProperty - byGroup;
  return {
    masks,
    notes: [
      `${new Set(numbers).size} objects of ${rois.length} ROIs: ${[[byProperty, "by the property masklet.object"], [byGroup, "one object a group"], [byName, "one object a name"]].filter(([count]) => count !== 0).map(([count, how]) => `${count} ${how}`).join(", ")}`,
      ...(left.lines > 0 ? [`${left.lines} ROIs without an inside (lines, points, texts) were left out`] : []),
      ...(left.splines > 0 ? [`${left.splines} spline outlines were taken by their corners; in ImageJ, Edit > Selection > Interpolate keeps the curve`] : []),
    ],
  };
}

/** Bytes that one byte of deflate can stand for: 258 in two bits. */
const mostDeflated = 1032;

/** Everything is bounded by what the zip's directory says, and nothing is unpacked before that is added up. */
function entriesOf(bytes: Uint8Array, file: string): [string, Uint8Array][] {
  if (String.fromCharCode(...bytes.subarray(0, 4)) === "Iout") return [[file, bytes]];
  let [entries, unpacked] = [0, 0];
  const check = ({ name, size, originalSize }: { name: string; size: number; originalSize: number }): boolean => {
    if (!name.toLowerCase().endsWith(".roi")) return false;
    entries++;
    unpacked += originalSize;
    if (originalSize > mostDeflated * size + 1024) throw MaskletError.of("dataset_invalid", { file, why: `its entry of ${size} bytes claims to unpack to ${originalSize}, more than deflate can` });
    if (entries > limits.maxAnnotations) throw MaskletError.of("dataset_invalid", { file, why: `it has more than ${limits.maxAnnotations} ROIs (maxAnnotations)` });
    if (unpacked > limits.maxRoisBytes) throw MaskletError.of("dataset_invalid", { file, why: `its ROIs unpack to more than ${limits.maxRoisBytes} bytes (maxRoisBytes)` });
    return true;
  };
  try {
    return Object.entries(unzipSync(bytes, { filter: check }));
  } catch (thrown) {
    if (thrown instanceof MaskletError) throw thrown;
    throw MaskletError.of("dataset_invalid", { file, why: `it is no sound zip of ROIs (${reasonOf(thrown).slice(0, 100)})` }, thrown);
  }
}

/** ImageJ's own order of a stack: channels fastest, then slices, then frames. Old ROIs have their slice in the name, as SLICE-Y-X. */
function planeOf({ position: { index, z, t }, name }: Roi, shape: Shape, file: string): { z: number; t: number } {
  const fromName = Number(/^(\d{4,})-\d{4,}-\d{4,}/.exec(name)?.[1] ?? 0);
  const at = index > 0 ? index : z === 0 && t === 0 ? fromName : 0;
  const plane = at > 0
    ? { z: Math.floor((at - 1) / shape.c) % shape.z, t: Math.floor((at - 1) / (shape.c * shape.z)) }
    : { z: z > 0 ? z - 1 : shape.z === 1 ? 0 : -1, t: t > 0 ? t - 1 : shape.t === 1 ? 0 : -1 };
  if (plane.z < 0 || plane.t < 0) throw MaskletError.of("dataset_invalid", { file, why: `the ROI "${name.slice(0, 80)}" says no position, and the image has ${shape.z} slices and ${shape.t} frames` });
  if (plane.z >= shape.z || plane.t >= shape.t) throw MaskletError.of("dataset_invalid", { file, why: `the ROI "${name.slice(0, 80)}" lies on ${at > 0 ? `place ${at}` : `slice ${z}, frame ${t}`} of an image with ${shape.c} channels, ${shape.z} slices and ${shape.t} frames` });
  return plane;
}
