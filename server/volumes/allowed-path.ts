// A path a caller names must lie under an allowed folder, after all links are resolved.
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

/** The path with links resolved. What lies outside the roots is forbidden whether or not it exists.
 * @throws path_forbidden, file_missing, file_unreadable */
export async function resolveAllowed(path: string, roots: readonly string[]): Promise<string> {
  const asked = resolve(path);
  let real: string;
  try {
    real = await realpath(asked);
  } catch (cause) {
    if (!roots.some((root) => liesIn(asked, resolve(root)))) throw MaskletError.of("path_forbidden", { path }, cause);
    if (isSystemError(cause, "ENOENT", "ENOTDIR")) throw MaskletError.of("file_missing", { file: path }, cause);
    throw MaskletError.of("file_unreadable", { file: path, why: reasonOf(cause) }, cause);
  }
  for (const root of roots) {
    // A root that does not exist holds nothing.
    const realRoot = await realpath(root).catch(() => undefined);
    if (realRoot !== undefined && liesIn(real, realRoot)) return real;
  }
  throw MaskletError.of("path_forbidden", { path });
}

function liesIn(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
