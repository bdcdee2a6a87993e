// The real things behind the operations: sessions and volumes on the disk, models in their host.
import { join } from "node:path";
import { createModelHost } from "#models/host/host.ts";
import type { ModelStore } from "#models/registry/store.ts";
import type { MaskletError } from "#protocol/errors.ts";
import type { Volume } from "#protocol/types.ts";
import { classicalEngine } from "./classical-engine.ts";
import type { Config } from "./config.ts";
import { exporter } from "./exporter.ts";
import type { Domains, Models, Segmenter, Volumes } from "./operations/contract.ts";
import { automask } from "./segmentation/automask.ts";
import { checkPrompt } from "./segmentation/check-prompt.ts";
import { encodeAhead } from "./segmentation/encode-ahead.ts";
import { freezeView } from "./segmentation/freeze-view.ts";
import { checkRun, propagate } from "./segmentation/propagate.ts";
import { segmentPlane } from "./segmentation/segment-plane.ts";
import { createSessionStore } from "./sessions/session-store.ts";
import { packageVersion } from "./version.ts";
import type { VolumeStore } from "./volumes/volume-store.ts";

export interface OpenDomains extends Domains {
  /** Installs weights from an address or a file. */
  readonly addModel: ModelStore["add"];
  close(): Promise<void>;
}

/** Nothing is read or started before the first operation that needs it. */
export function openDomains(config: Config): OpenDomains {
  const { home, roots, onLog } = config;
  const onUnreadable = (sessionId: string, error: MaskletError): void => onLog(`session ${sessionId} is left out: ${error.message}`);
  const sessions = createSessionStore({ folder: join(home, "sessions"), onUnreadable });
  const volumes = volumesIn(home, roots);
  const host = createModelHost({ home, onLog });
  // What downloads models and what unpacks TIFFs take long to load; a server listens before that.
  const store = once(async () => (await import("#models/registry/store.ts")).createModelStore({ home, onLog }));
  const models: Models = { resolve: async (wish) => (await store()).resolveModel(wish), list: async () => (await store()).list(), state: () => host.state(), trackers: host };
  return {
    sessions, volumes, models, segmenter, exporter, classical: classicalEngine,
    addModel: async (request, watch) => (await store()).add(request, watch),
    version: packageVersion(),
    scratch: join(home, "scratch"),
    close: async () => {
      await host.close();
      await volumes.close();
      await sessions.close();
    },
  };
}

function volumesIn(home: string, roots: readonly string[]): Volumes {
  const store = once(async () => (await import("./volumes/volume-store.ts")).createVolumeStore({ home, roots }));
  const described = async (open: (volumes: VolumeStore) => Promise<{ volumeId: string }>): Promise<Volume> => {
    const volumes = await store();
    return volumes.describe((await open(volumes)).volumeId);
  };
  return {
    declare: (declaration) => described((volumes) => volumes.declare(declaration)),
    openPath: (path, watch) => described((volumes) => volumes.openPath(path, watch)),
    upload: (name, body, watch) => described((volumes) => volumes.upload(body, name, watch)),
    describe: async (volumeId) => (await store()).describe(volumeId),
    get: async (volumeId) => (await store()).get(volumeId),
    putPlane: async (volumeId, plane, data, asked) => (await (await store()).getPushed(volumeId)).put(plane, data, { onlyIfNeeded: asked }),
    setSupplier: async (volumeId, supplier) => (await store()).setSupplier(volumeId, supplier),
    close: async () => (await store()).close(),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  const made: { value: Promise<T> | undefined } = { value: undefined };
  return () => (made.value ??= make());
}

const segmenter: Segmenter = { checkRun, checkPrompt, freezeView, segmentPlane, encodeAhead, automask, propagate };
