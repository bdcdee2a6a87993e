// A set's folder is there whole or not at all; nothing that is not a set of ours is replaced.
import { lstat, mkdir, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { isSystemError, MaskletError } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import { partOf, writeFault } from "#server/volumes/write-atomic.ts";

/** Lies in every folder that was written here, so that it may be written again. */
const markFile = ".masklet-dataset";

/** Files of a set that is being written; paths are relative, with `/`. */
export interface SetFolder {
  /** Where it lies until it is whole. */
  readonly path: string;
  write(name: string, bytes: Uint8Array | string): Promise<void>;
  /** Puts text behind what was appended before; the file is made where it is not there. */
  append(name: string, text: string): Promise<void>;
}

/**
 * @param inputs files and folders that are read
 * @throws file_not_written when something is there that is no set of ours and no empty folder; usage when an input lies in it, which would go with it
 */
export async function checkSetTarget(target: string, inputs: readonly string[]): Promise<void> {
  const place = resolve(target);
  if (!(await replaces(place))) return;
  const old = await realpath(place);
  for (const input of inputs) {
    const way = relative(old, await realpath(input).catch(() => resolve(input)));
    if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) throw MaskletError.of("usage", { why: `${input} lies in ${target}, which would be written over; give --output another name.` });
  }
}

/** Fills a folder beside the target and renames it; what `fill` throws leaves everything as it was. @throws file_not_written, disk_full, and what `fill` throws */
export async function writeSetFolder<T>(target: string, fill: (folder: SetFolder) => Promise<T>): Promise<T> {
  const place = resolve(target);
  await replaces(place);
  await makeFolder(dirname(place));
  const temporary = partOf(place);
  const made = new Set<string>();
  const put = async (name: string, bytes: Uint8Array | string, flag: "wx" | "a"): Promise<void> => {
    const path = join(temporary, name);
    try {
      if (!made.has(dirname(path))) await mkdir(dirname(path), { recursive: true });
      made.add(dirname(path));
      await writeFile(path, bytes, { flag });
    } catch (cause) {
      throw writeFault(join(target, name), cause);
    }
  };
  await mkdir(temporary).catch((cause: unknown) => { throw writeFault(target, cause); });
  try {
    await put(markFile, "This folder was written by masklet and may be replaced by it.\n", "wx");
    const result = await fill({ path: temporary, write: (name, bytes) => put(name, bytes, "wx"), append: (name, text) => put(name, text, "a") });
    await moveInto(place, temporary);
    return result;
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true });
    throw thrown;
  }
}

/** @returns whether something of ours is there. */
async function replaces(place: string): Promise<boolean> {
  const there = await lstat(place).catch((cause: unknown) => {
    if (isSystemError(cause, "ENOENT")) return undefined;
    throw writeFault(place, cause);
  });
  if (there === undefined) return false;
  const names = there.isDirectory() ? await readdir(place) : undefined;
  if (names !== undefined && (names.length === 0 || names.includes(markFile))) return true;
  throw MaskletError.of("file_not_written", { file: place, why: "something of that name is there that is no training set written by masklet" });
}

/** A folder cannot be renamed over one that has files in it, so an older one steps aside first; a kill between the two leaves it there, under a name that ends in `.part`. */
async function moveInto(place: string, temporary: string): Promise<void> {
  const aside = partOf(place);
  const older = await replaces(place);
  try {
    if (older) await rename(place, aside);
    await rename(temporary, place);
  } catch (cause) {
    if (older) await rename(aside, place).catch(() => undefined);
    throw writeFault(place, cause);
  }
  if (older) await rm(aside, { recursive: true, force: true });
}
