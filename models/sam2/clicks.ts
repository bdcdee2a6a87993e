// Single clicks answered alone, many to a decoder run: what an automatic segmentation asks for
// (facebookresearch/sam2: sam2/automatic_mask_generator.py). Scores are looked at before masks are enlarged, which changes
// nothing but the time.
import { throwIfCancelled } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { Watch } from "#protocol/types.ts";
import type { ClickMask, ClicksRequest, View } from "../tracker.ts";
import { logitSide } from "./config.ts";
import type { Frame } from "./frame.ts";
import { frameOf } from "./frame.ts";
import type { Decoded, Features, Sam2Graphs } from "./graphs.ts";
import { maskFromLogits } from "./mask-logits.ts";
import type { NetworkDescription } from "./network-description.ts";
import { modelPoints, paddedPoints } from "./prompt-tensors.ts";
import { alternatives, chooseAnswer } from "./sam-heads.ts";
import type { Sight } from "./sam-heads.ts";
import { fedBack, withVector } from "./track-plane.ts";

/** Prompts a decoder run: its image side is shared, and its working memory grows with each; at 1024 it is 2.5 GB for 64, and 16 are as fast. */
function batchOf({ imageSize }: Config): number {
  return imageSize >= 1024 ? 16 : 64;
}

type At = ClickMask["point"];
type Config = NetworkDescription["config"];

export interface ClickNetwork {
  readonly decode: Sam2Graphs["decode"];
  readonly description: NetworkDescription;
}

/** @returns in the order of the points, a point's alternatives in the decoder's. @throws model_failed, cancelled */
export async function answerClicks({ decode, description }: ClickNetwork, features: Features, view: View, request: ClicksRequest, watch: Watch): Promise<ClickMask[]> {
  const { config, constants } = description;
  const frame = frameOf(view, config.imageSize);
  const conditioned = withVector(features.s2, constants.noMemory, (config.imageSize / 16) ** 2);
  const run = (points: readonly At[], maskPrompt?: Float32Array): Promise<Decoded> => {
    throwIfCancelled(watch.signal);
    return decode({ conditioned, features, ...pointTensors(points, frame), batch: points.length, maskPrompt });
  };
  const found: ClickMask[] = [];
  const batch = batchOf(config);
  for (let start = 0; start < request.points.length; start += batch) {
    const points = request.points.slice(start, start + batch);
    const decoded = await run(points);
    const seen = points.flatMap((point, at) => (request.multimask ? alternatives(decoded, config, at) : [chooseAnswer(decoded, false, config, at)]).map((sight) => ({ point, sight })));
    for (const { point, sight } of request.refine ? await refined(seen, run, config) : seen) {
      if (request.scoreThreshold > 0 && !(sight.iou > request.scoreThreshold)) continue;
      const { mask, stability } = maskFromLogits(sight.logits, view.box, request.stabilityOffset);
      if (isEmptyBox(mask.box) || (request.stabilityThreshold > 0 && stability < request.stabilityThreshold)) continue;
      found.push({ point, mask, score: Math.min(1, Math.max(0, sight.iou)), stability });
    }
  }
  return found;
}

interface Seen {
  readonly point: At;
  readonly sight: Sight;
}

/** Each mask decoded once more from its own click and logits, as one unambiguous prompt. */
async function refined(seen: readonly Seen[], run: (points: readonly At[], maskPrompt: Float32Array) => Promise<Decoded>, config: Config): Promise<Seen[]> {
  const size = logitSide(config) ** 2;
  const better: Seen[] = [];
  const atOnce = batchOf(config);
  for (let start = 0; start < seen.length; start += atOnce) {
    const batch = seen.slice(start, start + atOnce);
    const prompt = new Float32Array(batch.length * size);
    for (const [at, { sight }] of batch.entries()) prompt.set(fedBack(sight.logits), at * size);
    const decoded = await run(batch.map(({ point }) => point), prompt);
    for (const [at, { point }] of batch.entries()) better.push({ point, sight: chooseAnswer(decoded, false, config, at) });
  }
  return better;
}

/** One click and one padding point a prompt. */
function pointTensors(points: readonly At[], frame: Frame): { points: Float32Array; labels: Float32Array } {
  const each = points.map(([u, v]) => paddedPoints(modelPoints(undefined, [[u, v, 1]], frame)));
  const tensors = { points: new Float32Array(4 * points.length), labels: new Float32Array(2 * points.length) };
  for (const [at, { coords, labels }] of each.entries()) {
    tensors.points.set(coords, 4 * at);
    tensors.labels.set(labels, 2 * at);
  }
  return tensors;
}
