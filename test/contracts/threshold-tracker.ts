// A tracker without weights for tests: an object is what lies on one side of the grey levels' midpoint and hangs together
// with its prompt, or with the mask on the plane before. Exact, quick, and a pure function of its calls.
import { MaskletError } from "#protocol/errors.ts";
import { boxHeight, boxWidth, isEmptyBox, packMask, reframe, unpackMask } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Box, PixelBox, PromptParts } from "#protocol/types.ts";
import { createKeptTraces } from "#models/kept-traces.ts";
import { requirePrompt } from "#models/prompt.ts";
import type { RestorableTracker, Trace } from "#models/restorable.ts";
import type { ClickMask, ClicksRequest, Step, TrackerSource, View } from "#models/tracker.ts";

/** Grey levels of 256. */
const LEAST_CONTRAST = 32;

/** Any model id will do. */
export function thresholdTrackers(): TrackerSource {
  return { openTracker: async () => createThresholdTracker(), clicks: async (_model, view, request) => thresholdClicks(view, request), encodeAhead: async () => {} };
}

/** Both sides of the midpoint around each point, or with one alternative only its own; as sure as can be. */
export function thresholdClicks(view: View, request: ClicksRequest): readonly ClickMask[] {
  return request.points.flatMap((point) => {
    const seed = seedOf({ points: [[point[0], point[1], 1]] }, view.box);
    const side = sideOf(seed, view);
    return (request.multimask ? [side, -side] : [side]).map((one) => ({ point, mask: grow(seed, view, one), score: 1, stability: 1 }));
  }).filter(({ mask }) => !isEmptyBox(mask.box));
}

interface Found {
  readonly mask: Raster;
  /** 1 for an object brighter than the midpoint, -1 for a darker one. */
  readonly side: number;
}

interface FoundTrace extends Trace {
  readonly state: Found;
}

export function createThresholdTracker(): RestorableTracker {
  const prompts = new Map<number, PromptParts>();
  const kept = createKeptTraces<FoundTrace>(1);

  function promptOf(index: number): PromptParts {
    const parts = prompts.get(index);
    if (parts === undefined) throw MaskletError.of("nothing_prompted", {});
    return parts;
  }

  function keepPrompted(index: number, state: Found): void {
    for (const direction of ["forward", "backward"] as const) kept.keep({ index, direction, state }, true);
  }

  return {
    horizon: 1,
    async setPrompt(index, prompt) {
      requirePrompt(prompt);
      kept.drop((at) => at === index);
      prompts.set(index, prompt);
    },
    async removePrompt(index) {
      if (prompts.delete(index)) kept.drop((at) => at === index);
    },
    async step(view, index, direction) {
      if (prompts.has(index)) {
        const seed = seedOf(promptOf(index), view.box);
        const side = sideOf(seed, view);
        const mask = grow(seed, view, side);
        keepPrompted(index, { mask, side });
        return asStep(mask, view.box);
      }
      const before = kept.get(direction === "forward" ? index - 1 : index + 1, direction);
      if (before === undefined) throw MaskletError.of("nothing_prompted", {});
      const mask = grow(before.state.mask, view, before.state.side);
      kept.keep({ index, direction, state: { mask, side: before.state.side } }, false);
      return asStep(mask, view.box);
    },
    async candidates(view, index) {
      const seed = seedOf(promptOf(index), view.box);
      return [{ mask: grow(seed, view, sideOf(seed, view)), score: 1 }, { mask: grow(seed, view, -sideOf(seed, view)), score: 0.5 }];
    },
    async recall(view, index, direction, mask) {
      const found = { mask, side: sideOf(reframe(mask, view.box), view) };
      if (prompts.has(index)) keepPrompted(index, found);
      else kept.keep({ index, direction, state: found }, false);
    },
    async forget(start, end) {
      kept.drop((index) => index >= start && index < end);
    },
    async close() {
      prompts.clear();
    },
    traces: (index) => kept.of(index),
    restore(traces) {
      for (const { index, direction, state } of traces) {
        if (!isFound(state)) throw MaskletError.of("internal", { why: "not a trace of a threshold tracker" });
        kept.keep({ index, direction, state }, prompts.has(index));
      }
    },
  };
}

function isFound(state: unknown): state is Found {
  return typeof state === "object" && state !== null && "mask" in state && "side" in state;
}

function asStep(mask: Raster, seen: PixelBox): Step {
  if (isEmptyBox(mask.box)) return { mask, score: 0, presence: 0, warnings: [], end: "empty" };
  const edge = mask.box[0] <= seen[0] || mask.box[1] <= seen[1] || mask.box[2] >= seen[2] || mask.box[3] >= seen[3];
  return { mask, score: 1, presence: 1, warnings: edge ? ["touches-edge"] : [] };
}

/** The pixels that the prompt speaks of, within the view. */
function seedOf(parts: PromptParts, within: PixelBox): Raster {
  if (parts.mask !== undefined && !isEmptyBox(parts.mask.box)) return reframe(unpackMask(parts.mask), within);
  if (parts.box !== undefined) return filled(parts.box, within);
  if (parts.polygon !== undefined) {
    const xs = parts.polygon.map((vertex) => vertex[0]);
    const ys = parts.polygon.map((vertex) => vertex[1]);
    return filled([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], within);
  }
  const point = parts.points?.find((one) => one[2] === 1);
  return point === undefined ? filled([0, 0, 0, 0], within) : filled([Math.floor(point[0]), Math.floor(point[1]), Math.floor(point[0]) + 1, Math.floor(point[1]) + 1], within);
}

function filled(box: Box, within: PixelBox): Raster {
  const data = new Uint8Array(boxWidth(within) * boxHeight(within));
  for (let v = within[1], at = 0; v < within[3]; v++) {
    for (let u = within[0]; u < within[2]; u++, at++) if (u >= box[0] && u < box[2] && v >= box[1] && v < box[3]) data[at] = 1;
  }
  return { box: within, data };
}

function greyAt(view: View, u: number, v: number): number {
  const x = Math.floor(((u + 0.5 - view.box[0]) * view.width) / boxWidth(view.box));
  const y = Math.floor(((v + 0.5 - view.box[1]) * view.height) / boxHeight(view.box));
  return view.pixels[(y * view.width + x) * view.channels]!;
}

/** 1 when the seed is brighter than what surrounds it in the view, -1 when darker. */
function sideOf(seed: Raster, view: View): number {
  let inside = 0;
  let insideCount = 0;
  let all = 0;
  for (let v = view.box[1], at = 0; v < view.box[3]; v++) {
    for (let u = view.box[0]; u < view.box[2]; u++, at++) {
      const grey = greyAt(view, u, v);
      all += grey;
      if (seed.data[at] === 0) continue;
      inside += grey;
      insideCount++;
    }
  }
  return insideCount > 0 && inside / insideCount < all / seed.data.length ? -1 : 1;
}

function grow(seed: Raster, view: View, side: number): Raster {
  const width = boxWidth(view.box);
  const height = boxHeight(view.box);
  let low = Infinity;
  let high = -Infinity;
  for (const grey of view.pixels) {
    low = Math.min(low, grey);
    high = Math.max(high, grey);
  }
  const data = new Uint8Array(width * height);
  // Less is noise: there is nothing to part.
  if (high - low < LEAST_CONTRAST) return { box: [0, 0, 0, 0], data: new Uint8Array(0) };
  const from = reframe(seed, view.box);
  const belongs = (at: number): boolean => (greyAt(view, view.box[0] + (at % width), view.box[1] + Math.floor(at / width)) - (low + high) / 2) * side > 0;
  const open: number[] = [];
  const take = (at: number): void => {
    if (data[at] !== 0 || !belongs(at)) return;
    data[at] = 1;
    open.push(at);
  };
  for (let at = 0; at < data.length; at++) if (from.data[at] !== 0) take(at);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at % width > 0) take(at - 1);
    if (at % width < width - 1) take(at + 1);
    if (at >= width) take(at - width);
    if (at < data.length - width) take(at + width);
  }
  const { box, area } = packMask({ box: view.box, data });
  return area === 0 ? { box, data: new Uint8Array(0) } : reframe({ box: view.box, data }, box);
}
