// Where a family's name becomes a network.
import { MaskletError } from "#protocol/errors.ts";
import type { InstalledModel } from "./installed-model.ts";
import type { Network, NetworkOptions } from "./network.ts";
import { openSam1Network } from "./sam1/network.ts";

/** Loads the graphs. @throws model_failed, model_damaged */
export async function openNetwork(installed: InstalledModel, options: NetworkOptions): Promise<Network> {
  switch (installed.family) {
    case "sam1":
      return openSam1Network(installed, options);
    case "sam2":
      throw MaskletError.of("model_failed", { model: installed.id, why: "there is no tracker for its family yet" });
  }
}
