// One prompt, one plane, one mask: what a person sees before anything is propagated.
import { throwIfCancelled } from "#protocol/errors.ts";
import { packMask, type Raster } from "#protocol/mask.ts";
import type { Cut, Mask, PromptParts, Warning, Watch } from "#protocol/types.ts";
import { checkPrompt } from "./check-prompt.ts";
import type { PlaneAnswer, Scene } from "./contract.ts";
import { promptWindow } from "./first-look.ts";
import { wholeCut, type PlaneCut } from "./plane.ts";
import { createViews } from "./views.ts";

export interface PlaneRequest {
  readonly objectId: number;
  readonly cut: Cut;
  readonly parts: PromptParts;
  readonly multimask: boolean;
  /** With `multimask`: the best alternative stands for the answer, which saves looking for another one. */
  readonly alternativesOnly?: boolean | undefined;
}

/** @throws what checkPrompt, reading and the model throw, and cancelled */
export async function segmentPlane(scene: Scene, request: PlaneRequest, watch: Watch): Promise<PlaneAnswer> {
  const { parts, objectId } = request;
  checkPrompt(scene.source.shape, request.cut, parts);
  const cut = wholeCut(request.cut);
  const views = scene.views ?? createViews(scene);
  const tracker = await scene.trackers.openTracker(scene.model);
  try {
    await tracker.setPrompt(cut.index, parts);
    const window = await promptWindow(scene, views, tracker, cut, cut.index, parts, watch.signal);
    throwIfCancelled(watch.signal);
    const view = await views.view(cut, window, watch.signal);
    const alternatives = request.multimask ? await tracker.candidates(view, cut.index, watch) : [];
    const [best] = request.alternativesOnly === true ? alternatives : [];
    const step = best === undefined ? await tracker.step(view, cut.index, "forward", watch) : { ...best, warnings: [] };
    return {
      mask: wireMask(objectId, cut, step.mask, step.score, step.warnings),
      candidates: alternatives.map(({ mask, score }) => wireMask(objectId, cut, mask, score, [])),
      window,
    };
  } finally {
    await tracker.close();
  }
}

/** A mask in the form that is stored and sent. */
export function wireMask(objectId: number, { axis, index, t, c }: PlaneCut, mask: Raster, score: number, warnings: readonly Warning[]): Mask {
  const { box, bits, area } = packMask(mask);
  return { objectId, axis, index, t, c, box, bits, score, area, ...(warnings.length > 0 ? { warnings: [...warnings] } : {}) };
}
