// Masks as the files a person asked for.
import { access, constants, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import type { Mask, Overlap, Shape, Spacing } from "#protocol/types.ts";
import { partOf, writeFault } from "#server/volumes/write-atomic.ts";
import { exporter } from "../exporter.ts";
import type { Options } from "./options.ts";

export interface ResultPaths {
  readonly labels?: string | undefined;
  readonly rois?: string | undefined;
  readonly geojson?: string | undefined;
  readonly csv?: string | undefined;
}

export interface Measured {
  readonly shape: Shape;
  readonly spacing: Spacing | undefined;
}

export const resultOptions = { rois: "text", geojson: "text", csv: "text" } as const;

export function resultPaths(options: Options): ResultPaths {
  return { rois: options.text("rois"), geojson: options.text("geojson"), csv: options.text("csv") };
}

/**
 * Said before anything slow is begun, not after; and nothing a person gave is written over.
 * @param inputs files that are read
 * @throws file_not_written, usage when a result would replace an input or another result
 */
export async function checkResultPaths(paths: ResultPaths & { readonly report?: string | undefined; readonly prompts?: string | undefined; readonly objects?: string | undefined; readonly json?: string | undefined; readonly clusters?: string | undefined }, inputs: readonly string[] = []): Promise<void> {
  const taken = new Map<string, string>();
  for (const input of inputs) taken.set(await realpath(input).catch(() => resolve(input)), "that is read");
  for (const path of Object.values(paths)) {
    if (path === undefined) continue;
    const folder = dirname(path);
    const refuse = (why: string, cause?: unknown): MaskletError => MaskletError.of("file_not_written", { file: path, why }, cause);
    const about = await stat(folder).catch((cause: unknown) => { throw refuse(`the folder ${folder} is not there`, cause); });
    if (!about.isDirectory()) throw refuse(`${folder} is not a folder`);
    await access(folder, constants.W_OK).catch((cause: unknown) => { throw refuse(`nothing may be written into ${folder}`, cause); });
    // What is not there yet is no folder, and has its own name in a folder that has one.
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() === true) {
      if (!/\.zarr\/?$/i.test(path)) throw refuse("it is a folder");
      const { checkReplaceable } = await import("#server/exports/labels-zarr.ts");
      await checkReplaceable(resolve(path));
    }
    const whole = there === undefined ? join(await realpath(folder), basename(path)) : await realpath(path);
    const other = taken.get(whole);
    if (other !== undefined) throw MaskletError.of("usage", { why: `${path} would be written over a file ${other}; give each result a name of its own.` });
    taken.set(whole, "of another result");
  }
}

/** @returns the paths written. @throws disk_full, file_not_written, labels_too_many */
export async function writeResults(paths: ResultPaths, volume: Measured, masks: readonly Mask[], overlap: Overlap): Promise<string[]> {
  const scene = { volume, masks, overlap };
  if (paths.labels !== undefined) await exporter.labels(paths.labels, scene, {});
  if (paths.rois !== undefined) await writeResult(paths.rois, exporter.rois(scene));
  if (paths.geojson !== undefined) await writeResult(paths.geojson, exporter.geojson(scene));
  if (paths.csv !== undefined) await writeResult(paths.csv, await exporter.measurements(scene, {}));
  return [paths.labels, paths.rois, paths.geojson, paths.csv].filter((path) => path !== undefined);
}

/** Whole, or the file of that name stays as it was. @param content pieces of text where they would not fit into one @throws disk_full, file_not_written */
export async function writeResult(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  const part = partOf(path);
  try {
    await writeFile(part, content, { flag: "wx" });
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    throw writeFault(path, cause);
  }
}
