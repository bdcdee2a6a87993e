// When an object that SAM 2 follows has ended, and what a person should look at again. The network itself says whether the
// object is there; it may be hidden for a plane or two and come back.
import { areaOf, maskIou } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PixelBox, Warning } from "#protocol/types.ts";
import type { Step } from "../tracker.ts";
import { warnRules } from "../warn-rules.ts";
import { isSeen } from "./memory-bank.ts";
import type { Known } from "./memory-bank.ts";

/** Planes in a row without the object that are borne; the next ends it. */
export const PATIENCE = 2;

export interface Sighting {
  /** Whole plane pixels, cropped; empty when the object is not there. */
  readonly mask: Raster;
  readonly score: number;
  /** The network's word on whether the object is there at all. */
  readonly present: boolean;
}

export interface Verdict {
  readonly absences: number;
  readonly warnings: readonly Warning[];
  readonly end?: Step["end"];
}

/** On a prompted plane only an empty mask ends the object. */
export function judgePrompted(seen: Sighting, viewBox: PixelBox): Verdict {
  if (!isSeen(seen.mask)) return { absences: 1, warnings: [], end: "empty" };
  return { absences: 0, warnings: warningsOf(seen, viewBox) };
}

/** @param past of the plane before */
export function judgeTracked(past: Known, seen: Sighting, viewBox: PixelBox): Verdict {
  if (!isSeen(seen.mask)) {
    const absences = past.absences + 1;
    if (absences <= PATIENCE) return { absences, warnings: [] };
    return { absences, warnings: [], end: seen.present ? "empty" : "lost" };
  }
  const warnings = warningsOf(seen, viewBox);
  if (past.absences > 0) return { absences: 0, warnings: [...warnings, "gap"] };
  const [area, before] = [areaOf(seen.mask), areaOf(past.mask)];
  if (area > warnRules.areaFactor * before + warnRules.areaSlack || before > warnRules.areaFactor * area + warnRules.areaSlack) warnings.push("area-jump");
  if (maskIou(past.mask, seen.mask) < warnRules.iou) warnings.push("drift");
  return { absences: 0, warnings };
}

function warningsOf({ mask, score }: Sighting, view: PixelBox): Warning[] {
  const warnings: Warning[] = [];
  if (score < warnRules.score) warnings.push("low-score");
  if (mask.box[0] <= view[0] || mask.box[1] <= view[1] || mask.box[2] >= view[2] || mask.box[3] >= view[3]) warnings.push("touches-edge");
  return warnings;
}
