// A gap between prompted planes and the fronts that walk it. A front walks from a prompted plane in one direction until the
// object ends or another front is met. Two fronts in one gap share it: the lower one has the larger half. Beyond its own
// half a front goes only where the other ended by itself. That is what two fronts that step in turn come to, and it lets
// all forward fronts of a run be walked before all backward ones, whoever else is in the run.
import type { Window } from "#models/tracker.ts";
import type { Raster } from "#protocol/mask.ts";
import type { EndReason, OneWay } from "#protocol/types.ts";

export interface Front {
  readonly direction: OneWay;
  /** The prompted plane it started from, and its window there. */
  readonly from: number;
  readonly firstWindow: Window;
  /** The plane to look at next. */
  next: number;
  /** The last plane with a mask. */
  last: number;
  window: Window;
  /** The window has moved since the prompted plane. */
  panned: boolean;
  /** Why it stopped; undefined while it walks, or waits for what the other front finds. */
  reason: EndReason | undefined;
  /** The last planes with a mask, oldest first, where a moved window needs them. */
  readonly kept: { readonly index: number; readonly mask: Raster }[];
}

/** Half-open; a front is missing where there is no prompted plane, where nothing was found on it, or for a run in one direction. */
export interface Gap {
  readonly start: number;
  readonly end: number;
  readonly left: Front | undefined;
  readonly right: Front | undefined;
}

export function startFront(direction: OneWay, from: number, window: Window): Front {
  return { direction, from, firstWindow: window, next: direction === "forward" ? from + 1 : from - 1, last: from, window, panned: false, reason: undefined, kept: [] };
}

export function frontsOf({ left, right }: Gap): readonly Front[] {
  return [left, right].filter((front) => front !== undefined);
}

/** @returns whether the front's next plane is its to look at, as far as is known now */
export function mayWalk(gap: Gap, front: Front): boolean {
  if (front.reason !== undefined) return false;
  const middle = gap.start + Math.ceil((gap.end - gap.start) / 2);
  if (front.direction === "forward") {
    const { right } = gap;
    return front.next < (right === undefined ? gap.end : right.reason === undefined ? middle : right.last);
  }
  const { left } = gap;
  return front.next >= (left === undefined ? gap.start : left.reason === undefined ? middle : left.last + 1);
}

/** No front of the gap will look at another plane. */
export function isWalked(gap: Gap): boolean {
  return !frontsOf(gap).some((front) => mayWalk(gap, front));
}

/** Why a front stopped that did not end by itself. @param lane what is walked of an axis `size` long */
export function edgeReason(lane: { readonly start: number; readonly end: number; readonly size: number }, gap: Gap, front: Front): EndReason {
  const forward = front.direction === "forward";
  const outside = forward ? front.next >= gap.end && gap.end === lane.end : front.next < gap.start && gap.start === lane.start;
  if (!outside) return "next-prompt";
  return (forward ? lane.end === lane.size : lane.start === 0) ? "volume-edge" : "range";
}
