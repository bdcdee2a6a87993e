// The label image as OME-Zarr 0.5 (ngff.openmicroscopy.org/0.5): every id exact, a pyramid for viewers, written chunk by chunk.
import { lstat, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isSystemError, MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Spacing, Watch } from "#protocol/types.ts";
import { openZarrLabels } from "#server/volumes/ome-zarr.ts";
import { partOf, writeFault } from "#server/volumes/write-atomic.ts";
import { createZarrArray, writeJson, type ZarrArrayWriter, type ZarrBox, type ZarrSize } from "#server/volumes/zarr-writer.ts";
import { objectColor } from "./object-colors.ts";

export interface LabelsZarrTarget {
  readonly size: ZarrSize;
  /** Micrometres; undefined = not calibrated. */
  readonly spacing?: Spacing | undefined;
  /** For people, in a viewer's list of layers. */
  readonly name: string;
}

export interface WrittenLabels {
  /** The largest id, 0 when there is none. */
  readonly maxId: number;
  readonly levels: number;
}

/** Objects whose colour is written: a viewer reads the metadata whole, and colours repeat after 255 ids anyhow. */
const mostColors = 1024;

/** Levels end when no side in the slice is longer. */
const smallestSide = 256;

/**
 * Writes beside `path` and renames at the end, so a killed run leaves nothing of that name; what was there is replaced only
 * when it is a label image of ours. Memory is flat: at most six chunks of 64 MiB (one given; one being packed, its copy and its
 * packed bytes; for the pyramid one decoded and the box of it), whatever the volume's size.
 *
 * A level takes every second voxel of the one before, never a mean: voxel i of it lies where voxel 2i lay, so a scale alone
 * says where it is. z is halved once its spacing is no larger than that in the slice; without calibration always.
 * @param readLabels ids `[z, y, x]` of a box, in an array that is not used again; called for one chunk after the other, x fastest
 * @throws file_not_written (also for something else of that name), disk_full, shape_invalid, cancelled, and what `readLabels` throws
 */
export async function writeLabelsZarr(path: string, target: LabelsZarrTarget, readLabels: (box: ZarrBox) => Promise<Uint32Array>, watch: Watch = {}): Promise<WrittenLabels> {
  const place = resolve(path);
  await checkReplaceable(place);
  const levels = pyramid(target);
  const total = levels.reduce((sum, { size }) => sum + 4 * size[0] * size[1] * size[2], 0);
  let done = 0;
  const progress = (bytes: number): void => {
    done += bytes;
    watch.onProgress?.({ done, total, unit: "bytes" });
  };
  const temporary = partOf(place);
  await mkdir(temporary).catch((cause: unknown) => { throw writeFault(path, cause); });
  try {
    const first = await createZarrArray(join(temporary, "0"), target.size);
    const maxId = await writeChunks(first, readLabels, progress, watch);
    for (let level = 1; level < levels.length; level++) await reduce(temporary, levels, level, progress, watch);
    await writeJson(join(temporary, "zarr.json"), { zarr_format: 3, node_type: "group", attributes: describe(target, levels, maxId) });
    throwIfCancelled(watch.signal);
    await moveInto(place, temporary);
    return { maxId, levels: levels.length };
  } catch (fault) {
    await rm(temporary, { recursive: true, force: true });
    throw named(fault, path, temporary);
  }
}

/** Files of the temporary folder are ours to know; the caller named the target. */
function named(fault: unknown, path: string, temporary: string): unknown {
  if (!(fault instanceof MaskletError) || !String(fault.details["file"]).startsWith(temporary)) return fault;
  if (fault.code === "disk_full") return MaskletError.of("disk_full", { file: path }, fault);
  return fault.code === "file_not_written" ? MaskletError.of("file_not_written", { file: path, why: String(fault.details["why"]) }, fault) : fault;
}

interface Level {
  readonly size: ZarrSize;
  /** How many voxels of the level before one stands for, along z, y and x. */
  readonly step: ZarrSize;
  /** How many voxels of level 0. */
  readonly factor: ZarrSize;
}

function pyramid({ size, spacing }: LabelsZarrTarget): Level[] {
  const levels: Level[] = [{ size, step: [1, 1, 1], factor: [1, 1, 1] }];
  for (let last = levels[0]!; Math.max(last.size[1], last.size[2]) > smallestSide; last = levels.at(-1)!) {
    const coarse = spacing !== undefined && spacing.z * last.factor[0] > Math.min(spacing.y * last.factor[1], spacing.x * last.factor[2]) * 1.001;
    const step: ZarrSize = [coarse || last.size[0] === 1 ? 1 : 2, 2, 2];
    levels.push({
      step,
      size: [Math.ceil(last.size[0] / step[0]), Math.ceil(last.size[1] / 2), Math.ceil(last.size[2] / 2)],
      factor: [last.factor[0] * step[0], last.factor[1] * 2, last.factor[2] * 2],
    });
  }
  return levels;
}

/** While one chunk is packed and written the next is made. @returns the largest id */
async function writeChunks(array: ZarrArrayWriter, labelsOf: (box: ZarrBox) => Promise<Uint32Array>, progress: (bytes: number) => void, watch: Watch): Promise<number> {
  let largest = 0;
  let writing: Promise<number> = Promise.resolve(0);
  // A fault of the chunk being written is met where it is waited for.
  const settled = (): Promise<unknown> => writing.catch(() => undefined);
  try {
    for (const box of array.boxes()) {
      throwIfCancelled(watch.signal);
      const labels = await labelsOf(box);
      largest = Math.max(largest, await writing);
      writing = array.write(box, labels).then((most) => {
        progress(labels.byteLength);
        return most;
      });
      writing.catch(() => undefined);
    }
    return Math.max(largest, await writing);
  } finally {
    await settled();
  }
}

/** A level from the one before, which is read back from the disk. */
async function reduce(folder: string, levels: readonly Level[], nth: number, progress: (bytes: number) => void, watch: Watch): Promise<void> {
  const { size, step } = levels[nth]!;
  const from = levels[nth - 1]!.size;
  const source = await openZarrLabels(join(folder, String(nth - 1)), 0);
  try {
    const array = await createZarrArray(join(folder, String(nth)), size);
    await writeChunks(array, async (box) => {
      const out = new Uint32Array((box.z[1] - box.z[0]) * (box.y[1] - box.y[0]) * (box.x[1] - box.x[0]));
      for (const part of partsOf(box, from, step, source.chunk)) {
        throwIfCancelled(watch.signal);
        takeEverySecond(out, box, await source.read({ t: 0, c: 0, ...part }, watch.signal), part, step);
      }
      return out;
    }, progress, watch);
  } finally {
    source.close();
  }
}

/** The chunks of the level before that a box of this level takes voxels from. A chunk begins at an even place, or at 0. */
function* partsOf(box: ZarrBox, from: ZarrSize, step: ZarrSize, chunk: { readonly z: number; readonly y: number; readonly x: number }): Generator<ZarrBox> {
  const [zs, ys, xs] = [ranges(box.z, from[0], step[0], chunk.z), ranges(box.y, from[1], step[1], chunk.y), ranges(box.x, from[2], step[2], chunk.x)];
  for (const z of zs) for (const y of ys) for (const x of xs) yield { z, y, x };
}

function ranges([start, end]: readonly [number, number], size: number, step: number, chunk: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const stop = Math.min(size, end * step);
  for (let at = start * step; at < stop; at += chunk) found.push([at, Math.min(stop, at + chunk)]);
  return found;
}

function takeEverySecond(out: Uint32Array, box: ZarrBox, labels: Uint32Array, part: ZarrBox, step: ZarrSize): void {
  const [ny, nx] = [part.y[1] - part.y[0], part.x[1] - part.x[0]];
  const [outY, outX] = [box.y[1] - box.y[0], box.x[1] - box.x[0]];
  for (let z = part.z[0]; z < part.z[1]; z += step[0]) {
    for (let y = part.y[0]; y < part.y[1]; y += step[1]) {
      let from = ((z - part.z[0]) * ny + y - part.y[0]) * nx;
      let to = ((z / step[0] - box.z[0]) * outY + y / step[1] - box.y[0]) * outX + part.x[0] / step[2] - box.x[0];
      for (const end = from + nx; from < end; from += step[2]) out[to++] = labels[from]!;
    }
  }
}

function describe(target: LabelsZarrTarget, levels: readonly Level[], maxId: number): object {
  const { spacing } = target;
  const unit = spacing === undefined ? {} : { unit: "micrometer" };
  const colors = Array.from({ length: Math.min(maxId, mostColors) }, (_, nth) => ({ "label-value": nth + 1, rgba: [...objectColor(nth + 1), 255] }));
  return {
    ome: {
      version: "0.5",
      multiscales: [{
        name: target.name,
        axes: ["z", "y", "x"].map((name) => ({ name, type: "space", ...unit })),
        datasets: levels.map(({ factor }, nth) => ({
          path: String(nth),
          coordinateTransformations: [{ type: "scale", scale: [(spacing?.z ?? 1) * factor[0], (spacing?.y ?? 1) * factor[1], (spacing?.x ?? 1) * factor[2]] }],
        })),
        type: "nearest",
        metadata: { description: "every second voxel of the level before" },
      }],
      "image-label": colors.length === 0 ? {} : { colors },
    },
    masklet: { kind: "labels" },
  };
}

/** @throws file_not_written when something is there that is no label image of ours */
export async function checkReplaceable(path: string): Promise<boolean> {
  const there = await lstat(path).catch((cause: unknown) => {
    if (isSystemError(cause, "ENOENT")) return undefined;
    throw writeFault(path, cause);
  });
  if (there === undefined) return false;
  if (there.isDirectory() && await isOurs(path)) return true;
  throw MaskletError.of("file_not_written", { file: path, why: "something of that name is there that is no label image of Masklet's" });
}

async function isOurs(path: string): Promise<boolean> {
  const text = await readFile(join(path, "zarr.json"), "utf8").catch(() => "");
  return /"masklet": *\{\s*"kind": *"labels"/.test(text);
}

/** A folder cannot be renamed over one that has files in it, so an older one steps aside first; a kill between the two leaves it there, under a name that ends in `.part`. */
async function moveInto(path: string, temporary: string): Promise<void> {
  const aside = partOf(path);
  const replaces = await checkReplaceable(path);
  try {
    if (replaces) await rename(path, aside);
    await rename(temporary, path);
  } catch (cause) {
    if (replaces) await rename(aside, path).catch(() => undefined);
    throw writeFault(path, cause);
  }
  if (replaces) await rm(aside, { recursive: true, force: true });
}
