// A tracker without memory: each plane's mask is handed to the next as a box and a mask prompt.
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Box, OneWay, PromptParts } from "#protocol/types.ts";
import { requirePrompt } from "../prompt.ts";
import type { RestorableTracker, Trace } from "../restorable.ts";
import type { Candidate, Step, View } from "../tracker.ts";
import { byScore, choosePrompted, chooseProjected } from "./choose-mask.ts";
import { contrastOf } from "./contrast.ts";
import { gateMask, ownLevel } from "./level-gate.ts";
import { netFrame } from "./net-frame.ts";
import type { Embedding, Predictor } from "./predictor.ts";
import { decoderPrompt } from "./prompt-tensors.ts";
import { areaOf, contrastLeft, judge } from "./stop-rules.ts";

/** Plane pixels the carried box is looser than the mask before: an object may grow by about this much a plane. */
const BOX_SLACK = 1;

export interface ProjectingTrackerOptions {
  readonly decode: Predictor["decode"];
  /** May answer from a cache. */
  readonly encode: (view: View) => Promise<Embedding>;
}

export function createProjectingTracker(options: ProjectingTrackerOptions): RestorableTracker {
  const prompts = new Map<number, PromptParts>();
  // Apart, because a plane between two prompts is found from either side.
  const found: Record<OneWay, Map<number, Trace>> = { forward: new Map(), backward: new Map() };

  function drop(index: number): void {
    found.forward.delete(index);
    found.backward.delete(index);
  }

  async function fromPrompt(view: View, index: number, parts: PromptParts): Promise<Step> {
    const frame = netFrame(view);
    const prompt = decoderPrompt(parts, frame);
    const chosen = choosePrompted(await options.decode(await options.encode(view), prompt, frame), prompt);
    const { mask, score } = chosen;
    const contrast = contrastOf(mask, view);
    const kept = { index, mask, promptedArea: areaOf(mask), promptedContrast: contrast, faintest: 1, level: ownLevel(mask, view) };
    found.forward.set(index, { ...kept, direction: "forward" });
    found.backward.set(index, { ...kept, direction: "backward" });
    return { mask, score, ...judge(undefined, { mask, score, contrast }, view.box) };
  }

  async function fromPrevious(view: View, index: number, direction: OneWay, previous: Trace): Promise<Step> {
    const nothing: Step = { mask: { box: [0, 0, 0, 0], data: new Uint8Array(0) }, score: 0, presence: 0, warnings: [], end: "empty" };
    if (isEmptyBox(previous.mask.box)) return nothing;
    const frame = netFrame(view);
    const decoded = await options.decode(await options.encode(view), { box: looser(previous.mask.box), mask: previous.mask }, frame);
    const { level } = previous;
    const gated = level === undefined ? decoded : decoded.map((one) => ({ ...one, mask: gateMask(one.mask, view, level) }));
    const { mask, score } = chooseProjected(gated);
    const contrast = contrastOf(mask, view);
    const verdict = judge(previous, { mask, score, contrast }, view.box);
    const faintest = Math.min(previous.faintest, contrastLeft(contrast, previous.promptedContrast));
    found[direction].set(index, { ...previous, index, mask: verdict.end === undefined ? mask : nothing.mask, faintest });
    return { mask, score, ...verdict };
  }

  return {
    async setPrompt(index, prompt) {
      requirePrompt(prompt);
      drop(index);
      prompts.set(index, prompt);
    },
    async removePrompt(index) {
      if (prompts.delete(index)) drop(index);
    },
    async step(view, index, direction) {
      const parts = prompts.get(index);
      if (parts !== undefined) return fromPrompt(view, index, parts);
      const previous = found[direction].get(direction === "forward" ? index - 1 : index + 1);
      if (previous === undefined) throw MaskletError.of("nothing_prompted", {});
      return fromPrevious(view, index, direction, previous);
    },
    async candidates(view, index) {
      const parts = prompts.get(index);
      if (parts === undefined) throw MaskletError.of("nothing_prompted", {});
      const frame = netFrame(view);
      const decoded = await options.decode(await options.encode(view), decoderPrompt(parts, frame), frame);
      return byScore(decoded.slice(1)).map(({ mask, score }): Candidate => ({ mask, score }));
    },
    async forget(start, end) {
      for (const direction of [found.forward, found.backward]) {
        for (const index of [...direction.keys()]) if (index >= start && index < end) direction.delete(index);
      }
    },
    traces: (index) => [found.forward.get(index), found.backward.get(index)].filter((trace) => trace !== undefined),
    restore(traces) {
      for (const trace of traces) found[trace.direction].set(trace.index, trace);
    },
    async close() {
      prompts.clear();
      found.forward.clear();
      found.backward.clear();
    },
  };
}

function looser(box: Raster["box"]): Box {
  return [box[0] - BOX_SLACK, box[1] - BOX_SLACK, box[2] + BOX_SLACK, box[3] + BOX_SLACK];
}
