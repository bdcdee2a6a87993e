// A tracker without memory: each plane's mask is handed to the next as a box and a mask prompt.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { areaOf, cropped, isEmptyBox } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Box, OneWay, PromptParts, Watch } from "#protocol/types.ts";
import { createKeptTraces } from "../kept-traces.ts";
import { requirePrompt } from "../prompt.ts";
import type { RestorableTracker, Trace } from "../restorable.ts";
import type { Candidate, Step, View } from "../tracker.ts";
import { byScore, choosePrompted, chooseProjected } from "./choose-mask.ts";
import { contrastOf } from "./contrast.ts";
import { gateMask, ownLevel } from "./level-gate.ts";
import { netFrame } from "./net-frame.ts";
import type { DecodedMask, Embedding, Predictor } from "./predictor.ts";
import { decoderPrompt } from "./prompt-tensors.ts";
import type { DecoderPrompt } from "./prompt-tensors.ts";
import { contrastLeft, judge } from "./stop-rules.ts";
import type { Past } from "./stop-rules.ts";

/** Plane pixels the carried box is looser than the mask before: an object may grow by about this much a plane. */
const BOX_SLACK = 1;
/** Planes: nothing but the mask before is looked at. */
const HORIZON = 1;

export interface ProjectingTrackerOptions {
  readonly decode: Predictor["decode"];
  /** May answer from a cache. */
  readonly encode: (view: View) => Promise<Embedding>;
}

/** What is known after a plane, in its trace. */
interface Known extends Past {
  /** What `ownLevel` gave on the prompted plane. */
  readonly level: number | undefined;
}

interface KnownTrace extends Trace {
  readonly state: Known;
}

export function createProjectingTracker(options: ProjectingTrackerOptions): RestorableTracker {
  const prompts = new Map<number, PromptParts>();
  const kept = createKeptTraces<KnownTrace>(HORIZON);

  function keepPrompted(index: number, state: Known): void {
    for (const direction of ["forward", "backward"] as const) kept.keep({ index, direction, state }, true);
  }

  async function fromPrompt(view: View, index: number, parts: PromptParts, watch: Watch): Promise<Step> {
    const frame = netFrame(view);
    const prompt = decoderPrompt(parts, frame);
    const chosen = choosePrompted(await decode(view, prompt, watch), prompt);
    const { mask, score } = chosen;
    const state = originOf(mask, view);
    keepPrompted(index, state);
    return { mask, score, ...judge(undefined, { mask, score, contrast: state.promptedContrast }, view.box) };
  }

  async function fromPrevious(view: View, index: number, direction: OneWay, previous: Known, watch: Watch): Promise<Step> {
    const nothing: Step = { mask: { box: [0, 0, 0, 0], data: new Uint8Array(0) }, score: 0, presence: 0, warnings: [], end: "empty" };
    if (isEmptyBox(previous.mask.box)) return nothing;
    const decoded = await decode(view, { box: looser(previous.mask.box), mask: previous.mask }, watch);
    const { level } = previous;
    const gated = level === undefined ? decoded : decoded.map((one) => ({ ...one, mask: gateMask(one.mask, view, level) }));
    const { mask, score } = chooseProjected(gated);
    const contrast = contrastOf(mask, view);
    const verdict = judge(previous, { mask, score, contrast }, view.box);
    kept.keep({ index, direction, state: { ...previous, mask: verdict.end === undefined ? mask : nothing.mask, faintest: fainter(previous, contrast) } }, false);
    return { mask, score, ...verdict };
  }

  async function decode(view: View, prompt: DecoderPrompt, watch: Watch): Promise<readonly DecodedMask[]> {
    const embedding = await options.encode(view);
    throwIfCancelled(watch.signal);
    return options.decode(embedding, prompt, netFrame(view));
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
      const previous = before(index, direction);
      if (previous === undefined) throw MaskletError.of("nothing_prompted", {});
      return fromPrevious(view, index, direction, previous, watch);
    },
    async candidates(view, index, watch = {}) {
      const parts = prompts.get(index);
      if (parts === undefined) throw MaskletError.of("nothing_prompted", {});
      const decoded = await decode(view, decoderPrompt(parts, netFrame(view)), watch);
      return byScore(decoded.slice(1)).map(({ mask, score }): Candidate => ({ mask, score }));
    },
    async recall(view, index, direction, given) {
      const mask = cropped(given);
      if (prompts.has(index)) return keepPrompted(index, originOf(mask, view));
      const previous = before(index, direction);
      // Without the plane before, this one stands for the prompted plane it descends from.
      const state = previous === undefined ? originOf(mask, view) : { ...previous, mask, faintest: fainter(previous, contrastOf(mask, view)) };
      kept.keep({ index, direction, state }, false);
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

function originOf(mask: Raster, view: View): Known {
  return { mask, promptedArea: areaOf(mask), promptedContrast: contrastOf(mask, view), faintest: 1, level: ownLevel(mask, view) };
}

function fainter(past: Past, contrast: number): number {
  return Math.min(past.faintest, contrastLeft(contrast, past.promptedContrast));
}

/** Traces come back from this tracker's own kind, unchanged but for a structured clone: the shape is all that needs a look. */
function isKnown(state: unknown): state is Known {
  return typeof state === "object" && state !== null && "mask" in state && "promptedArea" in state && "promptedContrast" in state && "faintest" in state;
}

function looser(box: Raster["box"]): Box {
  return [box[0] - BOX_SLACK, box[1] - BOX_SLACK, box[2] + BOX_SLACK, box[3] + BOX_SLACK];
}
