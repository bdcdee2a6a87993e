// The model host: models in a process of their own, because a graph run blocks its thread for seconds, cannot be
// interrupted, and takes the process with it when it fails badly.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Health } from "#protocol/types.ts";
import type { TrackerSource } from "../tracker.ts";
import { createConnection } from "./connection.ts";
import type { ModelsOptions } from "./in-process.ts";
import { openRemoteTracker } from "./remote-tracker.ts";

export interface ModelHostOptions extends ModelsOptions {
  /** Default limits.hostTimeoutMs. */
  readonly timeoutMs?: number | undefined;
  /** The child's entry; tests bring their own. */
  readonly entry?: URL | undefined;
}

/** Each call starts the process if need be, and may also throw model_failed, model_host_died and model_host_hung. */
export interface ModelHost extends TrackerSource {
  state(): Health["model"];
  /** Of the child, while there is one. */
  pid(): number | undefined;
  close(): Promise<void>;
}

export function createModelHost(options: ModelHostOptions): ModelHost {
  const { home, threads, provider = process.env["MASKLET_PROVIDER"] || undefined } = options;
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
    async clicks(model, view, clicks, watch) {
      const answer = await connection.call({ method: "clicks", model, view, clicks }, watch?.signal);
      if (answer.clicks === undefined) throw MaskletError.of("internal", { why: "the model process answered clicks without masks" });
      return answer.clicks;
    },
    async encodeAhead(model, view, watch) {
      await connection.call({ method: "encodeAhead", model, view }, watch?.signal);
    },
    state: () => connection.state(),
    pid: () => connection.pid(),
    close: () => connection.close(),
  };
}
