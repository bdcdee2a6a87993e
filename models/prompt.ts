// What counts as a prompt, for every tracker.
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { PromptParts } from "#protocol/types.ts";

/** @throws prompt_empty when nothing says where the object is */
export function requirePrompt(parts: PromptParts): void {
  const { box, points, polygon, mask } = parts;
  if (box !== undefined && box[2] > box[0] && box[3] > box[1]) return;
  if (points?.some((point) => point[2] === 1) === true) return;
  if (polygon !== undefined && polygon.length >= 3) return;
  if (mask !== undefined && !isEmptyBox(mask.box) && mask.bits.some((byte) => byte !== 0)) return;
  throw MaskletError.of("prompt_empty", { why: points?.length ? "its points only say where the object is not" : "it has no box, point, polygon or mask with a pixel in it" });
}
