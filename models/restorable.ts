// What lets a tracker go on in another process after its own has died. Internal to `models`: callers see `Tracker`.
import type { OneWay } from "#protocol/types.ts";
import type { Tracker } from "./tracker.ts";

/** What a tracker keeps of one plane it has stepped. */
export interface Trace {
  readonly index: number;
  readonly direction: OneWay;
  /** The tracker's own; survives structured cloning. */
  readonly state: unknown;
}

export interface RestorableTracker extends Tracker {
  /** How many planes behind the one being stepped it may still look; traces of prompted planes it needs always. */
  readonly horizon: number;
  /** What it keeps of plane `index`, in either direction. */
  traces(index: number): readonly Trace[];
  /** Takes back traces; with the same prompts, equal traces give equal steps. */
  restore(traces: readonly Trace[]): void;
}
