// The file of weights that a training begins from: a file as it is, or what an installed or known model was compiled from.
import { mkdir, rename, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import { models } from "#models/registry/catalogue.ts";
import type { CatalogueEntry } from "#models/registry/catalogue.ts";
import { isFromBox } from "#models/registry/compile-embedded.ts";
import { embeddedFolder, openEmbedded, requireSound } from "#models/registry/embedded.ts";
import { sha256OfFile } from "#models/registry/file-hash.ts";
import { readManifest } from "#models/registry/manifest.ts";
import { requireModelId } from "#models/registry/model-id.ts";
import { downloadFile } from "#models/registry/resumable-download.ts";
import { fileNameOf, isAddress, requireAddress } from "#models/registry/web-address.ts";

export interface BaseFile {
  readonly path: string;
  /** Of the weights, where it is known from elsewhere than the file. */
  readonly licence: string | undefined;
}

interface Origin {
  readonly source: string;
  readonly licence: string | undefined;
  /** Of what was installed. */
  readonly sha256: string | undefined;
}

/**
 * Compiled models do not hold their checkpoint, so one that was downloaded is downloaded once more, and kept. What comes with
 * Masklet is there as a file.
 * @param base a file's path, or a model's id
 * @throws file_missing, base_unavailable, model_unknown, model_damaged, embedded_damaged, download_failed, disk_full, cancelled
 */
export async function baseCheckpoint(base: string, home: string, watch: Watch = {}): Promise<BaseFile> {
  if (await isFile(base)) return { path: base, licence: await publishedLicence(base, watch) };
  if (/[/\\]|\.(pt|pth|safetensors)$/.test(base)) throw MaskletError.of("file_missing", { file: base });
  const boxed = await inBox(requireModelId(base), home);
  if (boxed !== undefined) return boxed;
  const { source, sha256, licence } = await originOf(base, home);
  if (!isAddress(source)) {
    if (!(await isFile(source))) throw MaskletError.of("base_unavailable", { model: base, why: `the file it was made from is gone (${source})` });
    if (sha256 !== undefined && (await sha256OfFile(source, watch)) !== sha256) throw MaskletError.of("base_unavailable", { model: base, why: `the file it was made from has changed since (${source})` });
    return { path: source, licence };
  }
  const name = fileNameOf(requireAddress(source));
  const folder = join(home, "finetune-bases");
  const kept = join(folder, `${base}${extname(name) || ".pt"}`);
  if (await isFile(kept)) {
    if (sha256 === undefined || (await sha256OfFile(kept, watch)) === sha256) return { path: kept, licence };
  }
  const downloaded = await downloadFile({ model: base, address: source, folder }, watch);
  if (sha256 !== undefined && (await sha256OfFile(downloaded.path, watch)) !== sha256) {
    await downloaded.discard();
    throw MaskletError.of("base_unavailable", { model: base, why: "what its address gives today is not what was installed" });
  }
  await mkdir(folder, { recursive: true });
  await rename(downloaded.path, kept);
  await downloaded.discard();
  return { path: kept, licence };
}

/** @returns undefined when it does not come with Masklet, or somebody installed other weights under its id */
async function inBox(id: string, home: string): Promise<BaseFile | undefined> {
  const entry = models.find((one) => one.id === id);
  const weights = await weightsInBox(entry);
  if (entry === undefined || weights === undefined) return undefined;
  const manifest = await readManifest(join(home, "models", id), id).catch(() => undefined);
  if (manifest !== undefined && !isFromBox(manifest)) return undefined;
  requireSound(id, weights);
  return { path: weights.path, licence: entry.licence };
}

async function weightsInBox(entry: CatalogueEntry | undefined) {
  return entry?.source.kind === "embedded" ? openEmbedded(embeddedFolder(), () => {}).weights(entry.id, entry.source) : undefined;
}

async function originOf(id: string, home: string): Promise<Origin> {
  const manifest = await readManifest(join(home, "models", id), id);
  const entry = models.find((one) => one.id === id);
  const known = entry?.source.kind === "checkpoint" ? entry.source.address : undefined;
  const family = manifest?.family ?? entry?.family;
  if (family !== undefined && family !== "sam2") throw MaskletError.of("base_unavailable", { model: id, why: "only SAM 2 networks can be fine-tuned" });
  if (id === "edgetam") throw MaskletError.of("base_unavailable", { model: id, why: "EdgeTAM is compiled and tracked, but not trained here" });
  if (manifest?.source !== undefined && manifest.compiled !== undefined) return { source: manifest.source, sha256: manifest.compiled.sourceSha256, licence: manifest.licence };
  if (known !== undefined) return { source: known, sha256: undefined, licence: entry?.licence };
  const usable = await Promise.all(models.map(async (one) => one.source.kind === "checkpoint" || (await weightsInBox(one)) !== undefined));
  throw MaskletError.of("model_unknown", { model: id, known: models.filter((_, at) => usable[at]).map((one) => one.id).join(", ") });
}

/** A file that says nothing of itself may be one of the published ones. */
async function publishedLicence(path: string, watch: Watch): Promise<string | undefined> {
  if (path.endsWith(".safetensors")) return undefined;
  const sha256 = await sha256OfFile(path, watch);
  return models.find(({ source }) => source.kind === "checkpoint" && source.published.kind === "sha256" && source.published.hash === sha256)?.licence;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isFile(), () => false);
}
