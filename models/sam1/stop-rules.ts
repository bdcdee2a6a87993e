// When an object has ended, and what a person should look at again. The numbers were chosen on particles and nuclei in noisy
// stacks, together with the gate; level-gate.ts has the figures.
import { areaOf, maskIou } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PixelBox, Warning } from "#protocol/types.ts";
import type { Step } from "../tracker.ts";
import { warnRules } from "../warn-rules.ts";

export const stopRules = {
  /** Fewer pixels than this are noise: the object has run out. */
  leastArea: 8,
  /** Overlap with the mask before, below which it is another thing. */
  leastIou: 0.45,
  /** A mask larger than `areaFactor` x the one before + `areaSlack` pixels has leaked. */
  areaFactor: 1.3,
  areaSlack: 4,
  /** The network's own estimate, below which its answer says nothing. */
  leastScore: 0.5,
  /** Part of the prompted plane's contrast that must be left. */
  leastContrast: 0.25,
  /** Standing out this much more than where it was prompted, it is a brighter neighbour. */
  mostContrast: 2.5,
  /** Part of the prompted plane's area that must be left: a thin rest is a shadow of the planes before. */
  leastAreaPart: 0.1,
  /** Contrast that has fallen below `valley` and rises again by `riseFactor` and `riseSlack` belongs to the next object. */
  valley: 0.8,
  riseFactor: 1.15,
  riseSlack: 0.05,
} as const;

export interface Sighting {
  /** Whole plane pixels, cropped to its set pixels. */
  readonly mask: Raster;
  readonly score: number;
  /** In the view's grey levels, signed; see contrast.ts. */
  readonly contrast: number;
}

export interface Verdict {
  readonly presence: number;
  readonly warnings: readonly Warning[];
  readonly end?: Step["end"];
}

/** What is known of an object before a plane is looked at. */
export interface Past {
  /** The mask on the plane before. */
  readonly mask: Raster;
  /** Of the prompted plane this one descends from: its area in pixels, its contrast (0 when unknown). */
  readonly promptedArea: number;
  readonly promptedContrast: number;
  /** The least part of that contrast seen since, 1 at first. */
  readonly faintest: number;
}

/** Part of the prompted plane's contrast that is left; 1 where that was unknown. */
export function contrastLeft(contrast: number, promptedContrast: number): number {
  return promptedContrast === 0 ? 1 : contrast / promptedContrast;
}

/**
 * Judges the mask found on one plane.
 * @param past undefined on a prompted plane, where only an empty mask ends the object
 * @param viewBox what the network saw, in plane pixels
 */
export function judge(past: Past | undefined, current: Sighting, viewBox: PixelBox): Verdict {
  const area = areaOf(current.mask);
  if (area === 0) return { presence: 0, warnings: [], end: "empty" };
  const left = past === undefined ? 1 : contrastLeft(current.contrast, past.promptedContrast);
  const presence = Math.min(1, Math.max(0, current.score * Math.min(1, left)));
  const warnings: Warning[] = [];
  if (current.score < warnRules.score) warnings.push("low-score");
  if (touchesEdge(current.mask.box, viewBox)) warnings.push("touches-edge");
  if (past === undefined) return { presence, warnings };
  const before = areaOf(past.mask);
  const iou = maskIou(past.mask, current.mask);
  if (area > warnRules.areaFactor * before + warnRules.areaSlack || before > warnRules.areaFactor * area + warnRules.areaSlack) warnings.push("area-jump");
  if (iou < warnRules.iou) warnings.push("drift");
  if (left < warnRules.contrast) warnings.push("low-contrast");
  const end = endOf(past, { area, before, iou, left, score: current.score });
  return end === undefined ? { presence, warnings } : { presence, warnings, end };
}

function endOf(past: Past, now: { area: number; before: number; iou: number; left: number; score: number }): Step["end"] {
  if (now.area < Math.max(stopRules.leastArea, stopRules.leastAreaPart * past.promptedArea)) return "empty";
  if (now.area > stopRules.areaFactor * now.before + stopRules.areaSlack) return "area-jump";
  if (now.iou < stopRules.leastIou) return "lost";
  if (now.score < stopRules.leastScore) return "low-score";
  if (now.left < stopRules.leastContrast) return "low-contrast";
  if (now.left > stopRules.mostContrast) return "lost";
  if (past.faintest < stopRules.valley && now.left > stopRules.riseFactor * past.faintest + stopRules.riseSlack) return "lost";
  return undefined;
}

function touchesEdge(mask: PixelBox, view: PixelBox): boolean {
  return mask[0] <= view[0] || mask[1] <= view[1] || mask[2] >= view[2] || mask[3] >= view[3];
}
