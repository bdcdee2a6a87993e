// A SAM 2 model as the host knows networks: a folder of compiled graphs with their description.
import { MaskletError } from "#protocol/errors.ts";
import type { InstalledModel } from "../installed-model.ts";
import type { Network, NetworkOptions } from "../network.ts";
import { answerClicks } from "./clicks.ts";
import { openSam2Graphs } from "./graphs.ts";
import type { OpenGraphs } from "./graphs.ts";
import { INPUT_VERSION, imageInput } from "./input.ts";
import type { PanPolicy } from "./memory-bank.ts";
import { readNetworkDescription } from "./network-description.ts";
import type { NetworkDescription } from "./network-description.ts";
import { createReferenceTracker } from "./reference-tracker.ts";
import { createPlaneCore, featuresOf } from "./track-plane.ts";
import { createMaskletTracker } from "./tracker.ts";

export interface Sam2Options extends NetworkOptions {
  /** `reference`: bit by bit the official algorithm, faults included; default `masklet`. */
  readonly profile?: "reference" | "masklet" | undefined;
  /** What the masklet profile does with memories seen through another window; default `keep`, for the reason in README.md. */
  readonly pan?: PanPolicy | undefined;
}

/** @throws model_failed, model_damaged */
export async function openSam2Network(installed: InstalledModel, options: Sam2Options = {}): Promise<Network> {
  const { profile, pan, ...graphOptions } = options;
  const description = await readNetworkDescription(installed.folder, installed.id);
  const graphs = await openSam2Graphs(installed, description.config, graphOptions);
  return sam2Network(installed, description, graphs, { profile, pan });
}

/** @param graphs closed with the network */
export function sam2Network({ id, hash }: InstalledModel, description: NetworkDescription, graphs: OpenGraphs, { profile, pan }: Pick<Sam2Options, "profile" | "pan"> = {}): Network {
  const { config } = description;
  const core = createPlaneCore(graphs, description);
  return {
    hash,
    inputVersion: INPUT_VERSION,
    notes: graphs.notes,
    async encode(view) {
      const { s0, s1, s2 } = await graphs.encodeImage(imageInput(view, config.imageSize));
      const embedding = new Float32Array(s0.length + s1.length + s2.length);
      embedding.set(s0);
      embedding.set(s1, s0.length);
      embedding.set(s2, s0.length + s1.length);
      // Kept, a NaN would make every later mask of this view silently empty.
      if (!embedding.every(Number.isFinite)) throw MaskletError.of("model_failed", { model: id, why: "its image encoder answered with values that are not finite" });
      return embedding;
    },
    createTracker: (encode) => (profile === "reference" ? createReferenceTracker(core, encode) : createMaskletTracker({ core, encode, pan: pan ?? "keep", model: id })),
    clicks: (embedding, view, request, watch = {}) => answerClicks({ decode: graphs.decode, description }, featuresOf(embedding, config), view, request, watch),
    close: () => graphs.close(),
  };
}
