// Which of the decoder's four answers is taken, and what becomes of it when the object is not there
// (SAM 2, arXiv 2408.00714, appendix C; facebookresearch/sam2: sam2/modeling/sam2_base.py).
import type { Sam2Config } from "./config.ts";
import { logitSide } from "./config.ts";
import type { Decoded } from "./graphs.ts";

/** The logit of every pixel where the object is judged absent. */
const ABSENT_LOGIT = -1024;
/** The mask for unambiguous prompts is unstable when its area hangs on a threshold moved by so many logits ... */
const STABILITY_OFFSET = Math.fround(0.05);
/** ... so that less than this part of it is left. */
const LEAST_STABILITY = 0.98;
const MASKS = 4;

/** The object on one plane, as the network sees it. */
export interface Sight {
  /** `[4g, 4g]` */
  readonly logits: Float32Array;
  /** The network's estimate of the mask's overlap with the truth, 0..1. */
  readonly iou: number;
  /** `[D]`, a summary of the object. */
  readonly pointer: Float32Array;
  /** Raw, above 0 when the object is there. */
  readonly objectScore: number;
}

/** Few points leave open what is meant: none (a plane tracked) or one. A box counts as two. */
export function isAmbiguous(points: number): boolean {
  return points <= 1;
}

/**
 * The best scored alternative when ambiguous. Otherwise the first mask, or where that is unstable the best alternative; the
 * pointer stays that of the first even then.
 * @param prompt which of the batch
 */
export function chooseAnswer(decoded: Decoded, ambiguous: boolean, config: Pick<Sam2Config, "imageSize" | "width">, prompt = 0): Sight {
  const choice = ambiguous || !isStable(logitsOf(decoded, config, prompt, 0)) ? bestAlternative(decoded, prompt) : 0;
  return answerOf(decoded, config, prompt, choice, ambiguous ? choice : 0);
}

/** The three alternatives of one prompt, in the decoder's order. */
export function alternatives(decoded: Decoded, config: Pick<Sam2Config, "imageSize" | "width">, prompt = 0): Sight[] {
  return [1, 2, 3].map((choice) => answerOf(decoded, config, prompt, choice, choice));
}

/** An object that is not there has no mask, and a learned pointer. A pointer that is not a number stays so, as in the official sum. */
export function gated(sight: Sight, noObjectPointer: Float32Array): Sight {
  const pointer = noObjectPointer.map((value, at) => value + 0 * sight.pointer[at]!);
  return isPresent(sight) ? sight : { ...sight, logits: new Float32Array(sight.logits.length).fill(ABSENT_LOGIT), pointer };
}

/** Not so for a score that is not a number. */
export function isPresent({ objectScore }: Pick<Sight, "objectScore">): boolean {
  return objectScore > 0;
}

function answerOf(decoded: Decoded, config: Pick<Sam2Config, "imageSize" | "width">, prompt: number, choice: number, token: number): Sight {
  const from = (MASKS * prompt + token) * config.width;
  return {
    // Copies, because the decoder's arrays hold all four masks of the whole batch.
    logits: logitsOf(decoded, config, prompt, choice).slice(),
    iou: decoded.ious[MASKS * prompt + choice]!,
    pointer: decoded.pointers.slice(from, from + config.width),
    objectScore: decoded.objectScores[prompt]!,
  };
}

function logitsOf(decoded: Decoded, config: Pick<Sam2Config, "imageSize">, prompt: number, choice: number): Float32Array {
  const size = logitSide(config) ** 2;
  return decoded.masks.subarray((MASKS * prompt + choice) * size, (MASKS * prompt + choice + 1) * size);
}

function bestAlternative(decoded: Decoded, prompt: number): number {
  let best = 1;
  for (let choice = 2; choice < MASKS; choice++) if (decoded.ious[MASKS * prompt + choice]! > decoded.ious[MASKS * prompt + best]!) best = choice;
  return best;
}

function isStable(logits: Float32Array): boolean {
  let sure = 0;
  let perhaps = 0;
  for (let at = 0; at < logits.length; at++) {
    if (logits[at]! > STABILITY_OFFSET) sure++;
    if (logits[at]! > -STABILITY_OFFSET) perhaps++;
  }
  return perhaps === 0 || sure / perhaps >= LEAST_STABILITY;
}
