// A front walks from a prompted plane in one direction, plane by plane, until the object ends or another front is met.
import type { Tracker, Window } from "#models/tracker.ts";
import { packMask } from "#protocol/mask.ts";
import type { EndReason, Mask, OneWay } from "#protocol/types.ts";
import type { Scene } from "./contract.ts";
import { planeAt, type Lane } from "./lane.ts";
import { wireMask } from "./segment-plane.ts";
import { renderView } from "./view.ts";
import { follow, windowBox } from "./window.ts";

export interface Front {
  readonly direction: OneWay;
  /** The plane to look at next. */
  next: number;
  /** The last plane with a mask. */
  last: number;
  window: Window;
  /** Why it stopped; undefined while it walks. */
  reason: EndReason | undefined;
}

export function startFront(direction: OneWay, from: number, window: Window): Front {
  return { direction, next: direction === "forward" ? from + 1 : from - 1, last: from, window, reason: undefined };
}

/** Looks at the front's next plane. @returns the mask, or undefined when the object ended before it. */
export async function advance(scene: Scene, lane: Lane, tracker: Tracker, front: Front, signal?: AbortSignal): Promise<Mask | undefined> {
  const plane = planeAt(lane, front.next);
  const view = await renderView(scene.source, scene.view, plane, front.window, signal);
  const step = await tracker.step(view, front.next, front.direction, { signal });
  if (step.end !== undefined) {
    front.reason = step.end;
    return undefined;
  }
  const size = { width: scene.source.shape.x, height: scene.source.shape.y };
  const found = packMask(step.mask);
  const moved = scene.window === "plane" ? front.window : follow(front.window, found.box, size);
  const pans = moved.u0 !== front.window.u0 || moved.v0 !== front.window.v0;
  front.window = moved;
  front.last = front.next;
  front.next += front.direction === "forward" ? 1 : -1;
  const cutOff = touches(found.box, windowBox(view.window, size), size);
  return wireMask(lane.objectId, plane, step.mask, step.score, [...step.warnings, ...(pans && cutOff ? (["window-moved"] as const) : [])]);
}

/** The mask reaches a side of the window that is not a side of the plane. */
function touches(mask: readonly number[], window: readonly number[], plane: { width: number; height: number }): boolean {
  const [u0, v0, u1, v1] = mask;
  return (u0 === window[0] && u0 !== 0) || (v0 === window[1] && v0 !== 0) || (u1 === window[2] && u1 !== plane.width) || (v1 === window[3] && v1 !== plane.height);
}
