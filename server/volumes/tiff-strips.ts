// Where the strips or tiles of a page lie, checked against the file.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { FileBytes } from "./file-bytes.ts";
import { readValues, type DirectoryWalk, type TiffHeader, type TiffPage } from "./tiff-directory.ts";

/** How a page is cut into blocks (strips or tiles). */
export interface BlockGrid {
  readonly across: number;
  readonly down: number;
  /** Samples of a pixel in one block. */
  readonly stride: number;
  /** Blocks of the page, all samples. */
  readonly blocks: number;
  /** Bytes of one whole block, decoded. */
  readonly blockBytes: number;
}

/** @throws tiff_invalid when the numbers cannot be, shape_invalid when a block is too large */
export function blockGrid(page: TiffPage, file: string): BlockGrid {
  const whole = [page.width, page.height, page.blockColumns, page.blockRows, page.samples];
  if (!whole.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw MaskletError.of("tiff_invalid", { file, why: `a page of ${page.width} x ${page.height} pixels in blocks of ${page.blockColumns} x ${page.blockRows}` });
  }
  if (page.planar !== 1 && page.planar !== 2) throw MaskletError.of("tiff_invalid", { file, why: `planar configuration ${page.planar}` });
  const stride = page.planar === 1 ? page.samples : 1;
  const across = Math.ceil(page.width / page.blockColumns);
  const down = Math.ceil(page.height / page.blockRows);
  const blockBytes = page.blockColumns * page.blockRows * stride * (page.bits >> 3);
  if (blockBytes > limits.maxPlaneBytes) {
    throw MaskletError.of("shape_invalid", { why: `a block of the file has ${blockBytes} bytes, at most ${limits.maxPlaneBytes} are allowed (maxPlaneBytes)` });
  }
  return { across, down, stride, blocks: across * down * (page.planar === 2 ? page.samples : 1), blockBytes };
}

/** The positions of all blocks of a page. @throws tiff_invalid, tiff_truncated */
export async function blockOffsets(bytes: FileBytes, header: TiffHeader, page: TiffPage, walk: DirectoryWalk): Promise<Float64Array> {
  const grid = blockGrid(page, bytes.file);
  if (page.offsets.count !== grid.blocks) {
    throw MaskletError.of("tiff_invalid", { file: bytes.file, why: `a page lists ${page.offsets.count} strips or tiles where its size needs ${grid.blocks}` });
  }
  return readValues(bytes, header, page.offsets, walk);
}

/** The stored sizes of all blocks of a compressed page. @throws tiff_invalid, tiff_truncated */
export async function blockSizes(bytes: FileBytes, header: TiffHeader, page: TiffPage, walk: DirectoryWalk): Promise<Float64Array> {
  if (page.counts === undefined || page.counts.count !== page.offsets.count) {
    throw MaskletError.of("tiff_invalid", { file: bytes.file, why: "a page does not say how long its strips or tiles are" });
  }
  return readValues(bytes, header, page.counts, walk);
}

/** The strips of an uncompressed page as one run of bytes, when they follow each other.
 * @throws tiff_truncated when a strip ends after the file */
export async function stripRun(bytes: FileBytes, header: TiffHeader, page: TiffPage, walk: DirectoryWalk): Promise<number | undefined> {
  const offsets = await blockOffsets(bytes, header, page, walk);
  const rowBytes = page.width * (page.planar === 1 ? page.samples : 1) * (page.bits >> 3);
  const down = Math.ceil(page.height / page.blockRows);
  let expected = offsets[0]!;
  let contiguous = true;
  let end = 0;
  for (let strip = 0; strip < offsets.length; strip++) {
    const rows = Math.min(page.blockRows, page.height - (strip % down) * page.blockRows);
    if (!(offsets[strip]! >= 8)) throw MaskletError.of("tiff_invalid", { file: bytes.file, why: "a strip lies in the header" });
    if (offsets[strip] !== expected) contiguous = false;
    expected = offsets[strip]! + rows * rowBytes;
    end = Math.max(end, expected);
  }
  if (!(end <= bytes.sizeBytes)) throw MaskletError.of("tiff_truncated", { file: bytes.file, needBytes: end, haveBytes: bytes.sizeBytes });
  return contiguous ? offsets[0] : undefined;
}
