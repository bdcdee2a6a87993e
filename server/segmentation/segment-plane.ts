// One prompt, one plane, one mask: what a person sees before anything is propagated.
import { throwIfCancelled } from "#protocol/errors.ts";
import { packMask, type Raster } from "#protocol/mask.ts";
import type { Cut, Mask, PromptParts, Warning, Watch } from "#protocol/types.ts";
import { checkPrompt } from "./check-prompt.ts";
import type { PlaneAnswer, Scene } from "./contract.ts";
import { promptWindow } from "./first-look.ts";
import { renderView } from "./view.ts";

export interface PlaneRequest {
  readonly objectId: number;
  readonly cut: Cut;
  readonly parts: PromptParts;
  readonly multimask: boolean;
}

/** @throws what checkPrompt, reading and the model throw, and cancelled */
export async function segmentPlane(scene: Scene, request: PlaneRequest, watch: Watch): Promise<PlaneAnswer> {
  const { cut, parts, objectId } = request;
  checkPrompt(scene.source.shape, cut, parts);
  const plane = { t: cut.t ?? 0, c: cut.c ?? 0, z: cut.index };
  const tracker = await scene.trackers.openTracker(scene.model);
  try {
    await tracker.setPrompt(cut.index, parts);
    const window = await promptWindow(scene, tracker, plane, cut.index, parts, watch.signal);
    throwIfCancelled(watch.signal);
    const view = await renderView(scene.source, scene.view, plane, window, watch.signal);
    const step = await tracker.step(view, cut.index, "forward", watch);
    const alternatives = request.multimask ? await tracker.candidates(view, cut.index, watch) : [];
    return {
      mask: wireMask(objectId, plane, step.mask, step.score, step.warnings),
      candidates: alternatives.map(({ mask, score }) => wireMask(objectId, plane, mask, score, [])),
    };
  } finally {
    await tracker.close();
  }
}

/** A mask found on a z plane, in the form that is stored and sent. */
export function wireMask(objectId: number, plane: { t: number; c: number; z: number }, mask: Raster, score: number, warnings: readonly Warning[]): Mask {
  const { box, bits, area } = packMask(mask);
  return { objectId, axis: "z", index: plane.z, t: plane.t, c: plane.c, box, bits, score, area, ...(warnings.length > 0 ? { warnings: [...warnings] } : {}) };
}
