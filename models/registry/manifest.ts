// What was installed for one model: size and hash of every file, written when they were first trusted.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, isSystemError, reasonOf } from "#protocol/errors.ts";

export interface InstalledFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface InstallManifest {
  readonly id: string;
  /** verified: the files come out of an archive whose published hash was checked; recorded: hashes of the first download. */
  readonly integrity: "verified" | "recorded";
  readonly files: readonly InstalledFile[];
}

export const manifestName = "manifest.json";

/** @returns undefined when the model is not installed. @throws model_damaged when the file is not a manifest */
export async function readManifest(folder: string, id: string): Promise<InstallManifest | undefined> {
  const file = join(folder, manifestName);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (thrown) {
    if (isSystemError(thrown, "ENOENT", "ENOTDIR")) return undefined;
    throw MaskletError.of("model_damaged", { model: id, file: manifestName, why: reasonOf(thrown) }, thrown);
  }
  const manifest = parse(text);
  if (manifest === undefined) throw MaskletError.of("model_damaged", { model: id, file: manifestName, why: "not a list of files" });
  return manifest;
}

function parse(text: string): InstallManifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
  return isManifest(value) ? value : undefined;
}

function isManifest(value: unknown): value is InstallManifest {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string"
    && "integrity" in value && (value.integrity === "verified" || value.integrity === "recorded")
    && "files" in value && Array.isArray(value.files) && value.files.length > 0 && value.files.every(isFile);
}

function isFile(value: unknown): value is InstalledFile {
  return typeof value === "object" && value !== null
    // A plain name: a manifest must not lead out of its folder.
    && "name" in value && typeof value.name === "string" && /^[\w.-]+$/.test(value.name) && !value.name.startsWith(".")
    && "sizeBytes" in value && Number.isSafeInteger(value.sizeBytes) && "sha256" in value && typeof value.sha256 === "string" && /^[0-9a-f]{64}$/.test(value.sha256);
}
