// Objects on one plane that nobody pointed at: a grid of clicks, each answered alone, and of what they find the masks that are
// sure, stable, whole and not the same as another.
import { throwIfCancelled } from "#protocol/errors.ts";
import { packMask, unpackMask } from "#protocol/mask.ts";
import type { Cut, MaskBits, PixelBox, Shape, Watch } from "#protocol/types.ts";
import type { View } from "#models/tracker.ts";
import { checkPrompt } from "./check-prompt.ts";
import { cleanMask } from "./clean-mask.ts";
import type { Scene } from "./contract.ts";
import { cropsOf, cropWindow, isCutOff, type Crop } from "./crops.ts";
import { gridPoints, sideInLayer, wholeGrid, type GridSettings, type WholeGrid } from "./grid.ts";
import { planeAxes, planeSize, wholeCut } from "./plane.ts";
import { suppress } from "./suppress.ts";
import { renderView } from "./view.ts";
import { windowBox } from "./window.ts";

export interface AutomaskRequest {
  readonly cut: Cut;
  /** In whole plane pixels; default the whole plane. */
  readonly region?: PixelBox | undefined;
  readonly grid?: GridSettings | undefined;
  /** Masks it refuses are left out before any is suppressed by another. */
  readonly accepts?: ((mask: PlaneMask) => boolean) | undefined;
  /** Which of two masks that find the same thing stays: the one to be sorted first. Default the surer one. */
  readonly better?: ((a: PlaneMask, b: PlaneMask) => number) | undefined;
}

export interface PlaneMask extends MaskBits {
  readonly area: number;
  /** The network's estimate of its overlap with the truth, 0..1. */
  readonly score: number;
}

interface Sighting extends PlaneMask {
  /** Pixels of the crop it was seen in. */
  readonly cropArea: number;
}

/** Clicks a call of the model: so many are answered between two looks at progress and cancel. */
const clicksPerCall = 64;
/** Bytes of masks that one call may bring at most, all clicks finding all that is seen. */
const maskBytesPerCall = 512 * 1024 * 1024;

/** @throws axis_unsupported, plane_off_volume, prompt_off_image, prompt_empty for a region without area */
export function checkAutomask(shape: Shape, { cut, region }: AutomaskRequest): void {
  checkPrompt(shape, cut, { box: region ?? wholePlane(shape, cut) });
}

function wholePlane(shape: Shape, { axis }: Cut): PixelBox {
  return [0, 0, shape[planeAxes[axis].u], shape[planeAxes[axis].v]];
}

/**
 * Progress counts clicks. Deterministic: equal pixels, model and settings give equal masks in equal order.
 * @returns masks, best first; empty when every click was answered and nothing was left
 * @throws cancelled, and what checkAutomask, reading and the model throw
 */
export async function automask(scene: Scene, request: AutomaskRequest, { signal, onProgress }: Watch): Promise<readonly PlaneMask[]> {
  checkAutomask(scene.source.shape, request);
  const grid = wholeGrid(request.grid, scene.model);
  const cut = wholeCut(request.cut);
  const region = request.region ?? wholePlane(scene.source.shape, cut);
  const plane = planeSize(scene.source, cut.axis);
  const crops = cropsOf(region, grid.cropNLayers, grid.cropOverlapRatio);
  const total = crops.reduce((sum, { layer }) => sum + sideInLayer(grid, layer) ** 2, 0);
  const whole = windowBox(cropWindow(region, plane), plane);
  const { accepts = () => true, better = surer } = request;
  const limits: Limits = { grid, accepts, better, whole, maxArea: grid.maxAreaPart * (region[2] - region[0]) * (region[3] - region[1]) };
  const found: Sighting[] = [];
  let done = 0;
  for (const crop of crops) {
    throwIfCancelled(signal);
    const view = await renderView(scene.source, scene.view, cut, cropWindow(crop.box, plane), signal);
    const answered = (count: number): void => onProgress?.({ done: (done += count), total, unit: "objects" });
    found.push(...await lookAtCrop(scene, view, crop, limits, answered, signal));
  }
  if (crops.length === 1) return found.sort(surer).map(planeMask);
  // Smaller crops show an object better; among equal ones the better mask wins.
  const kept = suppress([...found].sort((a, b) => a.cropArea - b.cropArea || better(a, b)), grid.cropNmsThresh);
  return kept.sort(surer).map(planeMask);
}

function surer(a: PlaneMask, b: PlaneMask): number {
  return b.score - a.score;
}

interface Limits {
  readonly grid: WholeGrid;
  readonly accepts: (mask: PlaneMask) => boolean;
  readonly better: (a: PlaneMask, b: PlaneMask) => number;
  readonly whole: PixelBox;
  readonly maxArea: number;
}

async function lookAtCrop({ trackers, model }: Scene, view: View, crop: Crop, limits: Limits, answered: (count: number) => void, signal: AbortSignal | undefined): Promise<Sighting[]> {
  const { grid } = limits;
  const points = gridPoints(sideInLayer(grid, crop.layer), crop.box);
  const seenArea = (view.box[2] - view.box[0]) * (view.box[3] - view.box[1]);
  const perCall = Math.min(clicksPerCall, Math.max(1, Math.floor(maskBytesPerCall / (seenArea * (grid.multimaskOutput ? 3 : 1)))));
  const how = { multimask: grid.multimaskOutput, refine: grid.useM2m, scoreThreshold: grid.predIouThresh, stabilityThreshold: grid.stabilityScoreThresh, stabilityOffset: grid.stabilityScoreOffset };
  const isSized = ({ area }: { readonly area: number }): boolean => area >= grid.minArea && area <= limits.maxArea;
  const found: Sighting[] = [];
  for (let start = 0; start < points.length; start += perCall) {
    throwIfCancelled(signal);
    const asked = points.slice(start, start + perCall);
    for (const { mask, score } of await trackers.clicks(model, view, { points: asked, ...how }, { signal })) {
      const seen = packMask(mask);
      if (!isSized(seen) || !limits.accepts({ ...seen, score }) || (crop.layer > 0 && isCutOff(seen.box, view.box, limits.whole))) continue;
      found.push({ ...seen, score, cropArea: (crop.box[2] - crop.box[0]) * (crop.box[3] - crop.box[1]) });
    }
    answered(asked.length);
  }
  // Cleaning takes longer than comparing boxes, and a mask without its specks may have the box of another.
  const kept = suppress(found.sort(limits.better), grid.boxNmsThresh);
  const clean = kept.map((mask): Sighting => ({ ...mask, ...packMask(cleanMask(unpackMask(mask), grid.minArea)) }));
  return suppress(clean.filter(isSized), grid.boxNmsThresh);
}

function planeMask({ box, bits, area, score }: Sighting): PlaneMask {
  return { box, bits, area, score };
}
