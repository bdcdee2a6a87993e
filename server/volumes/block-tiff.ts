// TIFFs of compressed strips or of tiles: only the blocks a box touches are read and unpacked.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { allocatePixels, checkBox } from "./check-shape.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { Pixels, VoxelBox } from "./source.ts";
import { decodeBlock } from "./tiff-decode.ts";
import type { DirectoryWalk, TiffHeader, TiffPage } from "./tiff-directory.ts";
import type { TiffLayout } from "./tiff-layout.ts";
import { copyRowsInto } from "./tiff-samples.ts";
import { mostExpansion } from "./tiff-unpack.ts";
import { blockGrid, blockOffsets, blockSizes } from "./tiff-strips.ts";

export interface BlockTiff {
  readonly bytes: FileBytes;
  readonly header: TiffHeader;
  readonly layout: TiffLayout;
  readonly pages: readonly TiffPage[];
}

/** Every block of a page lies in the file and is not longer than its pixels could need.
 * @throws tiff_invalid, tiff_truncated */
export async function checkBlocks(bytes: FileBytes, header: TiffHeader, page: TiffPage, walk: DirectoryWalk): Promise<void> {
  const grid = blockGrid(page, bytes.file);
  const offsets = await blockOffsets(bytes, header, page, walk);
  const sizes = await storedSizes(bytes, header, page, walk);
  for (let block = 0; block < offsets.length; block++) {
    if (isLeftOut(offsets[block]!, sizes?.[block])) continue;
    if (!(offsets[block]! >= 8)) throw MaskletError.of("tiff_invalid", { file: bytes.file, why: "a strip or tile lies in the header" });
    const size = page.compression === 1 ? grid.blockBytes : sizes![block]!;
    checkStored(size, grid.blockBytes, bytes.file);
    const rows = page.tiled ? page.blockRows : Math.min(page.blockRows, page.height - (block % grid.down) * page.blockRows);
    const pixelBytes = (grid.blockBytes / page.blockRows) * rows;
    if (pixelBytes > size * mostExpansion(page.compression)) {
      throw MaskletError.of("tiff_invalid", { file: bytes.file, why: `a strip or tile stored in ${size} bytes claims ${pixelBytes} bytes of pixels` });
    }
    const needBytes = offsets[block]! + size;
    if (!(needBytes <= bytes.sizeBytes)) throw MaskletError.of("tiff_truncated", { file: bytes.file, needBytes, haveBytes: bytes.sizeBytes });
  }
}

/** Undefined for an uncompressed page that does not state them: its blocks are as long as their pixels. */
async function storedSizes(bytes: FileBytes, header: TiffHeader, page: TiffPage, walk: DirectoryWalk): Promise<Float64Array | undefined> {
  return page.compression === 1 && page.counts === undefined ? undefined : blockSizes(bytes, header, page, walk);
}

/** Sparse files leave out blocks of zeros: they have neither a place nor a length. */
function isLeftOut(offset: number, size: number | undefined): boolean {
  return offset === 0 && size === 0;
}

/** No compression makes pixels more than twice as long; a lying length takes no memory. */
function checkStored(size: number, blockBytes: number, file: string): void {
  if (!(size <= 2 * blockBytes + 65_536)) throw MaskletError.of("tiff_invalid", { file, why: `a strip or tile of ${blockBytes} bytes claims to be stored in ${size}` });
}

/** `[z, y, x]` voxels of the box. Memory: the box and one block. @throws plane_off_volume, tiff_invalid, tiff_truncated, cancelled */
export async function readBlockBox(tiff: BlockTiff, box: VoxelBox, signal?: AbortSignal): Promise<Pixels> {
  const { bytes, header, layout } = tiff;
  checkBox(layout.shape, box, layout.dtype);
  const [y0, y1] = box.y;
  const [x0, x1] = box.x;
  const width = x1 - x0;
  const out = allocatePixels(layout.dtype, (box.z[1] - box.z[0]) * (y1 - y0) * width);
  for (let z = box.z[0]; z < box.z[1]; z++) {
    const located = layout.locate({ t: box.t, c: box.c, z });
    const page = tiff.pages[located.page]!;
    const grid = blockGrid(page, bytes.file);
    const walk: DirectoryWalk = { values: 0, seen: new Set() };
    const offsets = await blockOffsets(bytes, header, page, walk);
    const sizes = await storedSizes(bytes, header, page, walk);
    const rows = { columns: page.blockColumns, stride: grid.stride, sample: page.planar === 1 ? located.sample : 0 };
    const firstBlock = page.planar === 2 ? located.sample * grid.across * grid.down : 0;
    const planeAt = (z - box.z[0]) * (y1 - y0) * width;
    for (let down = Math.floor(y0 / page.blockRows); down * page.blockRows < y1; down++) {
      for (let across = Math.floor(x0 / page.blockColumns); across * page.blockColumns < x1; across++) {
        throwIfCancelled(signal);
        const block = firstBlock + down * grid.across + across;
        const top = down * page.blockRows;
        const left = across * page.blockColumns;
        // The last strip ends with the image; a tile is always whole.
        const blockRows = page.tiled ? page.blockRows : Math.min(page.blockRows, page.height - top);
        const needBytes = blockRows * page.blockColumns * grid.stride * (page.bits >> 3);
        if (isLeftOut(offsets[block]!, sizes?.[block])) continue;
        const size = page.compression === 1 ? needBytes : sizes![block]!;
        checkStored(size, grid.blockBytes, bytes.file);
        const raw = await bytes.read(offsets[block]!, size);
        const samples = await decodeBlock({ raw, needBytes, mostBytes: grid.blockBytes, columns: page.blockColumns, stride: grid.stride, file: bytes.file }, page, header.littleEndian);
        const from = Math.max(y0, top);
        const to = Math.min(y1, top + blockRows);
        const first = Math.max(x0, left);
        const last = Math.min(x1, left + page.blockColumns);
        copyRowsInto(out, planeAt + (from - y0) * width + first - x0, width, samples, rows, from - top, to - from, first - left, last - left);
      }
    }
  }
  return out;
}
