// What lets a tracker go on in another process after its own has died. Internal to `models`: callers see `Tracker`.
import type { Raster } from "#protocol/mask.ts";
import type { OneWay } from "#protocol/types.ts";
import type { Tracker } from "./tracker.ts";

/** What a tracker keeps of one plane it has stepped. */
export interface Trace {
  readonly index: number;
  readonly direction: OneWay;
  /** In whole plane pixels; empty where the object had ended. */
  readonly mask: Raster;
  /** A measure of the prompted plane that this one is compared with. */
  readonly reference: number;
}

export interface RestorableTracker extends Tracker {
  /** What it keeps of plane `index`, in either direction. */
  traces(index: number): readonly Trace[];
  /** Takes back traces; with the same prompts, equal traces give equal steps. */
  restore(traces: readonly Trace[]): void;
}
