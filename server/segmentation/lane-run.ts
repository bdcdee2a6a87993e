// A lane being walked: its tracker, what was found on its prompted planes, and its gaps.
import type { Tracker, Window } from "#models/tracker.ts";
import { isEmptyBox, type Raster } from "#protocol/mask.ts";
import type { Direction, EndReason, Mask, OneWay } from "#protocol/types.ts";
import type { Scene, Views } from "./contract.ts";
import { startFront, type Front, type Gap } from "./gap.ts";
import { cutAt, isEntered, type Lane } from "./lane.ts";
import { planeSize } from "./plane.ts";
import { wireMask } from "./segment-plane.ts";
import { sideOf, windowAround } from "./window.ts";

export interface PromptedPlane {
  readonly index: number;
  readonly window: Window;
  /** Undefined where the network found nothing. */
  readonly mask: Raster | undefined;
}

/** In the windows they were prompted in, in one that moved there, or wherever the other direction needed them last. */
export type MemoryWindow = Window | "prompted" | "elsewhere";

export interface LaneRun {
  readonly scene: Scene;
  readonly views: Views;
  readonly lane: Lane;
  readonly tracker: Tracker;
  /** Where memories of the prompted planes lie, by direction; see recall.ts. */
  readonly memoryWindow: Record<OneWay, MemoryWindow>;
  /** The front that stepped last, by direction. */
  readonly walker: Record<OneWay, Front | undefined>;
  /** For each of the lane's prompts, in order; filled before the gaps are walked. */
  readonly prompted: PromptedPlane[];
  readonly gaps: Gap[];
}

/** @throws what opening the tracker and setting its prompts throw */
export async function openLane(scene: Scene, views: Views, lane: Lane): Promise<LaneRun> {
  const tracker = await scene.trackers.openTracker(scene.model);
  const run: LaneRun = { scene, views, lane, tracker, memoryWindow: { forward: "prompted", backward: "prompted" }, walker: { forward: undefined, backward: undefined }, prompted: [], gaps: [] };
  try {
    for (const { index, parts } of lane.prompts) await tracker.setPrompt(index, parts);
    return run;
  } catch (thrown) {
    await tracker.close();
    throw thrown;
  }
}

/** All windows of a lane have the size of its largest prompt, so that the object looks the same size throughout. */
export function evenWindows({ scene, lane }: LaneRun, windows: readonly Window[]): Window[] {
  const plane = planeSize(scene.source, cutAt(lane, 0).axis);
  const side = Math.max(...windows.map((window) => sideOf(window, plane)));
  return windows.map((window) => {
    const { u0, v0, width, height } = window;
    return sideOf(window, plane) === side ? window : windowAround([u0, v0, u0 + width, v0 + height], side, plane);
  });
}

/** Looks at one prompted plane; they come in order. @returns its mask, or why there is none */
export async function stepPrompted(run: LaneRun, at: number, window: Window, signal?: AbortSignal): Promise<{ readonly mask: Mask } | { readonly reason: EndReason }> {
  const { lane } = run;
  const { index } = lane.prompts[at]!;
  const cut = cutAt(lane, index);
  const step = await run.tracker.step(await run.views.view(cut, window, signal), index, "forward", { signal });
  const nothing = step.end ?? (isEmptyBox(step.mask.box) ? "empty" : undefined);
  run.prompted.push({ index, window, mask: nothing === undefined ? step.mask : undefined });
  return nothing === undefined ? { mask: wireMask(lane.objectId, cut, step.mask, step.score, step.warnings) } : { reason: nothing };
}

/** Fronts start where something was found. */
export function openGaps(run: LaneRun, direction: Direction): void {
  const front = (at: number | undefined, way: OneWay) => {
    const plane = at === undefined ? undefined : run.prompted[at];
    return plane?.mask === undefined || (direction !== "both" && direction !== way) ? undefined : startFront(way, plane.index, plane.window);
  };
  for (const span of run.lane.gaps) {
    if (isEntered(span, direction)) run.gaps.push({ start: span.start, end: span.end, left: front(span.left, "forward"), right: front(span.right, "backward") });
  }
}
