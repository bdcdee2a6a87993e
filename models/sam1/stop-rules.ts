// When an object has ended, and what a person should look at again. Measured on particles and nuclei in noisy stacks;
// see README.md of this domain for what each rule bought.
import { boxHeight, boxWidth, isEmptyBox, maskIou } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PixelBox, Warning } from "#protocol/types.ts";
import type { Step } from "../tracker.ts";

export const stopRules = {
  /** Fewer pixels than this are noise: the object has run out. */
  leastArea: 8,
  /** Overlap with the mask before, below which it is another thing. */
  leastIou: 0.35,
  /** A mask larger than `areaFactor` x the one before + `areaSlack` pixels has leaked. */
  areaFactor: 1.6,
  areaSlack: 20,
  /** The network's own estimate, below which its answer says nothing. */
  leastScore: 0.5,
  /** Part of the prompted plane's contrast that must be left. */
  leastContrast: 0.35,
} as const;

/** The same measures, short of ending: worth a look. */
export const warnRules = {
  score: 0.75,
  iou: 0.6,
  contrast: 0.55,
  areaFactor: 1.3,
  areaSlack: 10,
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

/**
 * Judges the mask found on one plane.
 * @param previous the mask on the plane before; undefined on a prompted plane, where only an empty mask ends the object
 * @param referenceContrast of the prompted plane this one descends from; 0 when unknown
 * @param viewBox what the network saw, in plane pixels
 */
export function judge(previous: Raster | undefined, current: Sighting, viewBox: PixelBox, referenceContrast: number): Verdict {
  const area = areaOf(current.mask);
  if (area === 0) return { presence: 0, warnings: [], end: "empty" };
  const left = referenceContrast === 0 ? 1 : current.contrast / referenceContrast;
  const presence = Math.min(1, Math.max(0, current.score * Math.min(1, left)));
  const warnings: Warning[] = [];
  if (current.score < warnRules.score) warnings.push("low-score");
  if (touchesEdge(current.mask.box, viewBox)) warnings.push("touches-edge");
  if (previous === undefined) return { presence, warnings };
  const before = areaOf(previous);
  const iou = maskIou(previous, current.mask);
  if (area > warnRules.areaFactor * before + warnRules.areaSlack || before > warnRules.areaFactor * area + warnRules.areaSlack) warnings.push("area-jump");
  if (iou < warnRules.iou) warnings.push("drift");
  if (left < warnRules.contrast) warnings.push("low-contrast");
  const end = endOf(area, before, iou, current.score, left);
  return end === undefined ? { presence, warnings } : { presence, warnings, end };
}

function endOf(area: number, before: number, iou: number, score: number, left: number): Step["end"] {
  if (area < stopRules.leastArea) return "empty";
  if (area > stopRules.areaFactor * before + stopRules.areaSlack) return "area-jump";
  if (iou < stopRules.leastIou) return "lost";
  if (score < stopRules.leastScore) return "low-score";
  if (left < stopRules.leastContrast) return "low-contrast";
  return undefined;
}

function touchesEdge(mask: PixelBox, view: PixelBox): boolean {
  return mask[0] <= view[0] || mask[1] <= view[1] || mask[2] >= view[2] || mask[3] >= view[3];
}

export function areaOf(mask: Raster): number {
  if (isEmptyBox(mask.box)) return 0;
  let area = 0;
  for (let at = 0; at < boxWidth(mask.box) * boxHeight(mask.box); at++) area += mask.data[at]!;
  return area;
}
