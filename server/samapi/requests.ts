// The JSON bodies of samapi's routes. Unknown members are passed over: the extension sends some that are meant for nobody.
import { limits } from "#protocol/limits.ts";
import { modelNames } from "./model-names.ts";
import type { ModelName } from "./model-names.ts";
import { flag, listOf, members, number, oneOf, text, whole, within } from "./read-fields.ts";
import type { Loc, Members, Read } from "./read-fields.ts";
import { invalid } from "./refusal.ts";

/** What points at one object on one picture, in the pixels that were sent. */
export interface PointsAndBox {
  /** x1, y1, x2, y2 as the extension rounds a rectangle's corners; may reach past the picture. */
  readonly box: readonly [number, number, number, number] | undefined;
  /** x, y of a pixel, and 1 for the object or 0 for what is not. */
  readonly points: readonly (readonly [number, number, 0 | 1])[];
}

export interface PromptRequest extends PointsAndBox {
  readonly type: ModelName;
  readonly image: string;
  readonly mask: string | undefined;
  readonly multimask: boolean;
  readonly weights: string | undefined;
}

export const outputTypes = ["Single mask", "Multi-mask (all)", "Multi-mask (largest)", "Multi-mask (smallest)", "Multi-mask (best quality)"] as const;
export type OutputType = (typeof outputTypes)[number];

export interface AutomaskBody {
  readonly type: ModelName;
  readonly image: string;
  readonly weights: string | undefined;
  readonly outputType: OutputType;
  readonly includeImageEdge: boolean;
  readonly pointsPerSide: number;
  readonly predIouThresh: number;
  readonly stabilityScoreThresh: number;
  readonly stabilityScoreOffset: number;
  readonly boxNmsThresh: number;
  readonly cropNLayers: number;
  readonly cropNmsThresh: number;
  readonly cropOverlapRatio: number;
  readonly cropNPointsDownscaleFactor: number;
  readonly minMaskRegionArea: number;
}

export interface FramePrompt extends PointsAndBox {
  readonly frame: number;
  readonly objectId: number;
}

export interface VideoRequest {
  readonly type: ModelName;
  readonly dirname: string | undefined;
  readonly images: readonly string[] | undefined;
  /** As it was sent: samapi finds out late that it is neither XYZ nor XYT, and so its clients get another answer than 422. */
  readonly axes: string;
  readonly planePosition: number;
  readonly startFrame: number | undefined;
  readonly framesToTrack: number | undefined;
  /** In the order sent; undefined when `objs` was not. */
  readonly prompts: readonly FramePrompt[] | undefined;
  readonly weights: string | undefined;
}

export interface WeightsRequest {
  readonly type: ModelName;
  readonly name: string;
  readonly url: string;
}

const body: Loc = ["body"];
const model = oneOf(modelNames);
const part = within(number, { least: 0, most: 1 });
const count = (least: number, most: number): Read<number> => within(whole, { least, most });

export function readPrompt(value: unknown): PromptRequest {
  const from = members(value, body);
  return {
    type: from.optional("type", model) ?? "vit_h", ...pointsAndBox(from), image: from.required("b64img", text), mask: from.optional("b64mask", text),
    multimask: from.optional("multimask_output", flag) ?? false, weights: weightsOf(from),
  };
}

export function readAutomask(value: unknown): AutomaskBody {
  const from = members(value, body);
  // Read for what may be wrong with it: how many clicks are answered at a time is this server's business.
  from.optional("points_per_batch", whole);
  return {
    type: from.optional("type", model) ?? "vit_h", image: from.required("b64img", text), weights: weightsOf(from),
    outputType: from.optional("output_type", oneOf(outputTypes)) ?? "Single mask", includeImageEdge: from.optional("include_image_edge", flag) ?? false,
    pointsPerSide: from.optional("points_per_side", count(1, 256)) ?? 32,
    predIouThresh: from.optional("pred_iou_thresh", number) ?? 0.88,
    stabilityScoreThresh: from.optional("stability_score_thresh", number) ?? 0.95,
    stabilityScoreOffset: from.optional("stability_score_offset", within(number, { least: 0, most: 100 })) ?? 1,
    boxNmsThresh: from.optional("box_nms_thresh", part) ?? 0.7,
    cropNLayers: from.optional("crop_n_layers", count(0, 4)) ?? 0,
    cropNmsThresh: from.optional("crop_nms_thresh", part) ?? 0.7,
    cropOverlapRatio: from.optional("crop_overlap_ratio", within(number, { least: 0, most: 0.9 })) ?? 512 / 1500,
    cropNPointsDownscaleFactor: from.optional("crop_n_points_downscale_factor", count(1, 256)) ?? 1,
    minMaskRegionArea: from.optional("min_mask_region_area", count(0, Number.MAX_SAFE_INTEGER)) ?? 0,
  };
}

export function readVideo(value: unknown): VideoRequest {
  const from = members(value, body);
  return {
    ...videoEnvelope(from, "sam2_t"), startFrame: from.optional("start_frame_idx", count(0, Number.MAX_SAFE_INTEGER)),
    framesToTrack: from.optional("max_frame_num_to_track", count(0, Number.MAX_SAFE_INTEGER)), prompts: from.optional("objs", framePrompts),
  };
}

/** What of a request for SAM 3 decides its answer where there is no SAM 3. */
export function readSam3(value: unknown): { readonly type: ModelName } {
  const from = members(value, body);
  from.required("b64img", text);
  return { type: from.optional("type", model) ?? "vit_h" };
}

export function readSam3Video(value: unknown): Pick<VideoRequest, "type" | "dirname"> {
  return videoEnvelope(members(value, body), "sam3");
}

export function readWeights(value: unknown): WeightsRequest {
  const from = members(value, body);
  return { type: from.required("type", model), name: from.required("name", text).trim(), url: from.required("url", text).trim() };
}

/** @param value of the query; @returns undefined without one */
export function readModelName(value: string | null): ModelName | undefined {
  return value === null || value === "" ? undefined : model(value, ["query", "type"]);
}

function videoEnvelope(from: Members, type: ModelName) {
  return {
    type: from.optional("type", model) ?? type, dirname: from.optional("dirname", text), images: from.optional("b64imgs", listOf(text, limits.maxSamapiFrames)),
    axes: from.optional("axes", text) ?? "XYT", planePosition: from.optional("plane_position", count(0, limits.maxPlanes)) ?? 0, weights: weightsOf(from),
  };
}

/** The extension spells it one way for pictures and another for stacks. */
function weightsOf(from: Members): string | undefined {
  const found = from.optional("checkpoint_url", text) ?? from.optional("checkpointUrl", text);
  return found === undefined || found.trim() === "" ? undefined : found.trim();
}

const coordinates = listOf(listOf(whole, 2), limits.maxSamapiPoints);
const labels = listOf(count(-1, 1), limits.maxSamapiPoints);

function pointsAndBox(from: Members): PointsAndBox {
  const [x1, y1, x2, y2, ...more] = from.optional("bbox", listOf(whole, 4)) ?? [];
  if (x1 !== undefined && (y2 === undefined || more.length > 0)) throw invalid([...from.loc, "bbox"], "ensure this value has at least 4 items", "value_error.list.min_items");
  const at = from.optional("point_coords", coordinates) ?? [];
  const labelled = from.optional("point_labels", labels) ?? [];
  if (at.length !== labelled.length) throw invalid([...from.loc, "point_labels"], `${at.length} points have ${labelled.length} labels`, "value_error");
  const points = at.flatMap(([x, y], nth): [number, number, 0 | 1][] => {
    if (x === undefined || y === undefined) throw invalid([...from.loc, "point_coords", nth], "ensure this value has at least 2 items", "value_error.list.min_items");
    const label = labelled[nth];
    // -1 marks points that only fill up a batch.
    return label === 0 || label === 1 ? [[x, y, label]] : [];
  });
  return { box: x1 === undefined ? undefined : [x1, y1!, x2!, y2!], points };
}

const framePrompts: Read<FramePrompt[]> = (value, loc) => {
  const prompts = members(value, loc).entries().flatMap(([key, objects]): FramePrompt[] => {
    const frame = count(0, limits.maxSamapiFrames)(key, [...loc, key]);
    return listOf((one, at): FramePrompt => {
      const from = members(one, at);
      return { frame, objectId: from.required("obj_id", whole), ...pointsAndBox(from) };
    }, limits.maxSamapiPrompts)(objects ?? [], [...loc, key]);
  });
  if (prompts.length > limits.maxSamapiPrompts) throw invalid(loc, `ensure this value has at most ${limits.maxSamapiPrompts} items`, "value_error.list.max_items");
  return prompts;
};
