// Which of the decoder's four masks answers a prompt.
import type { DecodedMask } from "./predictor.ts";
import type { DecoderPrompt } from "./prompt-tensors.ts";

/**
 * A lone click is ambiguous: the alternative that the network trusts most. Anything said more fully is answered by the mask
 * made for unambiguous prompts.
 */
export function choosePrompted(decoded: readonly DecodedMask[], prompt: DecoderPrompt): DecodedMask {
  const lone = prompt.box === undefined && prompt.mask === undefined && (prompt.points ?? []).length === 1;
  return lone ? bestOf(decoded.slice(1), (one) => one.score) : decoded[0]!;
}

/**
 * On the planes after it, the alternative that the network trusts most, which is also what the exported graph picks for a
 * lone box. Measured against index 0 and against the overlap with the mask before: both were worse in 3D.
 */
export function chooseProjected(decoded: readonly DecodedMask[]): DecodedMask {
  return bestOf(decoded.slice(1), (one) => one.score);
}

/** Best score first; equal scores keep the decoder's order. */
export function byScore(decoded: readonly DecodedMask[]): DecodedMask[] {
  return [...decoded].sort((a, b) => b.score - a.score || a.choice - b.choice);
}

function bestOf(decoded: readonly DecodedMask[], worth: (one: DecodedMask) => number): DecodedMask {
  return decoded.reduce((best, one) => (worth(one) > worth(best) ? one : best));
}
