// Follows prompted objects through a volume, plane by plane, and hands out each mask as it is found.
import { throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Direction, End, Shape } from "#protocol/types.ts";
import type { Window } from "#models/tracker.ts";
import { checkPrompt } from "./check-prompt.ts";
import type { PropagateEvents, PropagateRequest, Scene, Views, WalkedSpan } from "./contract.ts";
import { firstWindow, promptWindow } from "./first-look.ts";
import { advance } from "./front.ts";
import { edgeReason, frontsOf, isWalked, type Gap } from "./gap.ts";
import { evenWindows, openGaps, openLane, stepPrompted, type LaneRun } from "./lane-run.ts";
import { axisAlong, cutAt, lanesOf, type Lane } from "./lane.ts";
import { createTally, type Tally } from "./tally.ts";
import { byWindow, sweepAll } from "./sweep.ts";
import { createViews } from "./views.ts";
import { withBricks } from "./bricks.ts";

export interface PropagateAnswer {
  /** Masks found, those on prompted planes included. */
  readonly planes: number;
  /** One for each object and direction walked. */
  readonly ends: readonly End[];
}

/** Everything that can be said against a run before it starts. @returns what it answers for. @throws what checkPrompt and lanesOf throw */
export function checkRun(shape: Shape, request: PropagateRequest): WalkedSpan[] {
  return lanesOfRun(shape, request).flatMap(({ objectId, fixed, prompts, gaps }) => [
    ...prompts.filter(({ shown }) => shown).map(({ index }) => ({ objectId, fixed, start: index, end: index + 1 })),
    ...gaps.filter(({ start, end }) => end > start).map(({ start, end }) => ({ objectId, fixed, start, end })),
  ]);
}

function lanesOfRun(shape: Shape, { objects, along, range }: PropagateRequest): Lane[] {
  for (const { prompts } of objects) for (const { cut, parts } of prompts) checkPrompt(shape, cut, parts);
  return objects.flatMap((object) => lanesOf(object, along, shape, range));
}

/**
 * Every object is followed from each of its prompted planes. Between two of them, fronts walk towards each other and
 * meet half way, or where one lost the object. Many objects are walked side by side; what is found of one does not depend
 * on the others.
 * @throws cancelled after an End with reason `cancelled` for each front begun that had not ended; what checkRun, reading and
 * the model throw
 */
export async function propagate(given: Scene, request: PropagateRequest, events: PropagateEvents): Promise<PropagateAnswer> {
  const lanes = lanesOfRun(given.source.shape, request);
  const scene = { ...given, source: withBricks(given.source, axisAlong(request.along)) };
  const tally = createTally(lanes, request.direction, events);
  for (const batch of batches(scene, lanes)) await walk({ scene, views: createViews(scene), direction: request.direction, events, tally }, batch);
  return { planes: tally.masks(), ends: tally.ends() };
}

/** Lanes that may share views stand together: of one frame and channel, then by window. */
function batches(scene: Scene, lanes: readonly Lane[]): Lane[][] {
  const placed = lanes.map((lane) => {
    const { index, parts } = lane.prompts[0]!;
    return { lane, window: firstWindow(scene, cutAt(lane, index), parts).window };
  });
  placed.sort((a, b) => a.lane.fixed - b.lane.fixed || a.lane.c - b.lane.c || byWindow(a.window, b.window));
  const all: Lane[][] = [];
  for (const { lane } of placed) {
    const last = all.at(-1);
    const fits = last !== undefined && last.length < limits.maxTrackersAtOnce && last[0]!.fixed === lane.fixed && last[0]!.c === lane.c;
    if (fits) last.push(lane);
    else all.push([lane]);
  }
  return all;
}

interface Walk {
  readonly scene: Scene;
  readonly views: Views;
  readonly direction: Direction;
  readonly events: PropagateEvents;
  readonly tally: Tally;
}

async function walk({ scene, views, direction, events, tally }: Walk, lanes: readonly Lane[]): Promise<void> {
  const { signal } = events;
  const runs: LaneRun[] = [];
  const finish = (run: LaneRun, gap: Gap): void => {
    for (const front of frontsOf(gap)) {
      if (front.reason === undefined) tally.end(run.lane, front, (front.reason = edgeReason(run.lane, gap, front)));
    }
    tally.passed(gap);
  };
  try {
    for (const lane of lanes) {
      throwIfCancelled(signal);
      runs.push(await openLane(scene, views, lane));
    }
    await lookAtPrompts(runs, direction, events, tally);
    for (const run of runs) {
      openGaps(run, direction);
      for (const gap of run.gaps) if (isWalked(gap)) finish(run, gap);
    }
    await sweepAll(runs, async ({ run, gap, front }) => {
      const mask = await advance(run, front, signal);
      tally.visited(gap);
      if (front.reason !== undefined) tally.end(run.lane, front, front.reason);
      if (mask !== undefined) await tally.mask(mask);
      if (isWalked(gap)) finish(run, gap);
    }, signal);
  } catch (cause) {
    if (signal?.aborted) for (const run of runs) for (const front of run.gaps.flatMap(frontsOf)) if (front.reason === undefined) tally.end(run.lane, front, (front.reason = "cancelled"));
    throw cause;
  } finally {
    for (const { tracker } of runs) await tracker.close();
  }
}

/** First where to look, then the looking: both plane by plane and window by window, over all lanes. */
async function lookAtPrompts(runs: readonly LaneRun[], direction: Direction, { signal }: PropagateEvents, tally: Tally): Promise<void> {
  const looks = runs.flatMap((run) => run.lane.prompts.map(({ index, parts }, at) => ({ run, at, index, parts, cut: cutAt(run.lane, index) })));
  const windows = new Map<LaneRun, Window[]>(runs.map((run) => [run, []]));
  const first = new Map(looks.map((look) => [look, firstWindow(look.run.scene, look.cut, look.parts).window]));
  looks.sort((a, b) => a.index - b.index || byWindow(first.get(a)!, first.get(b)!));
  for (const { run, at, index, parts, cut } of looks) {
    throwIfCancelled(signal);
    windows.get(run)![at] = await promptWindow(run.scene, run.views, run.tracker, cut, index, parts, signal);
  }
  for (const run of runs) windows.set(run, evenWindows(run, windows.get(run)!));
  looks.sort((a, b) => a.index - b.index || byWindow(windows.get(a.run)![a.at]!, windows.get(b.run)![b.at]!));
  for (const { run, at, index } of looks) {
    throwIfCancelled(signal);
    const found = await stepPrompted(run, at, windows.get(run)![at]!, signal);
    if (!run.lane.prompts[at]!.shown) continue;
    if ("mask" in found) await tally.mask(found.mask);
    else for (const way of ["forward", "backward"] as const) if (direction === "both" || direction === way) tally.end(run.lane, { direction: way, last: index }, found.reason);
    tally.visited();
  }
}
