// POST /sam/automask/: whatever can be found on one picture.
import type { PixelBox } from "#protocol/types.ts";
import type { AutomaskRequest, PlaneMask } from "#server/segmentation/automask.ts";
import { pictureFeatures } from "./features.ts";
import { fromBase64, modelFor, sceneOf } from "./looking.ts";
import type { Looking } from "./looking.ts";
import { isSam2 } from "./model-names.ts";
import { pictureVolume } from "./picture-volume.ts";
import type { AutomaskBody } from "./requests.ts";

/** @throws Refusal, and what decoding and the model throw */
export async function automaskPicture(request: AutomaskBody, looking: Looking): Promise<object[]> {
  const model = await modelFor(request.type, request.weights, looking);
  const picture = await looking.decoder.decode(fromBase64(request.image));
  const source = pictureVolume(picture);
  const scene = await sceneOf(source, model, "plane", looking);
  const found = await looking.segmenter.automask(scene, automaskRequest(request, [0, 0, picture.width, picture.height]), { signal: looking.signal });
  looking.say(`${found.length} objects on ${picture.width} x ${picture.height} with ${model.id}`);
  return pictureFeatures(found, model.id);
}

/**
 * For SAM 1 the kind of output says which of two masks of one thing stays, and by which masks of the whole view are left out;
 * samapi's SAM 2 knows the surer mask and three or one.
 */
export function automaskRequest(request: AutomaskBody, whole: PixelBox): AutomaskRequest {
  const { outputType } = request;
  const sam1 = !isSam2(request.type);
  const bySize = sam1 ? { "Multi-mask (largest)": -1, "Multi-mask (smallest)": 1, "Single mask": 1, "Multi-mask (all)": 0, "Multi-mask (best quality)": 0 }[outputType] : 0;
  return {
    cut: { axis: "z", index: 0 },
    grid: {
      pointsPerSide: request.pointsPerSide, predIouThresh: request.predIouThresh, stabilityScoreThresh: request.stabilityScoreThresh,
      stabilityScoreOffset: request.stabilityScoreOffset, boxNmsThresh: sam1 && outputType === "Multi-mask (all)" ? 1 : request.boxNmsThresh,
      cropNLayers: request.cropNLayers, cropNmsThresh: request.cropNmsThresh, cropOverlapRatio: request.cropOverlapRatio,
      cropNPointsDownscaleFactor: request.cropNPointsDownscaleFactor, multimaskOutput: outputType !== "Single mask",
      minArea: Math.max(1, request.minMaskRegionArea), maxAreaPart: 1,
    },
    accepts: sam1 && !request.includeImageEdge ? ({ box }) => !isWhole(box, whole) : undefined,
    better: bySize === 0 ? undefined : (a, b) => bySize * (a.area - b.area) || surer(a, b),
  };
}

function surer(a: PlaneMask, b: PlaneMask): number {
  return b.score - a.score;
}

/** Pixels from the view's edge, on all four sides, within which a mask counts as the view itself; in views under 320 pixels fewer. */
function isWhole(box: PixelBox, whole: PixelBox): boolean {
  const reach = Math.min(20, whole[2] / 16, whole[3] / 16);
  return box.every((edge, at) => Math.abs(edge - whole[at]!) <= reach);
}
