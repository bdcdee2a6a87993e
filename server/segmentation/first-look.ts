// A prompted plane seen by a tracker through the right window.
import type { Tracker, Window } from "#models/tracker.ts";
import { packMask } from "#protocol/mask.ts";
import type { PromptParts } from "#protocol/types.ts";
import type { Scene, Views } from "./contract.ts";
import { boxExtent, promptExtent } from "./extent.ts";
import { planeSize, type PlaneCut } from "./plane.ts";
import { planeWindow, windowAround, windowSize } from "./window.ts";

/** What a prompt itself says: the window, and whether it tells the object's size, as clicks alone do not. */
export function firstWindow(scene: Pick<Scene, "source" | "window">, cut: PlaneCut, parts: PromptParts): { readonly window: Window; readonly sized: boolean } {
  const plane = planeSize(scene.source, cut.axis);
  if (scene.window === "plane") return { window: planeWindow(plane), sized: true };
  const { box, sized } = promptExtent(parts, plane);
  return { window: windowAround(box, windowSize(boxExtent(box, plane)), plane), sized };
}

/**
 * The window for a prompt. Clicks are answered once in a wide window, and the mask found there sets the window to keep.
 * @param index the plane's index as the tracker knows it; its prompt has been set
 */
export async function promptWindow(scene: Scene, views: Views, tracker: Tracker, cut: PlaneCut, index: number, parts: PromptParts, signal?: AbortSignal): Promise<Window> {
  const { window, sized } = firstWindow(scene, cut, parts);
  if (sized) return window;
  const glance = await tracker.step(await views.view(cut, window, signal), index, "forward", { signal });
  const found = packMask(glance.mask);
  const plane = planeSize(scene.source, cut.axis);
  return found.area === 0 ? window : windowAround(found.box, windowSize(boxExtent(found.box, plane)), plane);
}
