// One step of a front: the next plane through its window, and what that means for where it goes on.
import { isEmptyBox, packMask } from "#protocol/mask.ts";
import type { Mask, Warning } from "#protocol/types.ts";
import { startFront, type Front } from "./gap.ts";
import type { LaneRun } from "./lane-run.ts";
import { cutAt } from "./lane.ts";
import { planeSize } from "./plane.ts";
import { keepForRecall, recallMemories } from "./recall.ts";
import { wireMask } from "./segment-plane.ts";
import { follow, sameWindow, windowBox } from "./window.ts";

/**
 * Looks at the front's next plane. An object may be hidden for a plane or two: the front then goes on, and the next mask says so.
 * @returns the mask; undefined where the object is hidden, or, with the front's reason set, where it has ended
 */
export async function advance(run: LaneRun, front: Front, signal?: AbortSignal): Promise<Mask | undefined> {
  const { scene, lane, tracker, views } = run;
  await takeUp(run, front, signal);
  await recallMemories(run, front, signal);
  const cut = cutAt(lane, front.next);
  const view = await views.view(cut, front.window, signal);
  const step = await tracker.step(view, front.next, front.direction, { signal });
  if (step.end !== undefined) {
    front.reason = step.end;
    return undefined;
  }
  const index = front.next;
  const forward = front.direction === "forward";
  front.next += forward ? 1 : -1;
  if (isEmptyBox(step.mask.box)) return undefined;
  const found = packMask(step.mask);
  const plane = planeSize(scene.source, cut.axis);
  const moved = scene.window === "plane" ? front.window : follow(front.window, found.box, plane);
  const pans = !sameWindow(moved, front.window);
  const hidden = Math.abs(index - front.last) > 1;
  front.window = moved;
  front.panned ||= pans;
  front.last = index;
  keepForRecall(run, front, index, step.mask);
  const cutOff = touches(found.box, windowBox(view.window, plane), plane);
  const warnings: Warning[] = [...step.warnings];
  if (pans && cutOff) warnings.push("window-moved");
  if (hidden && !warnings.includes("gap")) warnings.push("gap");
  return wireMask(lane.objectId, cut, step.mask, step.score, warnings);
}

/**
 * A tracker forgets what lies far behind the plane it steps, whichever front of a lane steps. A front that waited while
 * another one of its direction walked is walked once more up to where it was: equal steps give equal masks.
 */
async function takeUp(run: LaneRun, front: Front, signal?: AbortSignal): Promise<void> {
  const { direction, from, firstWindow } = front;
  if (run.walker[direction] !== front) {
    const again = startFront(direction, from, firstWindow);
    run.walker[direction] = again;
    while (again.next !== front.next) await advance(run, again, signal);
  }
  run.walker[direction] = front;
}

/** The mask reaches a side of the window that is not a side of the plane. */
function touches(mask: readonly number[], window: readonly number[], plane: { width: number; height: number }): boolean {
  const [u0, v0, u1, v1] = mask;
  return (u0 === window[0] && u0 !== 0) || (v0 === window[1] && v0 !== 0) || (u1 === window[2] && u1 !== plane.width) || (v1 === window[3] && v1 !== plane.height);
}
