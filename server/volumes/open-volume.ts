// Opens a file as a volume with the reader its bytes ask for, or a folder that says it is Zarr.
import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Plane, Watch } from "#protocol/types.ts";
import { checkBlocks, readBlockBox } from "./block-tiff.ts";
import type { PlaneCache } from "./cached-volume.ts";
import { checkPlane } from "./check-shape.ts";
import { openFileBytes, type FileBytes } from "./file-bytes.ts";
import { findImage, isZarrFolder } from "./ome-zarr-image.ts";
import { readPlainBox, type PlainPage } from "./positional-tiff.ts";
import type { VolumeSource } from "./source.ts";
import { dtypeOf, layOut, promisedPages, type TiffLayout } from "./tiff-layout.ts";
import { checkCoding } from "./tiff-decode.ts";
import { readTiffHeader, readTiffPage, type DirectoryWalk, type TiffHeader, type TiffPage } from "./tiff-directory.ts";
import { blockGrid, stripRun } from "./tiff-strips.ts";

/** Opens a TIFF or a Zarr folder as it lies on the disk; only directories and metadata are read. A TIFF stays open until `close`.
 * @param cache for the decoded chunks of a Zarr volume, which keeps them itself
 * @throws file_missing, file_unreadable, tiff_invalid, tiff_truncated, tiff_unsupported, zarr_invalid, zarr_unsupported, shape_invalid, cancelled */
export async function openVolume(path: string, watch: Watch = {}, cache?: PlaneCache): Promise<VolumeSource> {
  // The reader of Zarr is loaded by those who need it.
  if (await isZarrFolder(path)) return (await import("./ome-zarr.ts")).openOmeZarr(path, { ...watch, cache });
  const bytes = await openFileBytes(path);
  try {
    return await openTiff(bytes, watch);
  } catch (fault) {
    await bytes.close();
    throw fault;
  }
}

/** Size and time of change, by which a volume is known again: of a file, or of the metadata files of a Zarr folder, which has none of its own.
 * @throws file_missing, and as openVolume for a Zarr folder */
export async function volumeState(path: string): Promise<{ readonly sizeBytes: number; readonly mtimeMs: number }> {
  if (await isZarrFolder(path)) {
    const { files } = await findImage(path);
    return { sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0), mtimeMs: Math.max(...files.map((file) => file.mtimeMs)) };
  }
  const { size, mtimeMs } = await stat(path).catch((cause: unknown) => { throw MaskletError.of("file_missing", { file: path }, cause); });
  return { sizeBytes: size, mtimeMs };
}

async function openTiff(bytes: FileBytes, watch: Watch): Promise<VolumeSource> {
  const header = await readTiffHeader(bytes);
  const walk: DirectoryWalk = { values: 0, seen: new Set() };
  const first = await readTiffPage(bytes, header, header.firstAt, walk);
  dtypeOf(first.page, bytes.file);
  checkCoding(first.page, bytes.file);
  blockGrid(first.page, bytes.file);
  const planeBytes = first.page.width * first.page.height * first.page.samples * (first.page.bits >> 3);

  if (isPlain(first.page)) {
    const promised = promisedPages(first.page);
    const runAt = await stripRun(bytes, header, first.page, walk);
    // ImageJ looks at no further directory when its description promises the planes: they follow each other.
    if (promised > 1 && runAt !== undefined && (first.nextAt === 0 || runAt + promised * planeBytes <= bytes.sizeBytes)) {
      const layout = layOut(first.page, promised, bytes.file);
      const needBytes = runAt + promised * planeBytes;
      if (needBytes > bytes.sizeBytes) throw MaskletError.of("tiff_truncated", { file: bytes.file, needBytes, haveBytes: bytes.sizeBytes });
      return plainSource(bytes, header, layout, (index) => ({ page: first.page, runAt: runAt + index * planeBytes }));
    }
  }
  const pages = await readChain(bytes, header, first, walk, watch);
  const layout = layOut(first.page, pages.length, bytes.file);
  if (!isPlain(first.page)) {
    for (const page of pages) {
      throwIfCancelled(watch.signal);
      await checkBlocks(bytes, header, page, walk);
    }
    return fileSource(bytes, layout, (box, signal) => readBlockBox({ bytes, header, layout, pages }, box, signal));
  }
  const plain: PlainPage[] = [];
  for (const page of pages) plain.push({ page, runAt: await stripRun(bytes, header, page, walk) });
  return plainSource(bytes, header, layout, (index) => plain[index]!);
}

function isPlain(page: TiffPage): boolean {
  return page.compression === 1 && !page.tiled;
}

/** All pages that look like the first; smaller copies (pyramids, thumbnails) are left out. */
async function readChain(bytes: FileBytes, header: TiffHeader, first: { page: TiffPage; nextAt: number }, walk: DirectoryWalk, watch: Watch): Promise<TiffPage[]> {
  const pages = [first.page];
  for (let at = first.nextAt; at !== 0;) {
    throwIfCancelled(watch.signal);
    const { page, nextAt } = await readTiffPage(bytes, header, at, walk);
    at = nextAt;
    if (page.reduced) continue;
    for (const member of ["width", "height", "samples", "bits", "format", "planar", "compression", "predictor", "tiled"] as const) {
      if (page[member] !== first.page[member]) {
        throw MaskletError.of("tiff_unsupported", { file: bytes.file, why: `its pages differ in ${member} (${first.page[member]} and ${page[member]})` });
      }
    }
    pages.push(page);
  }
  return pages;
}

async function plainSource(bytes: FileBytes, header: TiffHeader, layout: TiffLayout, page: (index: number) => PlainPage): Promise<VolumeSource> {
  return fileSource(bytes, layout, (box, signal) => readPlainBox({ bytes, header, layout, page }, box, signal));
}

/** A volume in a file; its planes are named by path, size and time of change, so an edited file has other names. */
async function fileSource(bytes: FileBytes, layout: TiffLayout, read: VolumeSource["read"]): Promise<VolumeSource> {
  const identity = createHash("sha256").update(`${await realpath(bytes.file)}\n${bytes.sizeBytes}\n${bytes.mtimeMs}`).digest("hex").slice(0, 32);
  const { shape, dtype, rgb, spacing, displayRange } = layout;
  return {
    name: basename(bytes.file), shape, dtype, rgb, spacing, displayRange, read,
    planeKey: async (plane: Plane) => {
      checkPlane(shape, plane);
      return `${identity}-${plane.t}-${plane.c}-${plane.z}`;
    },
    close: () => bytes.close(),
  };
}
