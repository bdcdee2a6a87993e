// What the three routes that look at pictures have in common: the model that answers to a name, and pictures seen as they were sent.
import type { Model } from "#protocol/types.ts";
import { asMaskletError } from "#protocol/errors.ts";
import type { Domains } from "#server/operations/contract.ts";
import type { Scene } from "#server/segmentation/contract.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { chosen } from "./model-names.ts";
import type { ModelName } from "./model-names.ts";
import type { PictureDecoder } from "./picture-decoder.ts";
import { Refusal } from "./refusal.ts";
import type { ShareViews } from "./shared-views.ts";

/** What looks, and how the one who asks is heard of. */
export interface Looking {
  readonly segmenter: Domains["segmenter"];
  readonly models: Domains["models"];
  readonly decoder: PictureDecoder;
  readonly shareViews: ShareViews;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** Something about this request for the log. */
  readonly say: (text: string) => void;
}

export function fromBase64(text: string): Buffer {
  return Buffer.from(text, "base64");
}

export async function autoOf(models: Domains["models"]): Promise<string | undefined> {
  try {
    return await models.resolve("auto");
  } catch (thrown) {
    if (asMaskletError(thrown).code === "model_not_installed") return undefined;
    throw thrown;
  }
}

/** @throws Refusal 500 when nothing answers to it, model_not_installed when nothing is installed */
export async function modelFor(type: ModelName, weights: string | undefined, { models }: Looking): Promise<Model> {
  if (type === "sam3") throw new Refusal(500, "SAM 3 is not installed. Choose another model.");
  const [auto, installed] = [await autoOf(models), await models.list()];
  const model = chosen(type, weights, installed, auto);
  if (model !== undefined) return model;
  // Says what to install.
  if (chosen(type, undefined, installed, auto) === undefined) await models.resolve("auto");
  throw new Refusal(500, `The weights ${weights ?? ""} are not here. Register them, or choose others of the list.`);
}

/**
 * The viewer has drawn the pixels with the person's own contrast: nothing is taken from their range and nothing smoothed. Deep grey
 * values are nobody's choice of contrast yet; they get the usual range.
 */
export async function sceneOf(source: VolumeSource, model: Model, window: Scene["window"], { segmenter, models, signal }: Looking): Promise<Scene> {
  const view = await segmenter.freezeView(source, { sigma: 0, ...(source.dtype === "uint8" ? { range: [0, 255] } : {}) }, signal);
  return { source, view, trackers: models.trackers, model: model.id, window };
}
