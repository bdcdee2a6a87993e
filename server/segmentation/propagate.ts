// Follows prompted objects through a volume, plane by plane, and hands out each mask as it is found.
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Direction, End, EndReason, Shape } from "#protocol/types.ts";
import type { Tracker, Window } from "#models/tracker.ts";
import { checkPrompt } from "./check-prompt.ts";
import type { PropagateEvents, PropagateRequest, Scene } from "./contract.ts";
import { promptWindow } from "./first-look.ts";
import { advance, startFront, type Front } from "./front.ts";
import { lanesOf, planeAt, planeIndex, type Lane } from "./lane.ts";
import { wireMask } from "./segment-plane.ts";
import { renderView } from "./view.ts";
import { windowAround } from "./window.ts";

export interface PropagateAnswer {
  /** Masks found, those on prompted planes included. */
  readonly planes: number;
  /** One for each object and direction walked. */
  readonly ends: readonly End[];
}

/** Everything that can be said against a run before it starts. @returns its lanes. @throws what checkPrompt and lanesOf throw */
export function checkRun(shape: Shape, { objects, along, range }: PropagateRequest): Lane[] {
  for (const { prompts } of objects) for (const { cut, parts } of prompts) checkPrompt(shape, cut, parts);
  return objects.flatMap((object) => lanesOf(object, along, shape, range));
}

/**
 * Every object is followed from each of its prompted planes. Between two of them, fronts walk towards each other and
 * meet where they meet, so that each plane is answered from the nearest prompt that reached it.
 * @throws cancelled after an End with reason `cancelled` for each front that still walked; what checkRun, reading and the
 * model throw
 */
export async function propagate(scene: Scene, request: PropagateRequest, events: PropagateEvents): Promise<PropagateAnswer> {
  const lanes = checkRun(scene.source.shape, request);
  const total = lanes.reduce((sum, lane) => sum + planesToVisit(lane, request.direction), 0);
  const ends: End[] = [];
  let planes = 0;
  let before = 0;
  for (const lane of lanes) {
    const run: Run = {
      scene, lane, direction: request.direction, events,
      onVisited: (visited) => events.onProgress?.({ done: before + visited, total, unit: "planes" }),
      onEnd: (end) => {
        ends.push(end);
        events.onEnd(end);
      },
    };
    planes += await runLane(run);
    before += planesToVisit(lane, request.direction);
    run.onVisited(0);
  }
  return { planes, ends };
}

interface Run {
  readonly scene: Scene;
  readonly lane: Lane;
  readonly direction: Direction;
  readonly events: PropagateEvents;
  readonly onVisited: (visited: number) => void;
  readonly onEnd: (end: End) => void;
}

/** At most so many planes; objects that end early leave some out. */
function planesToVisit(lane: Lane, direction: Direction): number {
  const first = planeIndex(lane.prompts[0]!.cut, lane.along);
  const last = planeIndex(lane.prompts.at(-1)!.cut, lane.along);
  return (direction === "forward" ? last : lane.end - 1) - (direction === "backward" ? first : lane.start) + 1;
}

async function runLane(run: Run): Promise<number> {
  const { scene, lane, events } = run;
  const tracker = await scene.trackers.openTracker(scene.model);
  try {
    for (const { cut, parts } of lane.prompts) await tracker.setPrompt(planeIndex(cut, lane.along), parts);
    const windows = await promptWindows(run, tracker);
    const indices = lane.prompts.map(({ cut }) => planeIndex(cut, lane.along));
    const found: boolean[] = [];
    let visited = 0;
    for (const [at, index] of indices.entries()) {
      throwIfCancelled(events.signal);
      const plane = planeAt(lane, index);
      const step = await tracker.step(await renderView(scene.source, scene.view, plane, windows[at]!, events.signal), index, "forward", { signal: events.signal });
      found.push(step.end === undefined);
      if (step.end === undefined) await events.onMask(wireMask(lane.objectId, plane, step.mask, step.score, step.warnings));
      else run.onEnd({ objectId: lane.objectId, direction: run.direction === "backward" ? "backward" : "forward", index, reason: step.end });
      run.onVisited(++visited);
    }
    let masks = found.filter(Boolean).length;
    for (let gap = 0; gap <= indices.length; gap++) {
      const left = gap > 0 && found[gap - 1] && run.direction !== "backward" ? startFront("forward", indices[gap - 1]!, windows[gap - 1]!) : undefined;
      const right = gap < indices.length && found[gap] && run.direction !== "forward" ? startFront("backward", indices[gap]!, windows[gap]!) : undefined;
      const bounds = { start: gap > 0 ? indices[gap - 1]! + 1 : lane.start, end: gap < indices.length ? indices[gap]! : lane.end };
      masks += await crossGap(run, tracker, [left, right], bounds, () => run.onVisited(++visited));
    }
    return masks;
  } finally {
    await tracker.close();
  }
}

/** All windows of a lane have the size of its largest prompt, so that the object looks the same size throughout. */
async function promptWindows(run: Run, tracker: Tracker): Promise<Window[]> {
  const { scene, lane, events } = run;
  const windows: Window[] = [];
  for (const { cut, parts } of lane.prompts) {
    throwIfCancelled(events.signal);
    const index = planeIndex(cut, lane.along);
    windows.push(await promptWindow(scene, tracker, planeAt(lane, index), index, parts, events.signal));
  }
  const size = Math.max(...windows.map((window) => window.size));
  const plane = { width: scene.source.shape.x, height: scene.source.shape.y };
  return windows.map((window) => (window.size === size ? window : windowAround([window.u0, window.v0, window.u0 + window.size, window.v0 + window.size], size, plane)));
}

/** Walks the fronts of one gap between prompted planes in turn until they meet or both have stopped. */
async function crossGap(run: Run, tracker: Tracker, fronts: readonly [Front | undefined, Front | undefined], bounds: { start: number; end: number }, onPlane: () => void): Promise<number> {
  const [left, right] = fronts;
  const walking = () => [left, right].filter((front): front is Front => front !== undefined && front.reason === undefined);
  const stop = (front: Front, reason: EndReason) => {
    front.reason = reason;
    run.onEnd({ objectId: run.lane.objectId, direction: front.direction, index: front.last, reason });
  };
  let masks = 0;
  try {
    while (walking().length > 0) {
      for (const front of walking()) {
        throwIfCancelled(run.events.signal);
        const low = left === undefined ? bounds.start : left.last + 1;
        const high = right === undefined ? bounds.end : right.last;
        if (front.next < low || front.next >= high) {
          stop(front, edgeReason(run.lane, front, bounds));
          continue;
        }
        const mask = await advance(run.scene, run.lane, tracker, front, run.events.signal);
        onPlane();
        if (mask === undefined) stop(front, front.reason ?? "lost");
        else {
          masks++;
          await run.events.onMask(mask);
        }
      }
    }
  } catch (cause) {
    if (run.events.signal?.aborted) for (const front of walking()) stop(front, "cancelled");
    throw cause;
  }
  return masks;
}

function edgeReason(lane: Lane, front: Front, bounds: { start: number; end: number }): EndReason {
  const outside = front.direction === "forward" ? front.next >= bounds.end && bounds.end === lane.end : front.next < bounds.start && bounds.start === lane.start;
  if (!outside) return "next-prompt";
  return (front.direction === "forward" ? lane.end === lane.size : lane.start === 0) ? "volume-edge" : "range";
}
