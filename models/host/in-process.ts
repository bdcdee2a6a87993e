// The models in this very process: what the child process of the host runs, and what tests and benches run without one.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { InstalledModel } from "../installed-model.ts";
import { createModelStore } from "../registry/store.ts";
import type { RestorableTracker } from "../restorable.ts";
import { INPUT_VERSION } from "../sam1/input.ts";
import { openPredictor } from "../sam1/predictor.ts";
import type { Embedding, Predictor } from "../sam1/predictor.ts";
import { createProjectingTracker } from "../sam1/tracker.ts";
import type { TrackerSource, View } from "../tracker.ts";
import { createEmbeddingCache } from "./embedding-cache.ts";
import type { HostSettings } from "./messages.ts";

export interface ModelsOptions extends HostSettings {
  /** One line for the log. */
  readonly onLog?: ((line: string) => void) | undefined;
}

export interface InProcessModels extends TrackerSource {
  openTracker(model: string): Promise<RestorableTracker>;
  /** Encodes a view that may be wanted soon. @throws what openTracker throws, model_failed */
  encodeAhead(model: string, view: View): Promise<void>;
  close(): Promise<void>;
}

interface Loaded {
  readonly predictor: Predictor;
  readonly encode: (view: View) => Promise<Embedding>;
}

/** Loads each model when first used. */
export function createInProcessModels(options: ModelsOptions): InProcessModels {
  const log = options.onLog ?? (() => {});
  const store = createModelStore({ home: options.home });
  const cache = createEmbeddingCache({ home: options.home, memoryBytes: limits.embeddingCacheBytes, diskBytes: limits.embeddingDiskBytes, onLog: log });
  const loaded = new Map<string, Promise<Loaded>>();

  async function load(installed: InstalledModel): Promise<Loaded> {
    if (installed.family !== "sam1") throw MaskletError.of("model_failed", { model: installed.id, why: `no tracker for family ${installed.family}` });
    const predictor = await openPredictor(installed, { threads: options.threads, provider: options.provider });
    for (const note of predictor.notes) log(note);
    return { predictor, encode: (view) => cache.get(`${INPUT_VERSION}\n${view.key}\n${predictor.hash}`, () => predictor.encode(view)) };
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
      const { predictor, encode } = await use(model);
      return createProjectingTracker({ decode: predictor.decode, encode });
    },
    async encodeAhead(model, view) {
      await (await use(model)).encode(view);
    },
    async close() {
      for (const loading of loaded.values()) await (await loading).predictor.close();
      loaded.clear();
    },
  };
}
