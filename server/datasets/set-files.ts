// The files of a set that somebody gave us: read by names that lead nowhere else, and no larger than is sensible.
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, MaskletError } from "#protocol/errors.ts";
import { resolveAllowed } from "#server/volumes/allowed-path.ts";

export interface SetFiles {
  /** As it was given, for people. */
  readonly folder: string;
  /** The path of a file, links resolved. @throws path_forbidden for one that leads out, file_missing, file_unreadable */
  path(name: string): Promise<string>;
  /** @throws as `path`, too_large */
  read(name: string, maxBytes: number): Promise<Uint8Array>;
  /** Names in a folder, sorted; none when it is not there. */
  names(name: string): Promise<string[]>;
  /** Folders in a folder, sorted. */
  folders(name: string): Promise<string[]>;
}

/** @throws file_missing */
export async function openSetFiles(folder: string): Promise<SetFiles> {
  const root = await realpath(folder).catch((cause: unknown) => { throw MaskletError.of("file_missing", { file: folder }, cause); });
  const path = async (name: string): Promise<string> => {
    // Back strokes part folders on Windows alone: a set must mean the same everywhere.
    if (name === "" || /^[/\\]|^[A-Za-z]:|\\|\0/.test(name) || name.split("/").includes("..")) throw MaskletError.of("path_forbidden", { path: name.slice(0, 200) });
    return resolveAllowed(join(root, name), [root]);
  };
  const entries = async (name: string) => {
    const place = name === "" ? root : await path(name).catch(absent);
    if (place === undefined) return [];
    const found = await readdir(place, { withFileTypes: true }).catch(absent);
    return (found ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  return {
    folder, path,
    read: async (name, maxBytes) => {
      const place = await path(name);
      const { size } = await stat(place);
      if (size > maxBytes) throw MaskletError.of("too_large", { what: `file ${name}`, size, limit: maxBytes, limitName: "maxDatasetJsonBytes" });
      return new Uint8Array(await readFile(place).catch((cause: unknown) => { throw MaskletError.of("file_unreadable", { file: name, why: isSystemError(cause, "EISDIR") ? "it is a folder" : String(cause) }, cause); }));
    },
    names: async (name) => (await entries(name)).map((entry) => entry.name),
    folders: async (name) => (await entries(name)).filter((entry) => entry.isDirectory()).map((entry) => entry.name),
  };
}

function absent(cause: unknown): undefined {
  if (isSystemError(cause, "ENOENT", "ENOTDIR") || (cause instanceof MaskletError && cause.code === "file_missing")) return undefined;
  throw cause;
}
