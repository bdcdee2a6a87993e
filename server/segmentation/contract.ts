// What segmentation is asked and what it answers; the operations put sessions and segmentation together.
import type { TrackerSource } from "#models/tracker.ts";
import type { Along, Cut, Direction, DisplayRange, End, IndexRange, Mask, PromptParts, Watch } from "#protocol/types.ts";
import type { VolumeSource } from "#server/volumes/source.ts";

/** ViewSettings with nothing left open: what a session freezes at its first look at the pixels. */
export interface FrozenView {
  readonly range: DisplayRange;
  readonly invert: boolean;
  /** Standard deviation of the denoising Gaussian, in units of the smallest spacing; 0 = none. */
  readonly sigma: number;
}

export interface PromptedCut {
  readonly cut: Cut;
  readonly parts: PromptParts;
}

export interface PromptedObject {
  readonly objectId: number;
  readonly prompts: readonly PromptedCut[];
}

/** Where the pixels come from, how they are seen, and who looks. */
export interface Scene {
  readonly source: VolumeSource;
  readonly view: FrozenView;
  readonly trackers: TrackerSource;
  /** A model's id; `auto` is resolved before. */
  readonly model: string;
  readonly window: "object" | "plane";
}

export interface PropagateRequest {
  readonly objects: readonly PromptedObject[];
  readonly along: Along;
  readonly range?: IndexRange | undefined;
  readonly direction: Direction;
}

export interface PropagateEvents extends Watch {
  /** Called in the order found; awaited, so a slow reader slows the run and not the memory. */
  readonly onMask: (mask: Mask) => void | Promise<void>;
  readonly onEnd: (end: End) => void;
}

/** The answer to one prompt: the mask on its plane, and the network's alternatives when they were asked for. */
export interface PlaneAnswer {
  readonly mask: Mask;
  readonly candidates: readonly Mask[];
}
