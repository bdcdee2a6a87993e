// Single clicks answered alone, one decoder run each: what an automatic segmentation asks for.
// The order of the steps is that of SAM's mask generator (Kirillov et al. 2023, appendix B); scores are looked at before
// masks are enlarged, which changes nothing but the time.
import { throwIfCancelled } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { Point, Watch } from "#protocol/types.ts";
import type { ClickMask, ClicksRequest, View } from "../tracker.ts";
import { maskAndStability } from "./logit-mask.ts";
import { netFrame } from "./net-frame.ts";
import { logitsOf } from "./predictor.ts";
import type { Embedding, Predictor } from "./predictor.ts";

/** The decoder's answer for unambiguous prompts, and its alternatives for ambiguous ones. */
const SINGLE = [0] as const;
const ALTERNATIVES = [1, 2, 3] as const;
/** Logits are fed back within this, as SAM's predictors clamp them. */
const FED_BACK = 32;

/** @returns in the order of the points, a point's alternatives in the decoder's. @throws model_failed, cancelled */
export async function answerClicks(decodeLogits: Predictor["decodeLogits"], embedding: Embedding, view: View, request: ClicksRequest, watch: Watch): Promise<ClickMask[]> {
  const frame = netFrame(view);
  const found: ClickMask[] = [];
  for (const point of request.points) {
    throwIfCancelled(watch.signal);
    const points = [[point[0], point[1], 1] satisfies Point];
    const first = await decodeLogits(embedding, { points }, frame);
    for (const choice of request.multimask ? ALTERNATIVES : SINGLE) {
      let logits = logitsOf(first.logits, choice);
      let score = first.scores[choice]!;
      if (request.refine) {
        throwIfCancelled(watch.signal);
        const refined = await decodeLogits(embedding, { points, logits: logits.map((one) => Math.min(FED_BACK, Math.max(-FED_BACK, one))) }, frame);
        logits = logitsOf(refined.logits, 0);
        score = refined.scores[0]!;
      }
      if (request.scoreThreshold > 0 && !(score > request.scoreThreshold)) continue;
      const { mask, stability } = maskAndStability(logits, frame, request.stabilityOffset);
      if (isEmptyBox(mask.box) || (request.stabilityThreshold > 0 && stability < request.stabilityThreshold)) continue;
      found.push({ point, mask, score, stability });
    }
  }
  return found;
}
