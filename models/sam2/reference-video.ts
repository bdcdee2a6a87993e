// One object through one video as the official predictor follows it, faults included, for comparing with it number by number
// (facebookresearch/sam2: sam2/sam2_video_predictor.py, per-object version of 2024-12). What is faulty and kept here:
// a correction of a plane that was tracked before is overwritten by the next propagation, one of the first plane is lost;
// what either direction found stays and serves the other; a video of one frame divides nothing by nothing. EdgeTAM's own predictor
// is an older one: corrections of planes that were tracked stay there.
import type { Features } from "./graphs.ts";
import type { ModelPoints } from "./prompt-tensors.ts";
import { noPoints } from "./prompt-tensors.ts";
import type { Sight } from "./sam-heads.ts";
import { isPresent } from "./sam-heads.ts";
import { recollect } from "./reference-memory.ts";
import type { PlaneCore } from "./track-plane.ts";

export interface ReferenceOptions {
  /** How many frames the video has; undefined when that is not known, which counts as many. */
  readonly frames?: number | undefined;
  /** Corrections become conditioning frames (`add_all_frames_to_correct_as_cond`, officially off). */
  readonly correctionsCondition?: boolean | undefined;
}

/** What is stored of a frame. */
export interface Output extends Sight {
  /** `[memoryTokens, M]` bfloat16; added to prompted frames when a propagation begins. */
  readonly memory: Uint16Array | undefined;
}

export interface ReferenceVideo {
  /**
   * Points and box corners of a frame, in model pixels (0..S); those said before are forgotten unless `add`.
   * @returns what is shown at once
   */
  addPoints(frame: number, points: ModelPoints, add?: boolean): Promise<Output>;
  /** @param mask `[S, S]` of 0 and 1 */
  addMask(frame: number, mask: Float32Array): Promise<Output>;
  /** Encodes the memories of prompted frames; `track` needs it after prompts. */
  settle(): Promise<void>;
  /** One frame of a propagation, whose frames the caller visits in order. */
  track(frame: number, reverse: boolean): Promise<Output>;
  clearPrompts(frame: number): void;
  /** Frames that hold a prompt's outcome. */
  conditioning(): readonly number[];
  /** All that is kept of a frame; survives structured cloning. */
  kept(frame: number): KeptFrame;
  keep(frame: number, kept: KeptFrame): void;
}

export interface KeptFrame {
  readonly cond: Output | undefined;
  readonly nonCond: Output | undefined;
  readonly reverse: boolean | undefined;
  /** `nonCond` is a correction that tracking does not overwrite. */
  readonly corrected: boolean;
}

/** @param featuresOfFrame may answer from a cache */
export function createReferenceVideo(core: PlaneCore, featuresOfFrame: (frame: number) => Promise<Features>, options: ReferenceOptions = {}): ReferenceVideo {
  const pointsOf = new Map<number, ModelPoints>();
  // By the official names: outputs of conditioning frames and others, settled and not.
  const kept = { cond: new Map<number, Output>(), nonCond: new Map<number, Output>() };
  const waiting = { cond: new Map<number, Output>(), nonCond: new Map<number, Output>() };
  const tracked = new Map<number, { readonly reverse: boolean }>();
  const correctionsStay = core.description.config.perceiver !== undefined;
  const corrected = new Set<number>();

  function placeFor(frame: number): { readonly isInit: boolean; readonly store: "cond" | "nonCond"; readonly reverse: boolean } {
    const before = tracked.get(frame);
    return { isInit: before === undefined, store: before === undefined || options.correctionsCondition === true ? "cond" : "nonCond", reverse: before?.reverse ?? false };
  }

  const recollectionAt = (frame: number, reverse: boolean) => recollect(kept, frame, reverse, options.frames, core.description.config);

  return {
    async addPoints(frame, said, add = false) {
      const before = add ? pointsOf.get(frame) : undefined;
      const points = before === undefined ? said : joined(before, said);
      pointsOf.set(frame, points);
      const { isInit, store, reverse } = placeFor(frame);
      const previous = waiting[store].get(frame) ?? kept.cond.get(frame) ?? kept.nonCond.get(frame);
      const sight = await core.see(await featuresOfFrame(frame), isInit ? undefined : recollectionAt(frame, reverse), points, previous?.logits);
      const output = { ...sight, memory: undefined };
      waiting[store].set(frame, output);
      return output;
    },
    async addMask(frame, mask) {
      pointsOf.delete(frame);
      const output = { ...(await core.accept(await featuresOfFrame(frame), mask)), memory: undefined };
      waiting[placeFor(frame).store].set(frame, output);
      return output;
    },
    async settle() {
      for (const store of ["nonCond", "cond"] as const) {
        for (const [frame, output] of waiting[store]) {
          const memory = await core.remember(await featuresOfFrame(frame), output.logits, true, !isPresent(output));
          kept[store].set(frame, { ...output, memory });
          if (correctionsStay && store === "nonCond") corrected.add(frame);
        }
        waiting[store].clear();
      }
      for (const frame of kept.cond.keys()) {
        kept.nonCond.delete(frame);
        corrected.delete(frame);
      }
    },
    async track(frame, reverse) {
      const prompted = kept.cond.get(frame) ?? (corrected.has(frame) ? kept.nonCond.get(frame) : undefined);
      const output = prompted ?? (await follow(frame, reverse));
      if (prompted === undefined) kept.nonCond.set(frame, output);
      tracked.set(frame, { reverse });
      return output;
    },
    clearPrompts(frame) {
      pointsOf.delete(frame);
      corrected.delete(frame);
      waiting.cond.delete(frame);
      waiting.nonCond.delete(frame);
      const output = kept.cond.get(frame);
      if (output === undefined) return;
      kept.cond.delete(frame);
      kept.nonCond.set(frame, output);
      tracked.delete(frame);
    },
    conditioning: () => [...kept.cond.keys()],
    kept: (frame) => ({ cond: kept.cond.get(frame), nonCond: kept.nonCond.get(frame), reverse: tracked.get(frame)?.reverse, corrected: corrected.has(frame) }),
    keep(frame, { cond, nonCond, reverse, corrected: stays }) {
      for (const store of [kept.cond, kept.nonCond]) store.delete(frame);
      tracked.delete(frame);
      corrected.delete(frame);
      if (stays) corrected.add(frame);
      if (cond !== undefined) kept.cond.set(frame, cond);
      if (nonCond !== undefined) kept.nonCond.set(frame, nonCond);
      if (reverse !== undefined) tracked.set(frame, { reverse });
    },
  };

  async function follow(frame: number, reverse: boolean): Promise<Output> {
    const features = await featuresOfFrame(frame);
    const sight = await core.see(features, recollectionAt(frame, reverse), noPoints);
    return { ...sight, memory: await core.remember(features, sight.logits, false, !isPresent(sight)) };
  }
}

function joined(a: ModelPoints, b: ModelPoints): ModelPoints {
  return { coords: Float32Array.of(...a.coords, ...b.coords), labels: Float32Array.of(...a.labels, ...b.labels) };
}
