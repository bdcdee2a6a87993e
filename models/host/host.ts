// The model host: models in a process of their own, because a graph run blocks its thread for seconds, cannot be
// interrupted, and takes the process with it when it fails badly.
import { limits } from "#protocol/limits.ts";
import type { Health, Watch } from "#protocol/types.ts";
import type { TrackerSource, View } from "../tracker.ts";
import { createConnection } from "./connection.ts";
import type { ModelsOptions } from "./in-process.ts";
import { openRemoteTracker } from "./remote-tracker.ts";
import type { HostTracker } from "./remote-tracker.ts";

export interface ModelHostOptions extends ModelsOptions {
  /** Default limits.hostTimeoutMs. */
  readonly timeoutMs?: number | undefined;
  /** The child's entry; tests bring their own. */
  readonly entry?: URL | undefined;
}

export interface ModelHost extends TrackerSource {
  /** Starts the process if need be. @throws model_unknown, model_not_installed, model_damaged, model_failed, model_host_died, model_host_hung */
  openTracker(model: string): Promise<HostTracker>;
  /** Encodes a view that may be wanted soon, when nothing else is to be done. @throws as openTracker, and cancelled */
  encodeAhead(model: string, view: View, watch?: Watch): Promise<void>;
  state(): Health["model"];
  /** Of the child, while there is one. */
  pid(): number | undefined;
  close(): Promise<void>;
}

export function createModelHost(options: ModelHostOptions): ModelHost {
  const { home, threads, provider } = options;
  const connection = createConnection({
    // Sources run as they are, and compiled.
    entry: options.entry ?? new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url),
    settings: { home, threads, provider },
    timeoutMs: options.timeoutMs ?? limits.hostTimeoutMs,
    onLog: options.onLog ?? (() => {}),
  });
  let lastTracker = 0;
  return {
    openTracker: (model) => openRemoteTracker(connection, ++lastTracker, model),
    async encodeAhead(model, view, watch) {
      await connection.call({ method: "encodeAhead", model, view }, watch?.signal);
    },
    state: () => connection.state(),
    pid: () => connection.pid(),
    close: () => connection.close(),
  };
}
