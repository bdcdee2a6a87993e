// A path a caller names must lie under an allowed folder, after all links are resolved.
import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

/** The path with links resolved. What lies outside the roots is forbidden whether or not it exists.
 * @throws path_forbidden, file_missing, file_unreadable */
export async function resolveAllowed(path: string, roots: readonly string[]): Promise<string> {
  const asked = resolve(path);
  // A root that does not exist holds nothing.
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  const allowed = (real: string): boolean => realRoots.some((root) => root !== undefined && liesIn(real, root));
  try {
    const real = await realpath(asked);
    if (allowed(real)) return real;
  } catch (cause) {
    // Links on the way to what is not there may lead outside, where not even that may be told.
    if (!allowed(await nearestReal(asked))) throw MaskletError.of("path_forbidden", { path }, cause);
    if (isSystemError(cause, "ENOENT", "ENOTDIR")) throw MaskletError.of("file_missing", { file: path }, cause);
    throw MaskletError.of("file_unreadable", { file: path, why: reasonOf(cause) }, cause);
  }
  throw MaskletError.of("path_forbidden", { path });
}

/** The path of the nearest folder above that can be reached, links resolved. */
async function nearestReal(path: string): Promise<string> {
  const folder = dirname(path);
  return folder === path ? path : realpath(folder).catch(() => nearestReal(folder));
}

function liesIn(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
