// Follows one object with SAM 2's memory: the masklet profile. It mends what the official predictor gets wrong for our use
// (reference-video.ts keeps those faults): what a person said of a plane always conditions the others and is never
// overwritten, directions and fronts do not disturb each other, and a person's prompt is never answered with "not there".
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { cropped, isEmptyBox, reframe } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { OneWay, PromptParts, Watch } from "#protocol/types.ts";
import { createKeptTraces } from "../kept-traces.ts";
import type { Embedding } from "../network.ts";
import { requirePrompt } from "../prompt.ts";
import type { RestorableTracker } from "../restorable.ts";
import type { Candidate, Step, View } from "../tracker.ts";
import { withoutSmallHoles } from "./fill-holes.ts";
import { frameOf } from "./frame.ts";
import type { Features } from "./graphs.ts";
import { logitsOfGiven, maskFromLogits, modelMask } from "./mask-logits.ts";
import { HORIZON, isKnown, isSeen, recollect } from "./memory-bank.ts";
import type { Known, KnownTrace, PanPolicy } from "./memory-bank.ts";
import { noPoints, planePrompt } from "./prompt-tensors.ts";
import { alternatives, isPresent } from "./sam-heads.ts";
import type { Sight } from "./sam-heads.ts";
import { PATIENCE, judgePrompted, judgeTracked } from "./stop-rules.ts";
import type { Verdict } from "./stop-rules.ts";
import { featuresOf } from "./track-plane.ts";
import type { PlaneCore } from "./track-plane.ts";

export interface MaskletTrackerOptions {
  readonly core: PlaneCore;
  /** May answer from a cache. */
  readonly encode: (view: View) => Promise<Embedding>;
  readonly pan: PanPolicy;
  /** The model's id, for messages. */
  readonly model: string;
}

const nothing: Raster = { box: [0, 0, 0, 0], data: new Uint8Array(0) };

export function createMaskletTracker({ core, encode, pan, model }: MaskletTrackerOptions): RestorableTracker {
  const { config } = core.description;
  const prompts = new Map<number, PromptParts>();
  const kept = createKeptTraces<KnownTrace>(HORIZON);

  async function look(view: View, watch: Watch): Promise<Features> {
    const embedding = await encode(view);
    throwIfCancelled(watch.signal);
    return featuresOf(embedding, config);
  }

  function keepPrompted(index: number, state: Known, directions: readonly OneWay[]): void {
    for (const direction of directions) kept.keep({ index, direction, state }, true);
  }

  /** The memory of a plane whose mask is settled. @param binarise for prompted planes */
  async function remember(view: View, features: Features, logits: Float32Array, pointer: Float32Array, binarise: boolean, present: boolean): Promise<Known["remembered"]> {
    return { box: view.box, memory: await core.remember(features, logits, binarise, !present), pointer };
  }

  async function fromPrompt(view: View, index: number, parts: PromptParts, watch: Watch): Promise<Step> {
    const features = await look(view, watch);
    const { sight, mask } = await seePrompted(view, features, parts);
    requireFinite(sight);
    const verdict = judgePrompted({ mask, score: sight.iou, present: true }, view.box);
    const remembered = verdict.end === undefined ? await remember(view, features, sight.logits, sight.pointer, true, true) : undefined;
    keepPrompted(index, { prompted: true, mask, absences: verdict.absences, remembered }, ["forward", "backward"]);
    return asStep(mask, sight, verdict);
  }

  async function seePrompted(view: View, features: Features, parts: PromptParts): Promise<{ sight: Sight; mask: Raster }> {
    const frame = frameOf(view, config.imageSize);
    const prompt = planePrompt(parts, frame);
    if (prompt.kind === "mask") {
      // What a person drew stands pixel by pixel, where the network could only give it back coarser.
      const mask = cropped(reframe(prompt.mask, view.box));
      return { sight: await core.accept(features, modelMask(mask, frame)), mask };
    }
    const previous = prompt.shape === undefined ? undefined : logitsOfGiven(modelMask(prompt.shape, frame));
    const sight = await core.seePrompted(features, prompt.points, previous);
    const logits = withoutSmallHoles(sight.logits);
    return { sight: { ...sight, logits }, mask: maskFromLogits(logits, view.box).mask };
  }

  async function fromMemory(view: View, index: number, direction: OneWay, past: Known, watch: Watch): Promise<Step> {
    const ended = past.prompted ? !isSeen(past.mask) : past.absences > PATIENCE;
    if (ended) {
      kept.keep({ index, direction, state: { prompted: false, mask: nothing, absences: PATIENCE + 1, remembered: undefined } }, false);
      return { mask: nothing, score: 0, presence: 0, warnings: [], end: past.prompted ? "empty" : "lost" };
    }
    const recollection = recollect(kept.all().filter((trace) => trace.direction === direction), index, direction, view.box, pan, config);
    if (recollection === undefined) throw MaskletError.of("nothing_prompted", {});
    const features = await look(view, watch);
    const sight = await core.see(features, recollection, noPoints);
    requireFinite(sight);
    throwIfCancelled(watch.signal);
    const { mask } = maskFromLogits(withoutSmallHoles(sight.logits), view.box);
    const verdict = judgeTracked(past, { mask, score: sight.iou, present: isPresent(sight) }, view.box);
    const remembered = verdict.end === undefined ? await remember(view, features, sight.logits, sight.pointer, false, isPresent(sight)) : undefined;
    kept.keep({ index, direction, state: { prompted: false, mask, absences: verdict.absences, remembered } }, false);
    return asStep(mask, sight, verdict);
  }

  function requireFinite({ iou, objectScore, pointer }: Sight): void {
    if (Number.isFinite(iou) && Number.isFinite(objectScore) && pointer.every(Number.isFinite)) return;
    throw MaskletError.of("model_failed", { model, why: "its decoder answered with values that are not finite" });
  }

  function before(index: number, direction: OneWay): Known | undefined {
    return kept.get(direction === "forward" ? index - 1 : index + 1, direction)?.state;
  }

  return {
    horizon: HORIZON,
    async setPrompt(index, prompt) {
      requirePrompt(prompt);
      kept.drop((at) => at === index);
      prompts.set(index, prompt);
    },
    async removePrompt(index) {
      if (prompts.delete(index)) kept.drop((at) => at === index);
    },
    async step(view, index, direction, watch = {}) {
      const parts = prompts.get(index);
      if (parts !== undefined) return fromPrompt(view, index, parts, watch);
      const past = before(index, direction);
      if (past === undefined) throw MaskletError.of("nothing_prompted", {});
      return fromMemory(view, index, direction, past, watch);
    },
    async candidates(view, index, watch = {}) {
      const parts = prompts.get(index);
      if (parts === undefined) throw MaskletError.of("nothing_prompted", {});
      const features = await look(view, watch);
      const frame = frameOf(view, config.imageSize);
      const prompt = planePrompt(parts, frame);
      if (prompt.kind === "mask") return [{ mask: cropped(reframe(prompt.mask, view.box)), score: 1 }];
      const previous = prompt.shape === undefined ? undefined : logitsOfGiven(modelMask(prompt.shape, frame));
      const decoded = await core.decode(features, await core.condition(features, undefined), prompt.points, previous);
      const found = alternatives(decoded, config).map((sight): Candidate => ({ mask: maskFromLogits(withoutSmallHoles(sight.logits), view.box).mask, score: clamped(sight.iou) }));
      return found.sort((a, b) => b.score - a.score);
    },
    async recall(view, index, direction, mask, watch = {}) {
      const prompted = prompts.has(index);
      const features = await look(view, watch);
      const seen = cropped(reframe(mask, view.box));
      const given = modelMask(seen, frameOf(view, config.imageSize));
      const sight = await core.accept(features, given);
      const remembered = await remember(view, features, sight.logits, sight.pointer, prompted, isPresent(sight));
      const absences = isSeen(mask) ? 0 : (before(index, direction)?.absences ?? 0) + 1;
      const state = { prompted, mask: seen, absences, remembered };
      if (!prompted) return kept.keep({ index, direction, state }, false);
      // Each direction may look through a window of its own; one that knows the plane already keeps what it knows.
      const other = direction === "forward" ? "backward" : "forward";
      keepPrompted(index, state, kept.get(index, other) === undefined ? [direction, other] : [direction]);
    },
    async forget(start, end) {
      kept.drop((index) => index >= start && index < end);
    },
    traces: (index) => kept.of(index),
    restore(traces) {
      for (const { index, direction, state } of traces) {
        if (!isKnown(state)) throw MaskletError.of("internal", { why: `plane ${index} was kept by another kind of tracker` });
        kept.keep({ index, direction, state }, prompts.has(index));
      }
    },
    async close() {
      prompts.clear();
      kept.drop(() => true);
    },
  };
}

function asStep(mask: Raster, { iou, objectScore }: Sight, { warnings, end }: Verdict): Step {
  const seen = { mask, score: isEmptyBox(mask.box) ? 0 : clamped(iou), presence: 1 / (1 + Math.exp(-objectScore)), warnings };
  return end === undefined ? seen : { ...seen, end };
}

function clamped(score: number): number {
  return Math.min(1, Math.max(0, score));
}
