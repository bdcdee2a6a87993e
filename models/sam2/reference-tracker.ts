// The official predictor's way of following an object, behind the interface of every tracker: for comparing with it, not for
// work. Steps of a propagation are visits of its frames, both directions share one store, and nothing is let go of.
// A plane whose prompt has changed is answered by the click itself; the next step of that plane is the propagation's, which
// for a plane that was tracked before undoes the correction.
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox, unpackMask } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PromptParts } from "#protocol/types.ts";
import type { Embedding } from "../network.ts";
import { requirePrompt } from "../prompt.ts";
import type { RestorableTracker } from "../restorable.ts";
import { polygonMask } from "../polygon-mask.ts";
import type { Candidate, Step, View } from "../tracker.ts";
import { frameOf } from "./frame.ts";
import { maskFromLogits, modelMask } from "./mask-logits.ts";
import { modelPoints } from "./prompt-tensors.ts";
import { createReferenceVideo } from "./reference-video.ts";
import type { KeptFrame, Output, ReferenceOptions } from "./reference-video.ts";
import { alternatives } from "./sam-heads.ts";
import { featuresOf } from "./track-plane.ts";
import type { PlaneCore } from "./track-plane.ts";

const EMPTY_FRAME: KeptFrame = { cond: undefined, nonCond: undefined, reverse: undefined, corrected: false };

export function createReferenceTracker(core: PlaneCore, encode: (view: View) => Promise<Embedding>, options: ReferenceOptions = {}): RestorableTracker {
  const { config } = core.description;
  const prompts = new Map<number, PromptParts>();
  const unsaid = new Set<number>();
  const views = new Map<number, View>();
  const visited = new Set<number>();
  const video = createReferenceVideo(core, async (index) => {
    const view = views.get(index);
    if (view === undefined) throw MaskletError.of("nothing_prompted", {});
    return featuresOf(await encode(view), config);
  }, options);

  async function say(view: View, index: number, parts: PromptParts): Promise<Output> {
    const frame = frameOf(view, config.imageSize);
    const shape = shapeOf(parts, view);
    const points = modelPoints(parts.box, parts.points ?? [], frame);
    // Official: a mask, and whatever is said after it starts from its logits.
    const masked = shape === undefined ? undefined : await video.addMask(index, modelMask(shape, frame));
    return masked !== undefined && points.labels.length === 0 ? masked : video.addPoints(index, points);
  }

  return {
    horizon: Number.MAX_SAFE_INTEGER,
    async setPrompt(index, prompt) {
      requirePrompt(prompt);
      prompts.set(index, prompt);
      unsaid.add(index);
    },
    async removePrompt(index) {
      if (!prompts.delete(index)) return;
      unsaid.delete(index);
      video.clearPrompts(index);
    },
    async step(view, index, direction) {
      // Features are the current view's; no other plane's are asked for.
      views.clear();
      views.set(index, view);
      visited.add(index);
      const parts = prompts.get(index);
      if (parts === undefined || !unsaid.has(index)) return asStep(await video.track(index, direction === "backward"), view);
      const shown = await say(view, index, parts);
      unsaid.delete(index);
      await video.settle();
      if (video.conditioning().includes(index)) await video.track(index, direction === "backward");
      return asStep(shown, view);
    },
    async candidates(view, index) {
      const parts = prompts.get(index);
      if (parts === undefined) throw MaskletError.of("nothing_prompted", {});
      const features = featuresOf(await encode(view), config);
      const decoded = await core.decode(features, await core.condition(features, undefined), modelPoints(parts.box, parts.points ?? [], frameOf(view, config.imageSize)));
      const found = alternatives(decoded, config).map(({ logits, iou }): Candidate => ({ mask: maskFromLogits(logits, view.box).mask, score: iou }));
      return found.sort((a, b) => b.score - a.score);
    },
    async recall(view, index, direction, mask) {
      views.clear();
      views.set(index, view);
      visited.add(index);
      await video.addMask(index, modelMask(mask, frameOf(view, config.imageSize)));
      await video.settle();
      await video.track(index, direction === "backward");
    },
    async forget(start, end) {
      for (const index of visited) if (index >= start && index < end) video.keep(index, EMPTY_FRAME);
      for (const index of prompts.keys()) if (index >= start && index < end) unsaid.add(index);
    },
    // One store for both directions, so one trace under either name.
    traces: (index) => (visited.has(index) ? [{ index, direction: "forward", state: video.kept(index) }] : []),
    restore(traces) {
      for (const { index, state } of traces) {
        if (!isKeptFrame(state)) throw MaskletError.of("internal", { why: `plane ${index} was kept by another kind of tracker` });
        video.keep(index, state);
        visited.add(index);
        unsaid.delete(index);
      }
    },
    async close() {
      for (const index of visited) video.keep(index, EMPTY_FRAME);
      prompts.clear();
      unsaid.clear();
      views.clear();
    },
  };
}

function shapeOf({ mask, polygon }: PromptParts, view: View): Raster | undefined {
  if (mask !== undefined && !isEmptyBox(mask.box)) return unpackMask(mask);
  return polygon === undefined ? undefined : polygonMask(polygon, view.box);
}

function asStep({ logits, iou, objectScore }: Output, view: View): Step {
  const { mask } = maskFromLogits(logits, view.box);
  return { mask, score: iou, presence: 1 / (1 + Math.exp(-objectScore)), warnings: [] };
}

function isKeptFrame(state: unknown): state is KeptFrame {
  return typeof state === "object" && state !== null && "cond" in state && "nonCond" in state && "reverse" in state;
}
