// A Zarr folder as a volume, and label images in Zarr with every id exact.
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Plane, Shape, Spacing, Watch } from "#protocol/types.ts";
import { createPlaneCache, type PlaneCache } from "./cached-volume.ts";
import { allocatePixels, checkPlane } from "./check-shape.ts";
import { createBoxReader, type BoxReader } from "./ome-zarr-boxes.ts";
import { openChunks, type ZarrChunks } from "./ome-zarr-chunks.ts";
import { findImage, type ZarrImage } from "./ome-zarr-image.ts";
import { dtypeOfKind, inOrder, type Samples } from "./ome-zarr-samples.ts";
import type { Pixels, VolumeSource, VoxelBox } from "./source.ts";

/** Opens level 0 of a folder's first image. Decoded chunks are kept in the cache, 256 MiB when none is given.
 * @throws zarr_invalid, zarr_unsupported, shape_invalid, file_unreadable, cancelled */
export async function openOmeZarr(path: string, options: Watch & { readonly cache?: PlaneCache | undefined } = {}): Promise<VolumeSource> {
  throwIfCancelled(options.signal);
  const image = await findImage(path);
  const chunks = await openChunks(image.array);
  const { shape, spacing, displayRange } = image;
  const dtype = dtypeOfKind(image.array.kind);
  const like = (count: number): Pixels => allocatePixels(dtype, count);
  const isAlike = (samples: Samples): samples is Pixels => samples.constructor === like(0).constructor;
  const boxes = createBoxReader(image, chunks, {
    dtype, like, cache: options.cache ?? createPlaneCache(limits.zarrCacheBytes),
    convert: (chunk) => inOrder(chunk, image.array.kind, like, isAlike),
  });
  return {
    name: basename(resolve(path)), shape, dtype, rgb: false, spacing, displayRange,
    chunk: boxes.chunk, missingChunks: boxes.missing, read: boxes.read,
    planeKey: planeKeys(image, chunks, boxes),
    close: async () => boxes.close(),
  };
}

export interface ZarrLabels {
  readonly name: string;
  readonly shape: Shape;
  readonly spacing: Spacing | undefined;
  /** What is stored as one. */
  readonly chunk: NonNullable<VolumeSource["chunk"]>;
  /** Ids `[z, y, x]` in a new array. @throws as `VolumeSource.read`, and zarr_invalid for a label below 0 or above 2^32 - 1 */
  read(box: VoxelBox, signal?: AbortSignal): Promise<Uint32Array>;
  missingChunks(): number;
  close(): void;
}

/** A label image (a standalone one or a group's `labels/<name>`) of any kind of whole numbers, whose ids a float32 would round.
 * @param cacheBytes of decoded chunks that are kept @throws as openOmeZarr, zarr_unsupported also for real numbers */
export async function openZarrLabels(path: string, cacheBytes: number = limits.zarrCacheBytes): Promise<ZarrLabels> {
  const image = await findImage(path);
  const { array, shape, spacing } = image;
  const file = array.meta.file;
  if (array.kind.startsWith("float")) throw MaskletError.of("zarr_unsupported", { file, why: `label ids are whole numbers and its dtype is ${array.kind}` });
  checkLabels([array.fill], file);
  const like = (count: number): Uint32Array => new Uint32Array(count);
  const isAlike = (samples: Samples): samples is Uint32Array<ArrayBuffer> => samples instanceof Uint32Array;
  const boxes = createBoxReader(image, await openChunks(array), {
    dtype: "float32", like, cache: createPlaneCache<Uint32Array>(cacheBytes),
    convert: (chunk, name) => {
      if (!array.kind.startsWith("uint") || array.kind === "uint64") checkLabels(chunk.samples, name);
      return inOrder(chunk, array.kind, like, isAlike);
    },
  });
  return { name: basename(resolve(path)), shape, spacing, chunk: boxes.chunk, read: boxes.read, missingChunks: boxes.missing, close: boxes.close };
}

function checkLabels(samples: Iterable<number | bigint>, file: string): void {
  for (const value of samples) if (value < 0 || value >= 2 ** 32) throw MaskletError.of("zarr_invalid", { file, why: `it has a label ${value}, where ids are 0 to ${2 ** 32 - 1}` });
}

/** Path, metadata with its time of change, and size and time of each chunk file under the plane, as they were when first asked for. */
function planeKeys(image: ZarrImage, chunks: ZarrChunks, boxes: BoxReader<Pixels>): VolumeSource["planeKey"] {
  const hash = createHash("sha256").update(`${image.array.folder}\n`);
  for (const { file, text, mtimeMs } of image.files) hash.update(`${file}\n${mtimeMs}\n${text}\n`);
  const identity = hash.digest("hex").slice(0, 32);
  const layers = new Map<string, Promise<string>>();

  const stateOf = async (plane: Plane): Promise<string> => {
    const files = new Set<string>();
    for (const { place } of boxes.places({ ...plane, z: [plane.z, plane.z + 1], y: [0, image.shape.y], x: [0, image.shape.x] })) files.add(chunks.fileOf(place));
    const layer = createHash("sha256");
    for (const file of files) {
      const found = await stat(file).catch(() => undefined);
      layer.update(`${file}\n${found?.size}\n${found?.mtimeMs}\n`);
    }
    return layer.digest("hex").slice(0, 32);
  };
  return async (plane, signal) => {
    throwIfCancelled(signal);
    checkPlane(image.shape, plane);
    const layer = `${plane.t}/${plane.c}/${Math.floor(plane.z / boxes.chunk.z)}`;
    const state = layers.get(layer) ?? stateOf(plane);
    layers.set(layer, state);
    return `${identity}-${await state}-${plane.t}-${plane.c}-${plane.z}`;
  };
}
