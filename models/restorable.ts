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
  /** Of the prompted plane this one descends from: pixels, and how much the object stood out. */
  readonly promptedArea: number;
  readonly promptedContrast: number;
  /** The least part of that contrast seen since. */
  readonly faintest: number;
  /** The object's grey level there, when it sets the object off. */
  readonly level?: number | undefined;
}

export interface RestorableTracker extends Tracker {
  /** What it keeps of plane `index`, in either direction. */
  traces(index: number): readonly Trace[];
  /** Takes back traces; with the same prompts, equal traces give equal steps. */
  restore(traces: readonly Trace[]): void;
}
