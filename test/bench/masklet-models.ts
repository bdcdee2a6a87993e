// The models whose masklets are judged, in a home of their own: nothing is changed in the one they come from, and no embedding of an earlier
// run makes this one look quick.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createInProcessModels } from "#models/host/in-process.ts";
import { readManifest } from "#models/registry/manifest.ts";
import { createModelStore } from "#models/registry/store.ts";
import type { TrackerSource } from "#models/tracker.ts";
import { ensureWeights, weightsHome, weightsModel } from "../weights.ts";

const maskletModel = "masklet-sam2";
/** Of the network that comes with the product, where it does. */
export const maskletFile = fileURLToPath(new URL(`../../models/embedded/${maskletModel}.safetensors`, import.meta.url));

export interface MaskletModels {
  readonly models: readonly JudgedModel[];
  readonly trackers: TrackerSource;
  close(): Promise<void>;
}

export interface JudgedModel {
  readonly id: string;
  /** Of the checkpoint it was compiled from, or of its largest file. */
  readonly sha256: string;
}

export interface AskedModels {
  /** Installed ones, by id; default: what is embedded, and the default of tests. */
  readonly ids?: readonly string[] | undefined;
  /** A checkpoint that stands for what is embedded. */
  readonly weights?: string | undefined;
  /** For a checkpoint that does not say it. */
  readonly imageSize?: number | undefined;
}

/** @throws what installing throws; model_not_installed for an id that is not here */
export async function openMaskletModels({ ids, weights, imageSize }: AskedModels): Promise<MaskletModels> {
  const file = weights ?? (existsSync(maskletFile) ? maskletFile : undefined);
  const asked = ids ?? [...(file === undefined ? [] : [maskletModel]), weightsModel];
  const home = mkdtempSync(join(tmpdir(), "masklet-bench-"));
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    mkdirSync(join(home, "models"));
    if (asked.includes(weightsModel)) await ensureWeights();
    const models: JudgedModel[] = [];
    for (const id of asked) {
      // No catalogue: what is judged has this name, whatever the product has under it.
      if (id === maskletModel && file !== undefined) await createModelStore({ home, catalogue: [] }).add({ source: file, id, int8: false, ...(imageSize === undefined ? {} : { imageSize }) });
      else symlinkSync(join(weightsHome(), "models", id), join(home, "models", id), "junction");
      models.push({ id, sha256: await sha256Of(home, id) });
    }
    const trackers = createInProcessModels({ home });
    // Loaded now, so that no volume's time has that in it.
    for (const { id } of models) await (await trackers.openTracker(id)).close();
    return {
      models, trackers,
      close: async () => {
        await trackers.close();
        remove();
      },
    };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

async function sha256Of(home: string, id: string): Promise<string> {
  const { folder } = await createModelStore({ home }).open(id);
  const manifest = await readManifest(folder, id);
  const [largest] = [...(manifest?.files ?? [])].sort((a, b) => b.sizeBytes - a.sizeBytes);
  return manifest?.compiled?.sourceSha256 ?? largest!.sha256;
}
