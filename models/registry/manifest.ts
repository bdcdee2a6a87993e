// What was installed for one model: whence it came, and size and hash of every file, written when they were first trusted.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, isSystemError, reasonOf } from "#protocol/errors.ts";
import type { Model } from "#protocol/types.ts";

export interface InstalledFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface InstallManifest {
  readonly id: string;
  /** verified: what they were made from has the published hash; recorded: hashes of the first download. */
  readonly integrity: "verified" | "recorded";
  readonly files: readonly InstalledFile[];
  /** This and all below: missing in what older versions installed. */
  readonly family?: Model["family"];
  readonly licence?: string;
  /** An npm package, an address, or a file's path. */
  readonly source?: string;
  /** UTC, ISO 8601. */
  readonly installedAt?: string;
  /** Of models compiled from a checkpoint. */
  readonly compiled?: Compilation;
}

/** Equal ones, but for the metadata, make equal files. */
export interface Compilation {
  /** Of the checkpoint, lower-case hex. */
  readonly sourceSha256: string;
  readonly sourceBytes: number;
  readonly imageSize: number;
  readonly int8: boolean;
  readonly compilerVersion: number;
  /** What the checkpoint says of itself under `masklet.`. */
  readonly metadata: Readonly<Record<string, string>>;
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
    && "files" in value && Array.isArray(value.files) && value.files.length > 0 && value.files.every(isFile)
    && (!("family" in value) || value.family === "sam1" || value.family === "sam2")
    && (!("licence" in value) || typeof value.licence === "string")
    && (!("source" in value) || typeof value.source === "string")
    && (!("installedAt" in value) || typeof value.installedAt === "string")
    && (!("compiled" in value) || isCompilation(value.compiled));
}

function isFile(value: unknown): value is InstalledFile {
  return typeof value === "object" && value !== null
    // A plain name: a manifest must not lead out of its folder.
    && "name" in value && typeof value.name === "string" && /^[\w.-]+$/.test(value.name) && !value.name.startsWith(".")
    && "sizeBytes" in value && Number.isSafeInteger(value.sizeBytes) && "sha256" in value && isSha256(value.sha256);
}

function isCompilation(value: unknown): value is Compilation {
  return typeof value === "object" && value !== null
    && "sourceSha256" in value && isSha256(value.sourceSha256) && "sourceBytes" in value && Number.isSafeInteger(value.sourceBytes)
    && "imageSize" in value && Number.isSafeInteger(value.imageSize) && "int8" in value && typeof value.int8 === "boolean"
    && "compilerVersion" in value && Number.isSafeInteger(value.compilerVersion)
    && "metadata" in value && typeof value.metadata === "object" && value.metadata !== null && Object.values(value.metadata).every((one) => typeof one === "string");
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
