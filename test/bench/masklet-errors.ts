// A masklet beside the true object, slice by slice: what both have, what was missed, what is too much. Slices that the masklet does not
// reach count as missed, those that the object does not reach as too much.
import { areaOf, boxWidth, isEmptyBox, reframe, unpackMask, type Raster } from "#protocol/mask.ts";
import type { Mask, PixelBox } from "#protocol/types.ts";
import { labelComponents } from "#server/classical/kernels/components.ts";
import type { TrueObject } from "./masklet-objects.ts";

export interface SliceErrors {
  readonly z: number;
  /** Pixels. */
  readonly both: number;
  readonly missed: number;
  readonly extra: number;
}

/** Every slice that has a pixel of either, in rising order. */
export function errorsOf({ slices }: TrueObject, found: ReadonlyMap<number, Mask>): SliceErrors[] {
  const places = [...new Set([...slices.keys(), ...found.keys()])].sort((a, b) => a - b);
  return places.map((z) => {
    const { truth, answer } = together(slices.get(z), found.get(z));
    let [both, missed, extra] = [0, 0, 0];
    for (let at = 0; at < truth.length; at++) {
      if (truth[at]! !== 0 && answer[at]! !== 0) both++;
      else if (truth[at]! !== 0) missed++;
      else if (answer[at]! !== 0) extra++;
    }
    return { z, both, missed, extra };
  });
}

/** Of the whole object; 0 where nothing was found. */
export function diceOf(object: TrueObject, found: ReadonlyMap<number, Mask>): number {
  const errors = errorsOf(object, found);
  const sum = (of: (slice: SliceErrors) => number): number => errors.reduce((total, slice) => total + of(slice), 0);
  const both = sum((slice) => slice.both);
  return (2 * both) / (2 * both + sum((slice) => slice.missed + slice.extra));
}

export interface WrongRegion {
  readonly region: Raster;
  /** It belongs to the object. */
  readonly missed: boolean;
}

/** The largest connected part of what is missed, or of what is too much, on one slice; undefined where nothing is wrong. */
export function largestWrongRegion(object: TrueObject, found: ReadonlyMap<number, Mask>, z: number): WrongRegion | undefined {
  const { box, truth, answer } = together(object.slices.get(z), found.get(z));
  if (truth.length === 0) return undefined;
  const missed = largestPart(truth.map((value, at) => Number(value !== 0 && answer[at] === 0)), box);
  const extra = largestPart(answer.map((value, at) => Number(value !== 0 && truth[at] === 0)), box);
  const [region, isMissed] = areaOf(missed) >= areaOf(extra) ? [missed, true] : [extra, false];
  return areaOf(region) === 0 ? undefined : { region, missed: isMissed };
}

function largestPart(data: Uint8Array, box: PixelBox): Raster {
  const { labels, count } = labelComponents(data, [1, data.length / boxWidth(box), boxWidth(box)], 6);
  const areas = new Uint32Array(count + 1);
  for (const label of labels) if (label !== 0) areas[label]!++;
  const largest = areas.indexOf(Math.max(...areas));
  return { box, data: data.map((value, at) => Number(value !== 0 && labels[at] === largest)) };
}

/** Both over the box around both. */
function together(truth: Raster | undefined, mask: Mask | undefined): { box: PixelBox; truth: Uint8Array; answer: Uint8Array } {
  const answer = mask === undefined ? undefined : unpackMask(mask);
  const rasters = [truth, answer].filter((one) => one !== undefined && !isEmptyBox(one.box)).map((one) => one!);
  if (rasters.length === 0) return { box: [0, 0, 0, 0], truth: new Uint8Array(0), answer: new Uint8Array(0) };
  const end = (of: (box: PixelBox) => number): number => Math.max(...rasters.map(({ box }) => of(box)));
  const start = (of: (box: PixelBox) => number): number => Math.min(...rasters.map(({ box }) => of(box)));
  const box: PixelBox = [start((one) => one[0]), start((one) => one[1]), end((one) => one[2]), end((one) => one[3])];
  const over = (raster: Raster | undefined): Uint8Array => reframe(raster ?? { box: [0, 0, 0, 0], data: new Uint8Array(0) }, box).data;
  return { box, truth: over(truth), answer: over(answer) };
}
