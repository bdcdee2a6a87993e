// Planes cut through a volume, at the size of a picture: read in bands of rows, so that memory does not grow with the plane.
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import type { ReportImage } from "./contract.ts";

/** Part of a plane. Rows run along y (z for a plane along y or x), columns along x (y for a plane along x). Half-open, in voxels. */
export interface Cut {
  /** Axis across the plane: 0 is z, 1 is y, 2 is x. */
  readonly axis: 0 | 1 | 2;
  readonly index: number;
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** What is read of it, in picture pixels. */
export interface CutPixels {
  readonly cut: Cut;
  readonly width: number;
  readonly height: number;
  /** Length of a picture pixel in the unit of the spacing, along both sides. */
  readonly pixelSize: number;
  /** Mean grey value under each pixel, NaN where none is finite. */
  readonly grey: Float32Array | undefined;
  /** Ids under the middle of each pixel, for each of the label images. */
  readonly ids: readonly Uint32Array[];
}

export interface CutSource {
  readonly labels: readonly LabelReader[];
  readonly image: ReportImage | undefined;
  readonly spacing: Triple;
}

/** Voxels read at once. */
const bandVoxels = 4_000_000;
/** Picture pixels for a voxel at most, so that a tiny object is not a wall of squares. */
const maxMagnify = 12;

/** Axes of rows and columns for each axis across. */
export const planeAxes = [[1, 2], [0, 2], [0, 1]] as const;

export function wholePlane(axis: 0 | 1 | 2, index: number, size: Triple): Cut {
  const [row, column] = planeAxes[axis];
  return { axis, index, rows: [0, size[row]], columns: [0, size[column]] };
}

/** Length of a picture pixel with which none of the cuts gets more than `side` pixels along its longer side, the same for all of them. */
export function pixelSizeFor(cuts: readonly Cut[], spacing: Triple, side: number): number {
  const longest = Math.max(...cuts.map((cut) => Math.max(...extentOf(cut, spacing))));
  const voxel = Math.min(...cuts.flatMap(({ axis }) => planeAxes[axis].map((along) => spacing[along])));
  const wanted = longest / side;
  if (wanted >= voxel) return wanted;
  // Voxels that are magnified a good deal become whole numbers of pixels.
  const magnify = Math.min(maxMagnify, voxel / wanted);
  return voxel / (magnify < 3 ? magnify : Math.floor(magnify));
}

/** Height and width in the unit of the spacing. */
function extentOf({ axis, rows, columns }: Cut, spacing: Triple): [number, number] {
  const [row, column] = planeAxes[axis];
  return [(rows[1] - rows[0]) * spacing[row], (columns[1] - columns[0]) * spacing[column]];
}

/**
 * Reads a cut with square pixels in space, so that unequal voxels look as they are. Shrunk planes show mean greys, and the id under the
 * middle of each pixel. Memory: one band (`bandVoxels` voxels, or the rows under one line of pixels) and the picture.
 * @throws cancelled, and what reading throws
 */
export async function readCut(source: CutSource, cut: Cut, pixelSize: number, signal?: AbortSignal): Promise<CutPixels> {
  const [rows, columns] = [cut.rows[1] - cut.rows[0], cut.columns[1] - cut.columns[0]];
  const [height, width] = extentOf(cut, source.spacing).map((extent) => Math.max(1, Math.round(extent / pixelSize))) as [number, number];
  const grey = source.image === undefined ? undefined : new Float32Array(width * height);
  const ids = source.labels.map(() => new Uint32Array(width * height));
  const linesAtOnce = Math.max(1, Math.floor((bandVoxels / columns / rows) * height));
  for (let line = 0; line < height; line += linesAtOnce) {
    const lines: readonly [number, number] = [line, Math.min(height, line + linesAtOnce)];
    const from = Math.floor((lines[0] * rows) / height);
    const to = Math.max(from + 1, Math.ceil((lines[1] * rows) / height));
    const [start, end] = boxOf(cut, cut.rows[0] + from, cut.rows[0] + to);
    const grid = { width, height, rows, columns, from, lines };
    for (const [nth, labels] of source.labels.entries()) pickInto(ids[nth]!, await labels.read(start, end, signal), grid);
    if (grey !== undefined) meansInto(grey, await source.image!.read(start, end, signal), { ...grid, to });
  }
  return { cut, width, height, pixelSize, grey, ids };
}

function boxOf({ axis, index, columns }: Cut, from: number, to: number): [Triple, Triple] {
  const start: [number, number, number] = [index, index, index];
  const end: [number, number, number] = [index + 1, index + 1, index + 1];
  const [row, column] = planeAxes[axis];
  [start[row], end[row]] = [from, to];
  [start[column], end[column]] = [columns[0], columns[1]];
  return [start, end];
}

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  /** First row of the band. */
  readonly from: number;
  readonly lines: readonly [number, number];
}

function pickInto(picture: Uint32Array, band: Uint32Array, { width, height, rows, columns, from, lines }: Grid): void {
  for (let line = lines[0]; line < lines[1]; line++) {
    const row = Math.min(rows - 1, Math.floor(((line + 0.5) * rows) / height)) - from;
    for (let at = 0; at < width; at++) picture[line * width + at] = band[row * columns + Math.floor(((at + 0.5) * columns) / width)]!;
  }
}

function meansInto(picture: Float32Array, band: ArrayLike<number>, { width, height, rows, columns, from, to, lines }: Grid & { readonly to: number }): void {
  for (let line = lines[0]; line < lines[1]; line++) {
    const first = Math.floor((line * rows) / height) - from;
    const last = Math.min(to - from, Math.max(first + 1, Math.floor(((line + 1) * rows) / height) - from));
    for (let at = 0; at < width; at++) {
      const left = Math.floor((at * columns) / width);
      const right = Math.max(left + 1, Math.floor(((at + 1) * columns) / width));
      let [sum, count] = [0, 0];
      for (let row = first; row < last; row++) {
        for (let column = left; column < right; column++) {
          const value = band[row * columns + column]!;
          if (Number.isFinite(value)) {
            sum += value;
            count++;
          }
        }
      }
      picture[line * width + at] = count === 0 ? NaN : sum / count;
    }
  }
}
