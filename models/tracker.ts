// What a model that follows objects promises. One tracker follows one object along one axis; sam1 implements it, and the
// model host offers the same interface across its process boundary.
import type { EndReason, OneWay, PixelBox, PromptParts, Warning, Watch } from "#protocol/types.ts";
import type { Raster } from "#protocol/mask.ts";

/**
 * The part of a plane the network looks at, in whole plane pixels; square in space, so its sides differ where pixels are not
 * square. Where the plane ends earlier, the view does too.
 */
export interface Window {
  readonly u0: number;
  readonly v0: number;
  readonly width: number;
  readonly height: number;
}

/** A window's pixels as the network should see them. */
export interface View {
  readonly window: Window;
  /** The part of the plane that the raster covers, in whole plane pixels; inside the window. */
  readonly box: PixelBox;
  /** Raster size: the box in square pixels. Either side may be the box's, averaged down, or interpolated where pixels are not square. */
  readonly width: number;
  readonly height: number;
  /** 1 (grey) or 3 (red, green, blue), interleaved. */
  readonly channels: 1 | 3;
  /** `[height, width, channels]`, 0..255 within the view's range. */
  readonly pixels: Float32Array;
  /** Names these pixels: equal keys promise equal pixels, so an embedding can be used again. */
  readonly key: string;
}

export interface Step {
  /** In whole plane pixels. Empty when the object is not there. */
  readonly mask: Raster;
  /** The network's estimate of its overlap with the truth, 0..1. */
  readonly score: number;
  /** How sure the tracker is that the object is on this plane at all, 0..1. */
  readonly presence: number;
  readonly warnings: readonly Warning[];
  /** Set when the object ends here: the mask of this plane is then not part of it. */
  readonly end?: Extract<EndReason, "lost" | "empty" | "low-score" | "area-jump" | "low-contrast">;
}

/** One possible answer to a prompt. */
export interface Candidate {
  readonly mask: Raster;
  readonly score: number;
}

/**
 * Follows one object. Its state is a pure function of the calls made, in order; equal calls give equal masks.
 * All calls may take long and none may overlap another of the same tracker. A watch that fires ends the wait at once with `cancelled`.
 */
export interface Tracker {
  /** Prompts plane `index`, replacing what was said about it. @throws prompt_empty */
  setPrompt(index: number, prompt: PromptParts): Promise<void>;
  /** Forgets the prompt of plane `index`, if there is one. */
  removePrompt(index: number): Promise<void>;
  /**
   * Finds the object on plane `index`. A prompted plane is answered from its prompt; any other from the plane before it
   * in `direction`, which must have been stepped. @throws nothing_prompted when there is nothing to go by
   */
  step(view: View, index: number, direction: OneWay, watch?: Watch): Promise<Step>;
  /** The alternatives the network sees for the prompt of plane `index`, best first. @throws nothing_prompted */
  candidates(view: View, index: number, watch?: Watch): Promise<readonly Candidate[]>;
  /**
   * Takes plane `index` as found before with this mask, without looking for the object again: `view` may show it through
   * another window than then. A prompted plane keeps its prompt; its mask is the given one from now on.
   */
  recall(view: View, index: number, direction: OneWay, mask: Raster, watch?: Watch): Promise<void>;
  /** Forgets what was found, not what was prompted, on planes start (included) to end (not). */
  forget(start: number, end: number): Promise<void>;
  close(): Promise<void>;
}

/** Clicks that are each answered alone, as an automatic segmentation makes them. */
export interface ClicksRequest {
  /** `[u, v]` plane pixels, corner floats, all of objects. */
  readonly points: readonly (readonly [number, number])[];
  /** Three alternatives a click, else the one mask for unambiguous prompts. */
  readonly multimask: boolean;
  /** Decode each mask once more, with its own logits as mask prompt. */
  readonly refine: boolean;
  /** Keep masks with a greater score; 0 keeps all. */
  readonly scoreThreshold: number;
  /** Keep masks at least this stable; 0 keeps all. */
  readonly stabilityThreshold: number;
  /** Logits by which the mask's threshold is raised and lowered to see how stable its area is. */
  readonly stabilityOffset: number;
}

export interface ClickMask {
  readonly point: readonly [number, number];
  /** In whole plane pixels, not empty. */
  readonly mask: Raster;
  readonly score: number;
  /** Area at the raised threshold over area at the lowered one, 0..1. */
  readonly stability: number;
}

/** Makes trackers of one model. `auto` is resolved before this. */
export interface TrackerSource {
  /** @throws model_unknown, model_not_installed, model_damaged */
  openTracker(model: string): Promise<Tracker>;
  /** What single clicks find, in the order of the points. @throws as openTracker, model_failed, cancelled */
  clicks(model: string, view: View, request: ClicksRequest, watch?: Watch): Promise<readonly ClickMask[]>;
  /** Encodes a view that may be wanted soon, when nothing else is to be done. @throws as openTracker, and cancelled */
  encodeAhead(model: string, view: View, watch?: Watch): Promise<void>;
}
