// A prompted plane seen by a tracker through the right window.
import type { Tracker, Window } from "#models/tracker.ts";
import { packMask } from "#protocol/mask.ts";
import type { PromptParts } from "#protocol/types.ts";
import type { Scene } from "./contract.ts";
import { boxExtent, promptExtent } from "./extent.ts";
import { renderView, type ZPlane } from "./view.ts";
import { planeWindow, windowAround, windowSize, type PlaneSize } from "./window.ts";

/**
 * The window for a prompt. Clicks alone do not tell the object's size: they are answered once in a wide window, and the
 * mask found there sets the window to keep.
 * @param index the plane's index as the tracker knows it; its prompt has been set
 */
export async function promptWindow(scene: Scene, tracker: Tracker, plane: ZPlane, index: number, parts: PromptParts, signal?: AbortSignal): Promise<Window> {
  const size: PlaneSize = { width: scene.source.shape.x, height: scene.source.shape.y };
  if (scene.window === "plane") return planeWindow(size);
  const { box, sized } = promptExtent(parts, size);
  const first = windowAround(box, windowSize(boxExtent(box)), size);
  if (sized) return first;
  const glance = await tracker.step(await renderView(scene.source, scene.view, plane, first, signal), index, "forward", { signal });
  const found = packMask(glance.mask);
  return found.area === 0 ? first : windowAround(found.box, windowSize(boxExtent(found.box)), size);
}
