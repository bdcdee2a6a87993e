// The models in this very process: what the child process of the host runs, and what tests and benches run without one.
import { throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { InstalledModel } from "../installed-model.ts";
import type { Embedding, Network } from "../network.ts";
import { openNetwork } from "../open-network.ts";
import { createModelStore } from "../registry/store.ts";
import type { RestorableTracker } from "../restorable.ts";
import type { TrackerSource, View } from "../tracker.ts";
import { createEmbeddingCache } from "./embedding-cache.ts";
import type { HostSettings } from "./messages.ts";

export interface ModelsOptions extends HostSettings {
  /** One line for the log. */
  readonly onLog?: ((line: string) => void) | undefined;
}

export interface InProcessModels extends TrackerSource {
  openTracker(model: string): Promise<RestorableTracker>;
  close(): Promise<void>;
}

interface Loaded {
  readonly network: Network;
  readonly encode: (view: View) => Promise<Embedding>;
}

/** Loads each model when first used. */
export function createInProcessModels(options: ModelsOptions): InProcessModels {
  const log = options.onLog ?? (() => {});
  const store = createModelStore({ home: options.home });
  const cache = createEmbeddingCache({ home: options.home, memoryBytes: limits.embeddingCacheBytes, diskBytes: limits.embeddingDiskBytes, onLog: log });
  const loaded = new Map<string, Promise<Loaded>>();
  const said = new Set<string>();

  /** Every graph of every model says the same of a missing provider. */
  function logOnce(line: string): void {
    if (said.has(line)) return;
    said.add(line);
    log(line);
  }

  async function load(installed: InstalledModel): Promise<Loaded> {
    const network = await openNetwork(installed, { threads: options.threads, provider: options.provider });
    for (const note of network.notes) logOnce(note);
    return { network, encode: (view) => cache.get(`${network.inputVersion}\n${view.key}\n${network.hash}`, () => network.encode(view)) };
  }

  /** Checks the files each time, so that weights damaged since are noticed, and loads them once. */
  async function use(model: string): Promise<Loaded> {
    const installed = await store.open(model);
    const known = loaded.get(installed.hash);
    if (known !== undefined) return known;
    const loading = load(installed);
    loaded.set(installed.hash, loading);
    try {
      return await loading;
    } catch (thrown) {
      loaded.delete(installed.hash);
      throw thrown;
    }
  }

  return {
    async openTracker(model) {
      const { network, encode } = await use(model);
      return network.createTracker(encode);
    },
    async clicks(model, view, request, watch = {}) {
      const { network, encode } = await use(model);
      throwIfCancelled(watch.signal);
      return network.clicks(await encode(view), view, request, watch);
    },
    async encodeAhead(model, view, watch = {}) {
      const { encode } = await use(model);
      throwIfCancelled(watch.signal);
      await encode(view);
    },
    async close() {
      for (const loading of loaded.values()) await (await loading).network.close();
      loaded.clear();
    },
  };
}
