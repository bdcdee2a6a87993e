// A picture of many slices with the objects found on them, and the true ones beside, for people to judge by eye.
import { encode } from "fast-png";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { DisplayRange, Mask } from "#protocol/types.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { drawTextInto, glyphAdvance, glyphHeight } from "./bitmap-font.ts";
import type { RgbCanvas } from "./bitmap-font.ts";
import { labelsToMasks } from "./labels-to-masks.ts";
import type { LabelIds } from "./labels-to-masks.ts";
import { objectColor } from "./object-colors.ts";

export interface ContactSlice {
  /** `[y, x]` raw values. */
  readonly raw: Pixels;
  readonly width: number;
  readonly height: number;
  /** Raw values shown as black and white. */
  readonly range: DisplayRange;
  /** Masks of this z plane; they may overlap. */
  readonly found: readonly Mask[];
  /** True object ids, `[y, x]`, drawn on a second panel to the right. */
  readonly truth?: LabelIds | undefined;
  readonly title: string;
}

export interface ContactSheet {
  readonly slices: readonly ContactSlice[];
  readonly columns: number;
  /** Picture pixels for one image pixel along each side. */
  readonly magnify?: number | undefined;
}

const gap = 8;
const letterScale = 2;
const captionHeight = glyphHeight * letterScale + 6;
const paper = 24;
const ink = [235, 235, 235] as const;

/**
 * PNG bytes, colour. Slices lie in rows of `columns`; outlines are lines one picture pixel wide just inside their objects, in the objects'
 * colours. Memory: three bytes for each picture pixel, and the PNG encoder's copy.
 * @throws export_empty without slices, too_large beyond maxPlaneBytes, pixels_size, request_invalid
 */
export function contactSheet(sheet: ContactSheet): Uint8Array {
  if (sheet.slices.length === 0) throw MaskletError.of("export_empty", {});
  const magnify = sheet.magnify ?? 2;
  const columns = Math.min(sheet.columns, sheet.slices.length);
  const cellWidth = gap + Math.max(...sheet.slices.map((slice) => panels(slice) * (slice.width * magnify + gap)));
  const cellHeight = gap + captionHeight + Math.max(...sheet.slices.map((slice) => slice.height * magnify));
  const width = columns * cellWidth;
  const height = Math.ceil(sheet.slices.length / columns) * cellHeight + gap;
  const size = 3 * width * height;
  if (size > limits.maxPlaneBytes) throw MaskletError.of("too_large", { what: "contact sheet", size, limit: limits.maxPlaneBytes, limitName: "maxPlaneBytes" });
  const canvas: RgbCanvas = { width, height, data: new Uint8Array(size).fill(paper) };
  sheet.slices.forEach((slice, nth) => {
    drawSliceInto(canvas, slice, (nth % columns) * cellWidth + gap, Math.floor(nth / columns) * cellHeight + gap, magnify);
  });
  return encode({ width, height, data: canvas.data, channels: 3, depth: 8 });
}

function panels(slice: ContactSlice): number {
  return slice.truth === undefined ? 1 : 2;
}

function drawSliceInto(canvas: RgbCanvas, slice: ContactSlice, x: number, y: number, magnify: number): void {
  const pixels = slice.width * slice.height;
  for (const haveBytes of [slice.raw.length, slice.truth?.length ?? pixels]) {
    if (haveBytes !== pixels) throw MaskletError.of("pixels_size", { plane: slice.title, needBytes: pixels, haveBytes });
  }
  const panelWidth = slice.width * magnify;
  const top = y + captionHeight;
  const truth = slice.truth === undefined ? undefined : labelsToMasks({ ids: slice.truth, width: slice.width, t: 0, z: 0 });
  drawPanelInto(canvas, slice, slice.found, x, top, magnify);
  const found = new Set(slice.found.filter((mask) => mask.area > 0).map((mask) => mask.objectId)).size;
  drawTextInto(canvas, x, y, fitted(`${slice.title}  found ${found}`, panelWidth), letterScale, ink);
  if (truth === undefined) return;
  drawPanelInto(canvas, slice, truth, x + panelWidth + gap, top, magnify);
  drawTextInto(canvas, x + panelWidth + gap, y, fitted(`true ${truth.length}`, panelWidth), letterScale, ink);
}

function fitted(text: string, width: number): string {
  return text.slice(0, Math.floor(width / (glyphAdvance * letterScale)));
}

function drawPanelInto(canvas: RgbCanvas, slice: ContactSlice, masks: readonly Mask[], x: number, y: number, magnify: number): void {
  const [low, high] = slice.range;
  const contrast = high > low ? 255 / (high - low) : 0;
  for (let row = 0; row < slice.height * magnify; row++) {
    const from = Math.floor(row / magnify) * slice.width;
    for (let column = 0, at = 3 * ((y + row) * canvas.width + x); column < slice.width * magnify; column++, at += 3) {
      const grey = Math.min(255, Math.max(0, (slice.raw[from + Math.floor(column / magnify)]! - low) * contrast));
      canvas.data.fill(grey, at, at + 3);
    }
  }
  for (const mask of masks) drawOutlineInto(canvas, mask, x, y, magnify);
}

/** Along each pixel edge that parts the mask from the rest, the picture pixels just inside. */
function drawOutlineInto(canvas: RgbCanvas, mask: Mask, x: number, y: number, magnify: number): void {
  const { box, data } = unpackMask(mask);
  const color = objectColor(mask.objectId);
  const width = box[2] - box[0];
  const height = box[3] - box[1];
  const isSet = (u: number, v: number): boolean => u >= 0 && v >= 0 && u < width && v < height && data[v * width + u] !== 0;
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      if (!isSet(u, v)) continue;
      const left = !isSet(u - 1, v);
      const right = !isSet(u + 1, v);
      const above = !isSet(u, v - 1);
      const below = !isSet(u, v + 1);
      if (!left && !right && !above && !below) continue;
      for (let row = 0; row < magnify; row++) {
        for (let column = 0; column < magnify; column++) {
          const onEdge = (left && column === 0) || (right && column === magnify - 1) || (above && row === 0) || (below && row === magnify - 1);
          const atX = x + (box[0] + u) * magnify + column;
          const atY = y + (box[1] + v) * magnify + row;
          if (onEdge && atX < canvas.width && atY < canvas.height) canvas.data.set(color, 3 * (atY * canvas.width + atX));
        }
      }
    }
  }
}
