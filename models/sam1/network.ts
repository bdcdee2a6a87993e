// A SAM 1 model as the host knows networks.
import type { InstalledModel } from "../installed-model.ts";
import type { Network, NetworkOptions } from "../network.ts";
import { answerClicks } from "./clicks.ts";
import { INPUT_VERSION } from "./input.ts";
import { openPredictor } from "./predictor.ts";
import { createProjectingTracker } from "./tracker.ts";

/** @throws model_failed */
export async function openSam1Network(installed: InstalledModel, options: NetworkOptions = {}): Promise<Network> {
  const predictor = await openPredictor(installed, options);
  return {
    hash: predictor.hash,
    inputVersion: INPUT_VERSION,
    notes: predictor.notes,
    encode: (view) => predictor.encode(view),
    createTracker: (encode) => createProjectingTracker({ decode: predictor.decode, encode }),
    clicks: (embedding, view, request, watch = {}) => answerClicks(predictor.decodeLogits, embedding, view, request, watch),
    close: () => predictor.close(),
  };
}
