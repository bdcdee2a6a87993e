// Ids of models: folder names, so they are checked before they become a path.
import { MaskletError } from "#protocol/errors.ts";

const LONGEST = 64;

/** @throws usage */
export function requireModelId(id: string): string {
  // Lower case alone, because some file systems take `Tiny` and `tiny` for one folder; a letter or digit first, so that no id is hidden or a path.
  if (id === "auto" || id.length > LONGEST || !/^[a-z0-9][a-z0-9._-]*$/.test(id) || id.endsWith(".")) {
    throw MaskletError.of("usage", { why: `"${id}" cannot be a model's id: use up to ${LONGEST} of a-z, 0-9, dot, dash and underscore, a letter or digit first.` });
  }
  return id;
}

/**
 * `sam2.1_hiera_tiny.pt` -> `sam2.1-tiny`.
 * @param fileName without folders
 * @param suffixes what sets it apart from the same file installed as it is
 * @throws usage when nothing of the name can be used
 */
export function modelIdOf(fileName: string, suffixes: readonly string[]): string {
  const stem = fileName.toLowerCase().replace(/\.(pt|pth|bin|safetensors)$/, "").replace(/_hiera(?=_|$)/, "");
  const plain = stem.replace(/[^a-z0-9.]+/g, "-").replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  if (plain === "") throw MaskletError.of("usage", { why: `No id can be made of the file name "${fileName}"; give one with --id.` });
  const end = suffixes.map((suffix) => `-${suffix}`).join("");
  return requireModelId(plain.slice(0, LONGEST - end.length) + end);
}
