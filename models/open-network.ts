// Where a family's name becomes a network.
import type { InstalledModel } from "./installed-model.ts";
import type { Network, NetworkOptions } from "./network.ts";
import { openSam1Network } from "./sam1/network.ts";
import { openSam2Network } from "./sam2/network.ts";

/** Loads the graphs. @throws model_failed, model_damaged */
export async function openNetwork(installed: InstalledModel, options: NetworkOptions): Promise<Network> {
  switch (installed.family) {
    case "sam1":
      return openSam1Network(installed, options);
    case "sam2":
      return openSam2Network(installed, options);
  }
}
