// A cut as a picture: greys below, outlines of objects above, a bar of known length in the corner.
import { encode } from "fast-png";
import { drawTextInto, glyphHeight } from "#server/exports/bitmap-font.ts";
import type { RgbCanvas } from "#server/exports/bitmap-font.ts";
import type { DisplayRange } from "#protocol/types.ts";
import type { Rgb } from "#server/exports/object-colors.ts";
import type { CutPixels } from "./cut.ts";

/** How the objects of one of a cut's label images are drawn. */
export interface Layer {
  readonly ids: Uint32Array;
  readonly color: (id: number) => Rgb;
  /** Also inside, darkened: where there is no image. */
  readonly filled?: boolean;
}

/** Where two layers have their outlines. */
const together: Rgb = [255, 255, 255];
const noImage = 26;
const noValue: Rgb = [70, 20, 70];
const gap = 4;
const paper = 60;

/**
 * Outlines lie just inside their objects, two pixels wide where voxels are magnified, and parts of an object that leave the picture stay open.
 * Values that are no numbers are dark violet. @param bar its length in picture pixels
 */
export function paintCut({ width, height, pixelSize, grey }: CutPixels, { range, layers, bar, voxelSize }: { readonly range: DisplayRange | undefined; readonly layers: readonly Layer[]; readonly bar: number; readonly voxelSize: number }): RgbCanvas {
  const data = new Uint8Array(3 * width * height);
  const thick = voxelSize / pixelSize >= 3 ? 2 : 1;
  const [low, high] = range ?? [0, 1];
  const contrast = high > low ? 255 / (high - low) : 0;
  for (let at = 0; at < width * height; at++) {
    const value = grey?.[at];
    if (value !== undefined && Number.isNaN(value)) data.set(noValue, 3 * at);
    // Steps of four greys: nobody sees them beside outlines, and the file is a third smaller.
    else data.fill(value === undefined ? noImage : Math.min(252, Math.max(0, (value - low) * contrast)) & 0xfc, 3 * at, 3 * at + 3);
  }
  const drawn = new Uint8Array(width * height);
  for (const { ids, color, filled = false } of layers) {
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const id = ids[at]!;
        if (id === 0) continue;
        if (onOutline(ids, width, height, x, y, id, thick)) data.set(drawn[at]!++ === 0 ? color(id) : together, 3 * at);
        else if (filled && drawn[at] === 0) data.set(color(id).map((part) => part * 0.45), 3 * at);
      }
    }
  }
  drawBarInto(data, width, height, bar);
  return { width, height, data };
}

function onOutline(ids: Uint32Array, width: number, height: number, x: number, y: number, id: number, thick: number): boolean {
  const at = y * width + x;
  for (let step = 1; step <= thick; step++) {
    if (x >= step && ids[at - step] !== id) return true;
    if (x + step < width && ids[at + step] !== id) return true;
    if (y >= step && ids[at - step * width] !== id) return true;
    if (y + step < height && ids[at + step * width] !== id) return true;
  }
  return false;
}

/** Beside each other, each with a word in its upper left corner. */
export function besideEachOther(parts: readonly { readonly canvas: RgbCanvas; readonly word: string }[]): RgbCanvas {
  const top = glyphHeight + 6;
  const width = parts.reduce((sum, { canvas }) => sum + canvas.width, gap * (parts.length - 1));
  const height = top + Math.max(...parts.map(({ canvas }) => canvas.height));
  const whole: RgbCanvas = { width, height, data: new Uint8Array(3 * width * height).fill(paper) };
  let left = 0;
  for (const { canvas, word } of parts) {
    drawTextInto(whole, left + 1, 3, word, 1, [225, 225, 225]);
    for (let y = 0; y < canvas.height; y++) whole.data.set(canvas.data.subarray(3 * y * canvas.width, 3 * (y + 1) * canvas.width), 3 * ((y + top) * width + left));
    left += canvas.width + gap;
  }
  return whole;
}

export function pngOf({ width, height, data }: RgbCanvas): Uint8Array {
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** White on black, in the lower right corner; none where it does not fit. */
function drawBarInto(data: Uint8Array, width: number, height: number, bar: number): void {
  const length = Math.round(bar);
  // A shortened bar would lie.
  if (width < length + 14 || height < 30) return;
  const thick = Math.max(4, Math.round(width / 100));
  const [left, top, right, bottom] = [width - 7 - length, height - 7 - thick, width - 7, height - 7];
  for (let y = top - 1; y <= bottom; y++) {
    for (let x = left - 1; x <= right; x++) {
      const rim = y < top || y === bottom || x < left || x === right;
      data.fill(rim ? 0 : 255, 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
  }
}

/** For what lies around the object that is meant. */
export function dimmed(color: Rgb): Rgb {
  return [color[0] * 0.6, color[1] * 0.6, color[2] * 0.6];
}

/** A round length of about a fifth of the picture. */
export function barLength({ width, pixelSize }: CutPixels): number {
  const wanted = (width * pixelSize) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([5, 2, 1].find((factor) => factor * power <= wanted) ?? 1);
}

/** Black and white of several cuts: 0.5 to 99.5 % of their values; undefined when none is finite. */
export function rangeOfCuts(cuts: readonly CutPixels[]): DisplayRange | undefined {
  const samples: number[] = [];
  const pixels = cuts.reduce((sum, { grey }) => sum + (grey?.length ?? 0), 0);
  const every = Math.max(1, Math.floor(pixels / 200_000));
  for (const { grey } of cuts) if (grey !== undefined) for (let at = 0; at < grey.length; at += every) if (!Number.isNaN(grey[at])) samples.push(grey[at]!);
  if (samples.length === 0) return undefined;
  const sorted = Float64Array.from(samples).sort();
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  return at(0.005) < at(0.995) ? [at(0.005), at(0.995)] : [at(0.005), at(0.005) + 1];
}
