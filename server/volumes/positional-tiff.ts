// Uncompressed TIFFs, read by position: ImageJ's contiguous planes (also its > 4 GB form with a single directory), and
// pages of strips wherever they lie.
import { throwIfCancelled } from "#protocol/errors.ts";
import { allocatePixels, checkBox } from "./check-shape.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { Pixels, VoxelBox } from "./source.ts";
import type { DirectoryWalk, TiffHeader, TiffPage } from "./tiff-directory.ts";
import type { TiffLayout } from "./tiff-layout.ts";
import { asSamples, copyRowsInto } from "./tiff-samples.ts";
import { blockOffsets } from "./tiff-strips.ts";

/** Rows are read in pieces of about this size, so that a window into a huge plane takes little memory. */
const pieceBytes = 8 * 1024 * 1024;

/** Where a page's pixels begin when they are one run of bytes; undefined when its strips are scattered. */
export interface PlainPage {
  readonly page: TiffPage;
  readonly runAt: number | undefined;
}

export interface PlainTiff {
  readonly bytes: FileBytes;
  readonly header: TiffHeader;
  readonly layout: TiffLayout;
  /** The page with that number of the layout. */
  page(index: number): PlainPage;
}

/** `[z, y, x]` voxels of the box. Memory: the box and one piece. @throws plane_off_volume, tiff_truncated, file_unreadable, cancelled */
export async function readPlainBox(tiff: PlainTiff, box: VoxelBox, signal?: AbortSignal): Promise<Pixels> {
  const { layout } = tiff;
  checkBox(layout.shape, box, layout.dtype);
  const [y0, y1] = box.y;
  const [x0, x1] = box.x;
  const width = x1 - x0;
  const out = allocatePixels(layout.dtype, (box.z[1] - box.z[0]) * (y1 - y0) * width);
  let outAt = 0;
  for (let z = box.z[0]; z < box.z[1]; z++) {
    const { page: index, sample } = layout.locate({ t: box.t, c: box.c, z });
    const { page, runAt } = tiff.page(index);
    const stride = page.planar === 1 ? page.samples : 1;
    const rows = { columns: page.width, stride, sample: page.planar === 1 ? sample : 0 };
    const rowBytes = page.width * stride * (page.bits >> 3);
    for (const run of await rowRuns(tiff, page, runAt, sample, y0, y1)) {
      const atOnce = Math.max(1, Math.floor(pieceBytes / rowBytes));
      for (let row = 0; row < run.rows; row += atOnce) {
        throwIfCancelled(signal);
        const rowCount = Math.min(atOnce, run.rows - row);
        const raw = new Uint8Array(rowCount * rowBytes);
        await tiff.bytes.readInto(raw, run.at + row * rowBytes);
        copyRowsInto(out, outAt, width, asSamples(raw, page, tiff.header.littleEndian), rows, 0, rowCount, x0, x1);
        outAt += rowCount * width;
      }
    }
  }
  return out;
}

/** The rows `[y0, y1)` of one sample as runs of whole rows in the file. */
async function rowRuns(tiff: PlainTiff, page: TiffPage, runAt: number | undefined, sample: number, y0: number, y1: number): Promise<{ at: number; rows: number }[]> {
  const rowBytes = page.width * (page.planar === 1 ? page.samples : 1) * (page.bits >> 3);
  if (runAt !== undefined) {
    const planeRows = page.planar === 2 ? sample * page.height : 0;
    return [{ at: runAt + (planeRows + y0) * rowBytes, rows: y1 - y0 }];
  }
  const walk: DirectoryWalk = { values: 0, seen: new Set() };
  const offsets = await blockOffsets(tiff.bytes, tiff.header, page, walk);
  const down = Math.ceil(page.height / page.blockRows);
  const first = page.planar === 2 ? sample * down : 0;
  const runs: { at: number; rows: number }[] = [];
  for (let y = y0; y < y1;) {
    const strip = Math.floor(y / page.blockRows);
    const end = Math.min(y1, (strip + 1) * page.blockRows);
    runs.push({ at: offsets[first + strip]! + (y - strip * page.blockRows) * rowBytes, rows: end - y });
    y = end;
  }
  return runs;
}
