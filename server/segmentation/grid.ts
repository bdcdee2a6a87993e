// How an automatic segmentation looks: the settings of SAM's mask generator with nothing left open, and its grid of clicks
// (facebookresearch/sam2: sam2/automatic_mask_generator.py, sam2/utils/amg.py).
import type { PixelBox, Schema } from "#protocol/types.ts";

export type GridSettings = Schema<"GridSettings">;
export type WholeGrid = { readonly [K in keyof GridSettings]-?: NonNullable<GridSettings[K]> };

const defaults: WholeGrid = {
  pointsPerSide: 32, predIouThresh: 0.8, stabilityScoreThresh: 0.95, stabilityScoreOffset: 1, boxNmsThresh: 0.7,
  cropNLayers: 0, cropNmsThresh: 0.7, cropOverlapRatio: 512 / 1500, cropNPointsDownscaleFactor: 1,
  useM2m: false, multimaskOutput: true, minArea: 8, maxAreaPart: 0.4,
};

/**
 * Networks whose own defaults differ. Ours looks at 256 pixels where SAM looks at 1024: it has to come nearer, and on objects of a
 * few pixels the estimate of its masks' overlap and their stability are lower for masks as good. On two slices of a clay phantom
 * with 5 particles each (weights of an earlier round, at 128 pixels) SAM's limits kept no mask; these found 8 particles, and 2 that touch as one.
 */
const ofModel: Readonly<Record<string, GridSettings>> = {
  "masklet-sam2": { predIouThresh: 0.6, stabilityScoreThresh: 0.7, cropNLayers: 1, cropNPointsDownscaleFactor: 2 },
};

/** @param model the id of the one that looks */
export function wholeGrid(given: GridSettings | undefined, model: string): WholeGrid {
  return { ...defaults, ...(Object.hasOwn(ofModel, model) ? ofModel[model] : {}), ...given };
}

/** Clicks a side in the crops of a layer; at least one, where the reference would leave a layer without any. */
export function sideInLayer({ pointsPerSide, cropNPointsDownscaleFactor }: WholeGrid, layer: number): number {
  return Math.max(1, Math.floor(pointsPerSide / cropNPointsDownscaleFactor ** layer));
}

/** Clicks in the middles of `side` x `side` equal parts of the box, row by row. */
export function gridPoints(side: number, [u0, v0, u1, v1]: PixelBox): [number, number][] {
  const points: [number, number][] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) points.push([u0 + ((column + 0.5) / side) * (u1 - u0), v0 + ((row + 0.5) / side) * (v1 - v0)]);
  }
  return points;
}
