// A server as it is, but for what looks at pixels: a segmenter that answers every prompt with its own box, at the test's pace.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { packMask } from "#protocol/mask.ts";
import type { Declaration, Mask, PixelBox, PromptParts } from "#protocol/types.ts";
import { createApp } from "#server/app.ts";
import type { App } from "#server/app.ts";
import type { Config } from "#server/config.ts";
import { openDomains } from "#server/domains.ts";
import type { Domains, Segmenter } from "#server/operations/contract.ts";

export interface Pace {
  /** Awaited before each plane of a propagation after the prompted one. */
  beforePlane: (index: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Thrown instead of answering, once. */
  fault: MaskletError | undefined;
}

export interface ServerUnderTest {
  readonly url: string;
  readonly app: App;
  readonly home: string;
  readonly pace: Pace;
  readonly log: string[];
}

/** Three different sizes. */
export const declaration: Declaration = { name: "cells", shape: { t: 1, c: 1, z: 6, y: 10, x: 14 }, dtype: "uint8", displayRange: [0, 255], identity: "cells-1" };

/** @param instead what takes the place of the box segmenter and its model; it may wait at the same gates */
export async function withServer(work: (server: ServerUnderTest) => Promise<void>, config: Partial<Config> = {}, given?: string, instead: (real: Domains, pace: Pace) => Partial<Domains> = () => ({})): Promise<void> {
  const home = given ?? (await mkdtemp(join(tmpdir(), "masklet-server-")));
  const pace: Pace = { beforePlane: async () => undefined, fault: undefined };
  const log: string[] = [];
  const whole: Config = { home, port: 0, roots: [], host: "127.0.0.1", onLog: (line) => log.push(line), ...config };
  const real = openDomains(whole);
  const models = {
    resolve: async (wish: string) => {
      if (wish !== "auto" && wish !== "boxes") throw MaskletError.of("model_unknown", { model: wish, known: "boxes" });
      return "boxes";
    },
    list: async () => [{ id: "boxes", family: "sam1" as const, licence: "none", installed: true, sizeBytes: 0, integrity: "recorded" as const }],
    state: () => "ready" as const,
    trackers: { openTracker: noTracker, clicks: noTracker, encodeAhead: noTracker },
  };
  const app = createApp(whole, { ...real, segmenter: boxSegmenter(real.segmenter, pace), models, ...instead(real, pace) });
  try {
    const { urls } = await app.listen();
    await work({ url: urls[0]!, app, home, pace, log });
  } finally {
    await app.close();
    if (given === undefined) await rm(home, { recursive: true, force: true });
  }
}

async function noTracker(): Promise<never> {
  throw MaskletError.of("internal", { why: "the boxes need no tracker" });
}

function boxSegmenter(real: Segmenter, pace: Pace): Segmenter {
  const throwFault = (): void => {
    const { fault } = pace;
    pace.fault = undefined;
    if (fault !== undefined) throw fault;
  };
  return {
    checkRun: real.checkRun, checkPrompt: real.checkPrompt, freezeView: real.freezeView, encodeAhead: async () => undefined, automask: real.automask,
    segmentPlane: async (scene, { objectId, cut, parts, multimask }, watch) => {
      throwFault();
      const { shape } = scene.source;
      await scene.source.read({ t: cut.t ?? 0, c: cut.c ?? 0, z: [cut.index, cut.index + 1], y: [0, shape.y], x: [0, shape.x] }, watch.signal);
      const mask = boxMask(objectId, cut.index, parts);
      return { mask, candidates: multimask ? [mask, mask, mask] : [] };
    },
    propagate: async (scene, { objects, range, direction }, { signal, onProgress, onMask, onEnd }) => {
      const end = range?.end ?? scene.source.shape.z;
      let planes = 0;
      const ends: Parameters<typeof onEnd>[0][] = [];
      for (const { objectId, prompts } of objects) {
        const { cut, parts } = prompts[0]!;
        let last = cut.index;
        const finish = (reason: "range" | "cancelled"): void => {
          const made = { objectId, direction: "forward" as const, index: last, reason };
          ends.push(made);
          onEnd(made);
        };
        try {
          for (let index = cut.index; index < end && direction !== "backward"; index++) {
            if (index > cut.index) await pace.beforePlane(index, signal);
            throwIfCancelled(signal);
            throwFault();
            await onMask(boxMask(objectId, index, parts));
            last = index;
            onProgress?.({ done: ++planes, total: end - cut.index, unit: "planes" });
          }
          finish("range");
        } catch (error) {
          finish("cancelled");
          throw error;
        }
      }
      return { planes, ends };
    },
  };
}

/** The prompt's box in whole pixels; points count as one pixel each. */
function boxMask(objectId: number, index: number, { box, points }: PromptParts): Mask {
  const [x, y] = points?.[0] ?? [0, 0];
  const around: PixelBox = box === undefined ? [Math.floor(x), Math.floor(y), Math.floor(x) + 1, Math.floor(y) + 1] : [Math.floor(box[0]), Math.floor(box[1]), Math.ceil(box[2]), Math.ceil(box[3])];
  const data = new Uint8Array((around[2] - around[0]) * (around[3] - around[1])).fill(1);
  return { objectId, axis: "z", index, t: 0, ...packMask({ box: around, data }), score: 0.875 };
}

/** A gate a propagation waits at; it lets so many planes through and hears of a cancel. */
export function stepper(pace: Pace): { allow(planes: number): void } {
  const state = { allowed: 0, wake: (): void => undefined };
  pace.beforePlane = async (_index, signal) => {
    while (state.allowed === 0 && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        state.wake = resolve;
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    state.allowed--;
  };
  return {
    allow: (planes) => {
      state.allowed += planes;
      state.wake();
    },
  };
}
