// Lanes walked in lockstep: all forward fronts by rising plane, then all backward ones by falling plane, those that look
// through one window next to each other. So k objects in one window cost one encoder run a plane, not k.
import type { Window } from "#models/tracker.ts";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { OneWay } from "#protocol/types.ts";
import { frontsOf, mayWalk, type Front, type Gap } from "./gap.ts";
import type { LaneRun } from "./lane-run.ts";

export interface Walker {
  readonly run: LaneRun;
  readonly gap: Gap;
  readonly front: Front;
}

/** Walks every front as far as it may go. What one lane finds does not depend on which others are there. @throws cancelled, and what `step` throws */
export async function sweepAll(runs: readonly LaneRun[], step: (walker: Walker) => Promise<void>, signal?: AbortSignal): Promise<void> {
  const walkers = runs.flatMap((run) => run.gaps.flatMap((gap) => frontsOf(gap).map((front): Walker => ({ run, gap, front }))));
  const open = (): boolean => walkers.some(({ gap, front }) => mayWalk(gap, front));
  // Once more forward, at most: where a backward front ended by itself the forward one goes on.
  while (open()) for (const direction of ["forward", "backward"] as const) await sweep(walkers.filter(({ front }) => front.direction === direction), direction, step, signal);
}

async function sweep(walkers: readonly Walker[], direction: OneWay, step: (walker: Walker) => Promise<void>, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const walking = walkers.filter(({ gap, front }) => mayWalk(gap, front));
    if (walking.length === 0) return;
    const planes = walking.map(({ front }) => front.next);
    const index = direction === "forward" ? Math.min(...planes) : Math.max(...planes);
    const here = walking.filter(({ front }) => front.next === index).sort((a, b) => byWindow(a.front.window, b.front.window));
    for (const walker of here) {
      throwIfCancelled(signal);
      await step(walker);
    }
  }
}

/** Row by row, so that equal windows stand together and neighbouring ones near. */
export function byWindow(a: Window, b: Window): number {
  return a.width - b.width || a.v0 - b.v0 || a.u0 - b.u0;
}
