// A tracker's memories lie in the windows through which it saw them. Where a front's window has moved they can be seen anew
// through it: the prompted planes, and the front's own last ones. It costs an encoder run for each of them.
import type { Window } from "#models/tracker.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Front } from "./gap.ts";
import type { LaneRun, MemoryWindow } from "./lane-run.ts";
import { cutAt } from "./lane.ts";
import { sameWindow } from "./window.ts";

/** SAM 2 looks at the six planes before the current one, and at the prompted ones. */
const recalledPlanes = 6;

/** Keeps at most `recalledPlanes` masks a front, and none where memories stay as they are. */
export function keepForRecall(run: LaneRun, front: Front, index: number, mask: Raster): void {
  if (run.scene.windowMemory !== "recall") return;
  front.kept.push({ index, mask });
  if (front.kept.length > recalledPlanes) front.kept.shift();
}

/**
 * The fronts of a lane share the memories of the prompted planes, so each sees to it that they lie where it needs them: in its
 * window once that has moved, else where they were prompted. Whether a tracker keeps them apart by direction is its own affair.
 * Planes on which the object was hidden hold nothing that lies anywhere.
 */
export async function recallMemories(run: LaneRun, front: Front, signal?: AbortSignal): Promise<void> {
  if (run.scene.windowMemory !== "recall") return;
  const wanted = front.panned ? front.window : "prompted";
  if (isSame(wanted, run.memoryWindow[front.direction])) return;
  const again = async (index: number, window: Window, mask: Raster): Promise<void> => {
    const view = await run.views.view(cutAt(run.lane, index), window, signal);
    await run.tracker.recall(view, index, front.direction, mask, { signal });
  };
  for (const { index, window, mask } of run.prompted) if (mask !== undefined) await again(index, wanted === "prompted" ? window : wanted, mask);
  for (const { index, mask } of front.kept) await again(index, front.window, mask);
  run.memoryWindow.forward = "elsewhere";
  run.memoryWindow.backward = "elsewhere";
  run.memoryWindow[front.direction] = wanted;
}

function isSame(a: MemoryWindow, b: MemoryWindow): boolean {
  return typeof a === "string" || typeof b === "string" ? a === b : sameWindow(a, b);
}
