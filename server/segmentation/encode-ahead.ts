// While a person thinks about a mask, the planes beside it are encoded through the same window, nearest first and one at a
// time: they are what is looked at next, whether by a click or by a propagation.
import { throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Cut, Watch } from "#protocol/types.ts";
import type { Window } from "#models/tracker.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { Scene } from "./contract.ts";
import { planeSize, wholeCut, type PlaneCut } from "./plane.ts";
import { renderView, sigmaInVoxels, voxelsOf } from "./view.ts";
import { windowBox } from "./window.ts";

/**
 * On either side up to limits.encodeAheadPlanes planes, as far as their pixels are here: nobody is asked to send pixels for
 * a plane that may never be looked at, so a side ends where the first is missing.
 * @throws cancelled, and what reading and the model throw
 */
export async function encodeAhead(scene: Scene, from: Cut, window: Window, { signal }: Watch): Promise<void> {
  const cut = wholeCut(from);
  const open = new Set([1, -1]);
  for (let distance = 1; distance <= limits.encodeAheadPlanes; distance++) {
    for (const way of [...open]) {
      const beside = { ...cut, index: cut.index + way * distance };
      if (beside.index < 0 || beside.index >= scene.source.shape[cut.axis] || !isHere(scene, beside, window)) {
        open.delete(way);
        continue;
      }
      throwIfCancelled(signal);
      await scene.trackers.encodeAhead(scene.model, await renderView(scene.source, scene.view, beside, window, signal), { signal });
    }
  }
}

/** Every z plane that the view reads, with those that denoising takes, is held. */
function isHere({ source, view }: Scene, cut: PlaneCut, window: Window): boolean {
  const { z } = voxelsOf(source, cut, windowBox(window, planeSize(source, cut.axis)), sigmaInVoxels(view.sigma, source.spacing));
  const channels: readonly number[] = source.rgb ? [0, 1, 2] : [cut.c];
  for (let at = z[0]; at < z[1]; at++) if (!channels.every((c) => holds(source, cut.t, c, at))) return false;
  return true;
}

function holds(source: VolumeSource, t: number, c: number, z: number): boolean {
  return source.holds?.({ t, c, z }) ?? true;
}
