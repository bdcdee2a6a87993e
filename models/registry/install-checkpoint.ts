// A model out of a file of weights: compiled into graphs in a folder of its own, then put in place.
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { MaskletError, asMaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import type { CatalogueEntry, CheckpointSource } from "./catalogue.ts";
import type { CompileOptions, OpenForCompiling, OpenedCheckpoint } from "./checkpoint-compiler.ts";
import { checkHashes, stampOf } from "./check-files.ts";
import { gitBlobOfFile, sha256OfFile } from "./file-hash.ts";
import { readManifest } from "./manifest.ts";
import type { Compilation, InstallManifest } from "./manifest.ts";
import { placeModel, writeManifest } from "./model-folders.ts";
import { modelIdOf, requireModelId } from "./model-id.ts";
import { downloadFile } from "./resumable-download.ts";
import { fileNameOf, isAddress, requireAddress } from "./web-address.ts";

export type InstallPart = "downloading" | "reading" | "compiling" | "hashing";

export interface InstallWatch extends Watch {
  /** Said before the progress of each part. */
  readonly onPart?: ((part: InstallPart) => void) | undefined;
}

export interface CheckpointRequest extends CompileOptions {
  /** A file's path, or an address. */
  readonly source: string;
  /** Default: made of the file's name. */
  readonly id?: string | undefined;
}

export interface InstallSurroundings {
  /** The folder of all models. */
  readonly root: string;
  readonly catalogue: readonly CatalogueEntry[];
  readonly openForCompiling: OpenForCompiling;
  readonly onLog: (line: string) => void;
}

export interface Installed {
  readonly id: string;
  /** The same content was there with the same settings: nothing was done. */
  readonly already: boolean;
}

/** Folder of unfinished downloads, among the models. */
const DOWNLOADS = ".downloads";

/** Faults of the content: a second try with the same file would meet them again. */
const FAULTS_OF_CONTENT: readonly string[] = ["checkpoint_invalid", "checkpoint_unsupported", "checkpoint_mismatch", "checkpoint_metadata", "weights_not_finite", "file_unreadable"];

/** @throws usage, model_exists, download_failed, disk_full, file_not_written, cancelled, and what opening and compiling the file throw */
export async function installCheckpoint(request: CheckpointRequest, around: InstallSurroundings, watch: InstallWatch): Promise<Installed> {
  if (request.id !== undefined) requireModelId(request.id);
  throwIfCancelled(watch.signal);
  if (!isAddress(request.source)) return installFile(resolve(request.source), basename(request.source), resolve(request.source), request, around, watch);
  const url = requireAddress(request.source);
  const there = await alreadyFrom(request, around);
  if (there !== undefined) return { id: there, already: true };
  const published = around.catalogue.map((entry) => entry.source).find((one): one is CheckpointSource => one.kind === "checkpoint" && one.address === request.source);
  watch.onPart?.("downloading");
  const file = await downloadFile({ model: request.id ?? fileNameOf(url), address: request.source, folder: join(around.root, DOWNLOADS), sizeBytes: published?.sizeBytes }, watch);
  try {
    const installed = await installFile(file.path, fileNameOf(url), request.source, request, around, watch);
    await file.discard();
    return installed;
  } catch (thrown) {
    if (FAULTS_OF_CONTENT.includes(asMaskletError(thrown).code)) await file.discard();
    throw thrown;
  }
}

/** @param name of the file as its publisher calls it @param source what the manifest says */
async function installFile(path: string, name: string, source: string, request: CheckpointRequest, around: InstallSurroundings, watch: InstallWatch): Promise<Installed> {
  // Opened first: a file that is none is told in a moment, a hash of it takes longer.
  const checkpoint = await around.openForCompiling(path, { imageSize: request.imageSize, int8: request.int8 });
  try {
    const id = request.id ?? modelIdOf(name, suffixesOf(checkpoint, request));
    requireFamily(id, checkpoint, around);
    watch.onPart?.("reading");
    const before = await stampOfSource(path);
    const compiled: Compilation = {
      sourceSha256: await sha256OfFile(path, watch), sourceBytes: before.size, imageSize: checkpoint.imageSize, int8: request.int8,
      compilerVersion: checkpoint.compilerVersion, metadata: ownMetadata(checkpoint.metadata),
    };
    if (await isThere(id, compiled, around)) return { id, already: true };
    const integrity = await integrityOf(path, id, name, compiled, around, watch);
    await placeModel(around.root, id, async (ready) => {
      watch.onPart?.("compiling");
      await checkpoint.compile(ready, compiled.sourceSha256, watch);
      const after = await stampOfSource(path);
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw MaskletError.of("checkpoint_invalid", { file: path, why: "it was written to while it was read" });
      watch.onPart?.("hashing");
      await writeManifest(ready, { id, family: checkpoint.family, licence: licenceOf(source, compiled, around), source, integrity, installedAt: new Date().toISOString(), compiled }, watch);
      throwIfCancelled(watch.signal);
    });
    return { id, already: false };
  } finally {
    await checkpoint.close();
  }
}

function suffixesOf(checkpoint: OpenedCheckpoint, request: CheckpointRequest): string[] {
  return [...(checkpoint.imageSize === checkpoint.defaultImageSize ? [] : [String(checkpoint.imageSize)]), ...(request.int8 ? ["int8"] : [])];
}

/** An id of the catalogue keeps its meaning. */
function requireFamily(id: string, checkpoint: OpenedCheckpoint, { catalogue }: InstallSurroundings): void {
  const entry = catalogue.find((one) => one.id === id);
  if (entry !== undefined && (entry.family !== checkpoint.family || entry.source.kind === "package")) {
    throw MaskletError.of("usage", { why: `${id} is the id of another model; give this one its own with --id.` });
  }
}

/**
 * Whether this very model is installed and whole.
 * @throws model_exists when another one has its id
 */
async function isThere(id: string, compiled: Compilation, around: InstallSurroundings): Promise<boolean> {
  const manifest = await readManifest(join(around.root, id), id).catch((thrown: unknown) => {
    if (asMaskletError(thrown).code === "model_damaged") return undefined;
    throw thrown;
  });
  if (manifest === undefined) return false;
  const { sourceSha256, imageSize, int8 } = manifest.compiled ?? {};
  if (sourceSha256 !== compiled.sourceSha256 || imageSize !== compiled.imageSize || int8 !== compiled.int8) {
    throw MaskletError.of("model_exists", { model: id, source: manifest.source ?? "elsewhere" });
  }
  return manifest.compiled?.compilerVersion === compiled.compilerVersion && isWhole(id, manifest, around);
}

/** The id under which an address was installed before with the same settings, if that is whole. */
async function alreadyFrom(request: CheckpointRequest, around: InstallSurroundings): Promise<string | undefined> {
  const id = request.id ?? around.catalogue.find((entry) => entry.source.kind === "checkpoint" && entry.source.address === request.source)?.id;
  if (id === undefined || (request.id === undefined && (request.imageSize !== undefined || request.int8))) return undefined;
  const manifest = await readManifest(join(around.root, id), id).catch(() => undefined);
  if (manifest?.compiled === undefined || manifest.source !== request.source || manifest.compiled.int8 !== request.int8) return undefined;
  if (request.imageSize !== undefined && manifest.compiled.imageSize !== request.imageSize) return undefined;
  return (await isWhole(id, manifest, around)) ? id : undefined;
}

async function isWhole(id: string, manifest: InstallManifest, { root }: InstallSurroundings): Promise<boolean> {
  try {
    await stampOf(id, join(root, id), manifest);
    await checkHashes(id, join(root, id), manifest, {});
    return true;
  } catch (thrown) {
    if (asMaskletError(thrown).code === "model_damaged") return false;
    throw thrown;
  }
}

/** Most of the catalogue's hashes are not the publisher's own: a file that differs is used, and called recorded. */
async function integrityOf(path: string, id: string, name: string, compiled: Compilation, { catalogue, onLog }: InstallSurroundings, watch: Watch): Promise<InstallManifest["integrity"]> {
  const known = catalogue.filter((entry): entry is CatalogueEntry & { source: CheckpointSource } => entry.source.kind === "checkpoint");
  if (known.some(({ source }) => isContent(source, compiled))) return "verified";
  const claimed = known.find((entry) => entry.id === id || entry.source.address.endsWith(`/${name}`));
  if (claimed === undefined) return "recorded";
  const { kind, hash } = claimed.source.published;
  const found = kind === "sha256" ? compiled.sourceSha256 : await gitBlobOfFile(path, watch);
  if (found === hash) return "verified";
  const called = kind === "sha256" ? "SHA-256" : "Git blob";
  onLog(`Warning: ${name} (${compiled.sourceBytes} bytes, ${called} ${found}) is not the ${claimed.id} that others have recorded (${called} ${hash}). It is installed as recorded, not verified.`);
  return "recorded";
}

function isContent({ published }: CheckpointSource, { sourceSha256 }: Compilation): boolean {
  return published.kind === "sha256" && published.hash === sourceSha256;
}

/** What the file says, else what is known of that very content, or of that very address. */
function licenceOf(source: string, compiled: Compilation, { catalogue }: InstallSurroundings): string {
  const own = compiled.metadata["masklet.licence"];
  if (own !== undefined) return own;
  const known = catalogue.find((entry) => entry.source.kind === "checkpoint" && (isContent(entry.source, compiled) || entry.source.address === source));
  return known?.licence ?? "licence not stated";
}

/** Other keys are the trainer's and may be long. */
export function ownMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key.startsWith("masklet.")));
}

async function stampOfSource(path: string): Promise<{ size: number; mtimeMs: number }> {
  try {
    return await stat(path);
  } catch (thrown) {
    throw MaskletError.of("file_missing", { file: path }, thrown);
  }
}
