// The weights that come with the package, compiled into MASKLET_HOME when they are first needed: a third of a second for 5 MB, and
// again where the weights or the compiler are others than they were.
import { join } from "node:path";
import type { Watch } from "#protocol/types.ts";
import { COMPILER_VERSION } from "../sam2/network-description.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { OpenForCompiling } from "./checkpoint-compiler.ts";
import { inTheBox, requireSound } from "./embedded.ts";
import type { EmbeddedWeights } from "./embedded.ts";
import { ownMetadata } from "./install-checkpoint.ts";
import { readManifest } from "./manifest.ts";
import type { InstallManifest } from "./manifest.ts";
import { placeModel, writeManifest } from "./model-folders.ts";

/** Whether the folder's model came from the box, and not from a file that somebody installed under its id. */
export function isFromBox(manifest: InstallManifest): boolean {
  return manifest.source === inTheBox;
}

/** Whether there is nothing to compile: these weights by this compiler, or somebody's own, which stays what it is. */
export function isCurrent(manifest: InstallManifest, { sha256 }: EmbeddedWeights): boolean {
  return !isFromBox(manifest) || (manifest.compiled?.sourceSha256 === sha256 && manifest.compiled.compilerVersion === COMPILER_VERSION);
}

/**
 * Puts the compiled model in place. Where another process has done so meanwhile, its files stay: somebody may be reading them.
 * @param there the manifest that was found wanting; undefined when there was none
 * @throws embedded_damaged, checkpoint_invalid, checkpoint_unsupported, checkpoint_mismatch, checkpoint_metadata, weights_not_finite,
 *   disk_full, file_not_written, cancelled; what was compiled before is untouched then
 */
export async function compileEmbedded(root: string, entry: CatalogueEntry, weights: EmbeddedWeights, there: InstallManifest | undefined, open: OpenForCompiling, watch: Watch): Promise<void> {
  const { id, family, licence } = entry;
  requireSound(id, weights);
  const checkpoint = await open(weights.path, { int8: false });
  try {
    await placeModel(root, id, async (ready) => {
      await checkpoint.compile(ready, weights.sha256, watch);
      const { imageSize, compilerVersion, metadata } = checkpoint;
      await writeManifest(ready, {
        id, family, licence: metadata["masklet.licence"] ?? licence, source: inTheBox, integrity: weights.integrity === "verified" ? "verified" : "recorded", installedAt: new Date().toISOString(),
        compiled: { sourceSha256: weights.sha256, sourceBytes: weights.sizeBytes, imageSize, int8: false, compilerVersion, metadata: ownMetadata(metadata) },
      }, watch);
      const now = await readManifest(join(root, id), id).catch(() => undefined);
      return now !== undefined && now.installedAt !== there?.installedAt && isCurrent(now, weights) ? "leave" : undefined;
    });
  } finally {
    await checkpoint.close();
  }
}
