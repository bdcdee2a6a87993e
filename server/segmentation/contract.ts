// What segmentation is asked and what it answers; the operations put sessions and segmentation together.
import type { TrackerSource, View, Window } from "#models/tracker.ts";
import type { Along, Cut, Direction, DisplayRange, End, IndexRange, Mask, PromptParts, Watch } from "#protocol/types.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { PlaneCut } from "./plane.ts";

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
  /** Planes whose prompts came, changed or went since the object was last followed: only the gaps beside them are walked. Undefined walks all. */
  readonly edited?: readonly Cut[] | undefined;
}

/** Planes as the network should see them. */
export interface Views {
  /** @throws what renderView throws */
  view(cut: PlaneCut, window: Window, signal?: AbortSignal): Promise<View>;
}

/** Where the pixels come from, how they are seen, and who looks. */
export interface Scene {
  readonly source: VolumeSource;
  readonly view: FrozenView;
  readonly trackers: TrackerSource;
  /** A model's id; `auto` is resolved before. */
  readonly model: string;
  readonly window: "object" | "plane";
  /** What a tracker's memories of earlier planes become when the window moves: they stay as they were seen (default), or are seen anew through the new window. */
  readonly windowMemory?: "keep" | "recall" | undefined;
  /** Of the same pixels, seen in the same way: who asks again and again about one plane renders it once. Default: a run's own. */
  readonly views?: Views | undefined;
}

export interface PropagateRequest {
  readonly objects: readonly PromptedObject[];
  readonly along: Along;
  readonly range?: IndexRange | undefined;
  readonly direction: Direction;
}

/** Planes of one lane that a run answers for, half-open along its axis. */
export interface WalkedSpan {
  readonly objectId: number;
  /** The frame of a lane along z, y or x; the z plane of one along t. */
  readonly fixed: number;
  readonly start: number;
  readonly end: number;
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
  /** What the network looked at, for who wants to look at the neighbouring planes in the same way. */
  readonly window?: Window | undefined;
}
