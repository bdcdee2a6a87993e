// The sheet of the gallery: for each case the prompted slice with its box, and slices along the stack, with the true outline and what was found.
import { encode } from "fast-png";
import type { PixelBox } from "#protocol/types.ts";
import { unpackMask, type Raster } from "#protocol/mask.ts";
import { drawTextInto, glyphAdvance, glyphHeight, type RgbCanvas } from "#server/exports/bitmap-font.ts";
import type { Rgb } from "#server/exports/object-colors.ts";
import { readCut, type CutSource } from "#server/reports/cut.ts";
import { besideEachOther, paintCut, rangeOfCuts } from "#server/reports/paint.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { errorsOf } from "./masklet-errors.ts";
import type { JudgedMasklet } from "./masklet-judging.ts";
import type { Scene } from "./quality-scenes.ts";

/** Picture pixels of a panel's side. */
const panelSide = 150;
/** Beside the prompted slice. */
const others = 4;
/** Voxels around object and masklet, and the least side of what is shown. */
const [margin, leastSide] = [6, 40];
const barVoxels = 10;
const colors: Readonly<Record<"truth" | "found" | "box", Rgb>> = { truth: [90, 230, 110], found: [255, 120, 50], box: [255, 225, 60] };
export const legend = `green: the true object, orange: the masklet, white: both, yellow: the box, bar: ${barVoxels} voxels`;

export interface Strip {
  readonly caption: string;
  readonly canvas: RgbCanvas;
}

export async function stripOf(scene: Scene, masklet: JudgedMasklet, caption: string): Promise<Strip> {
  const { source, reader: { size } } = scene;
  const slices = shownSlices(masklet);
  const [rows, columns] = shownPart(masklet, slices, size);
  const { object, masks } = masklet;
  const found = new Map([...masks].map(([z, mask]) => [z, unpackMask(mask)]));
  const { box } = object.slices.get(object.middle)!;
  const boxed: Raster = { box, data: new Uint8Array((box[2] - box[0]) * (box[3] - box[1])).fill(1) };
  const cuts: CutSource = {
    labels: [rasters("truth", size, object.slices), rasters("found", size, found), rasters("box", size, new Map([[object.middle, boxed]]))],
    image: { name: "image", read: async (start, end) => source.read({ t: 0, c: 0, z: [start[0], end[0]], y: [start[1], end[1]], x: [start[2], end[2]] }) },
    spacing: [1, 1, 1],
  };
  const pixelSize = (rows[1] - rows[0]) / panelSide;
  const planes = [];
  for (const index of slices) planes.push(await readCut(cuts, { axis: 0, index, rows, columns }, pixelSize));
  const range = rangeOfCuts(planes);
  const painted = planes.map((plane) => {
    const layers = (["truth", "found", "box"] as const).map((what, nth) => ({ ids: plane.ids[nth]!, color: () => colors[what] }));
    return { word: plane.cut.index === object.middle ? `z ${plane.cut.index} prompted` : `z ${plane.cut.index}`, canvas: paintCut(plane, { range, layers, bar: barVoxels / pixelSize, voxelSize: 1 }) };
  });
  return { caption, canvas: besideEachOther(painted) };
}

/** The prompted slice, then some spread over both object and masklet, of which one is the worst of all. */
function shownSlices({ object, masks }: JudgedMasklet): number[] {
  const errors = errorsOf(object, masks).filter(({ z }) => z !== object.middle);
  const worst = errors.reduce((most, one) => (one.missed + one.extra > most.missed + most.extra ? one : most), errors[0]!);
  const places = Array.from({ length: others }, (_, nth) => Math.round(((nth + 0.3) / (others - 0.4)) * (errors.length - 1)));
  const at = errors.indexOf(worst);
  const nearest = places.reduce((best, place, nth) => (Math.abs(place - at) < Math.abs(places[best]! - at) ? nth : best), 0);
  places[nearest] = at;
  return [object.middle, ...new Set(places.map((place) => errors[place]!.z))];
}

/** A square part of the plane, or as much as there is of it. */
function shownPart({ object, masks }: JudgedMasklet, slices: readonly number[], [, height, width]: Triple): [rows: [number, number], columns: [number, number]] {
  const boxes = slices.flatMap((z): PixelBox[] => [object.slices.get(z)?.box, masks.get(z)?.box].filter((box) => box !== undefined && box[2] > box[0]).map((box) => box!));
  const [u0, v0, u1, v1] = [Math.min(...boxes.map((box) => box[0])), Math.min(...boxes.map((box) => box[1])), Math.max(...boxes.map((box) => box[2])), Math.max(...boxes.map((box) => box[3]))];
  const side = Math.min(height, width, Math.max(leastSide, u1 - u0 + 2 * margin, v1 - v0 + 2 * margin));
  const around = (start: number, end: number, most: number): [number, number] => {
    const from = Math.min(most - side, Math.max(0, Math.round((start + end - side) / 2)));
    return [from, from + side];
  };
  return [around(v0, v1, height), around(u0, u1, width)];
}

function rasters(name: string, size: Triple, slices: ReadonlyMap<number, Raster>): LabelReader {
  return {
    name, size, spacing: undefined,
    read: async (start, end) => {
      const ids = new Uint32Array((end[0] - start[0]) * (end[1] - start[1]) * (end[2] - start[2]));
      let to = 0;
      for (let z = start[0]; z < end[0]; z++) {
        const slice = slices.get(z);
        for (let y = start[1]; y < end[1]; y++) for (let x = start[2]; x < end[2]; x++) ids[to++] = slice === undefined ? 0 : pixelOf(slice, x, y);
      }
      return ids;
    },
  };
}

function pixelOf({ box, data }: Raster, x: number, y: number): number {
  return x < box[0] || x >= box[2] || y < box[1] || y >= box[3] ? 0 : data[(y - box[1]) * (box[2] - box[0]) + x - box[0]]!;
}

const gap = 12;
const scale = 2;
const paper = 24;
const ink: Rgb = [235, 235, 235];

/** PNG bytes: strips in columns, each below its caption. */
export function sheetOf(title: string, strips: readonly Strip[], columns: number): Uint8Array {
  const text = glyphHeight * scale + 6;
  const cell = { width: Math.max(...strips.map(({ canvas }) => canvas.width)) + gap, height: Math.max(...strips.map(({ canvas }) => canvas.height)) + text + gap };
  const width = Math.min(columns, strips.length) * cell.width + gap;
  const height = 2 * text + 2 * gap + Math.ceil(strips.length / columns) * cell.height;
  const sheet: RgbCanvas = { width, height, data: new Uint8Array(3 * width * height).fill(paper) };
  for (const [nth, line] of [title, legend].entries()) drawTextInto(sheet, gap, gap + nth * text, line, scale, ink);
  strips.forEach(({ caption, canvas }, nth) => {
    const [left, top] = [gap + (nth % columns) * cell.width, 2 * gap + 2 * text + Math.floor(nth / columns) * cell.height];
    drawTextInto(sheet, left, top, caption.slice(0, Math.floor((cell.width - gap) / (glyphAdvance * scale))), scale, ink);
    for (let y = 0; y < canvas.height; y++) sheet.data.set(canvas.data.subarray(3 * y * canvas.width, 3 * (y + 1) * canvas.width), 3 * ((top + text + y) * width + left));
  });
  return encode({ width, height, data: sheet.data, channels: 3, depth: 8 });
}
