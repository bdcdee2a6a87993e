// What was rendered of the last picture: a viewer asks about it once for each object on it.
import type { Scene, Views } from "#server/segmentation/contract.ts";
import { createViews } from "#server/segmentation/views.ts";

/** @param key names the picture's pixels, of which there is one way to be seen. @returns the scene, with views that all of one key share */
export type ShareViews = (key: string, scene: Scene) => Scene;

export function createSharedViews(): ShareViews {
  let last: { readonly key: string; readonly views: Views } | undefined;
  return (key, scene) => {
    if (last?.key !== key) last = { key, views: createViews(scene) };
    return { ...scene, views: last.views };
  };
}
