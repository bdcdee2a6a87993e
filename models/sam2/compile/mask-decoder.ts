// mask-decoder.onnx: prompts on a picture to four masks, how good they are, and what to remember of the object (SAM 2,
// arXiv 2408.00714; facebookresearch/sam2: sam2/modeling/sam/mask_decoder.py). Which mask to take is the caller's choice.
import { createGraph, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { gridSide, type Sam2Config } from "../config.ts";
import { codesOfGrid } from "./fourier-code.ts";
import { linear, matrixShape, reshape, tensor, transposed, type TensorSource } from "./layers.ts";
import { upscaledMasks } from "./mask-upscaling.ts";
import { densePrompt, pointTokens } from "./prompt-encoder.ts";
import { twoWayTransformer } from "./two-way-transformer.ts";

const DECODER = "sam_mask_decoder";
/** Layers of every small network behind a token. */
const HEAD_LAYERS = 3;

/**
 * Inputs: `features` [1, D, g, g], conditioned; `s0` [1, D / 8, 4 g, 4 g], `s1` [1, D / 4, 2 g, 2 g]; `points` [B, P, 2], (x, y)
 * in pixels of the input, first centre at 0; `labels` [B, P]: -1 padding, 0 negative, 1 positive, 2 and 3 a box's corners,
 * padding points included where the network expects them; `mask_prompt` [1 or B, 1, 4 g, 4 g], logits; `has_mask` [1], 0 or 1.
 * Outputs: `masks` [B, 4, 4 g, 4 g], logits; `ious` [B, 4]; `pointers` [B, 4, D]; `object_score` [B, 1], a logit. Mask 0 is the
 * one for unambiguous prompts.
 */
export function maskDecoderGraph(config: Sam2Config, tensors: TensorSource): GraphBuilder {
  const side = gridSide(config);
  const { width } = config;
  const [masks] = matrixShape(tensors, `${DECODER}.mask_tokens.weight`);
  const graph = createGraph("mask-decoder");
  const features = graph.input("features", [1, width, side, side]);
  const s0 = graph.input("s0", [1, width / 8, 4 * side, 4 * side]);
  const s1 = graph.input("s1", [1, width / 4, 2 * side, 2 * side]);
  const prompts = pointTokens(graph, config, tensors, graph.input("points", ["B", "P", 2]), graph.input("labels", ["B", "P"]));
  const dense = densePrompt(graph, config, tensors, graph.input("mask_prompt", ["b", 1, 4 * side, 4 * side]), graph.input("has_mask", [1]));
  const rows = graph.op("Transpose", [reshape(graph, features, [1, width, -1])], { perm: { is: [0, 2, 1] } });
  const start = graph.op("Concat", [outputTokens(graph, tensors, prompts, width), prompts], { axis: { i: 1 } });
  const { tokens, places } = twoWayTransformer(graph, config, tensors, start, graph.op("Add", [rows, dense]), codesOfGrid(graph, tensors, side));
  const scoreToken = graph.op("Gather", [tokens, graph.int(0)], { axis: { i: 1 } });
  const iouToken = graph.op("Gather", [tokens, graph.int(1)], { axis: { i: 1 } });
  const maskTokens = graph.op("Slice", [tokens, graph.ints([2]), graph.ints([2 + masks]), graph.ints([1])]);
  graph.output("masks", upscaledMasks(graph, config, tensors, places, s0, s1, filters(graph, tensors, maskTokens, masks)), ["B", masks, 4 * side, 4 * side]);
  graph.output("ious", graph.op("Sigmoid", [head(graph, tensors, `${DECODER}.iou_prediction_head`, iouToken)]), ["B", masks]);
  graph.output("pointers", head(graph, tensors, "obj_ptr_proj", maskTokens), ["B", masks, width]);
  graph.output("object_score", head(graph, tensors, `${DECODER}.pred_obj_score_head`, scoreToken), ["B", 1]);
  return graph;
}

/** The tokens that become answers, for each of the prompts' batch: object score, IoU, masks; [B, 2 + masks, D]. */
function outputTokens(graph: GraphBuilder, tensors: TensorSource, prompts: Value, width: number): Value {
  const names = ["obj_score_token", "iou_token", "mask_tokens"].map((name) => `${DECODER}.${name}.weight`);
  const tokens = graph.op("Concat", names.map((name) => tensor(graph, tensors, name)), { axis: { i: 0 } });
  const batch = graph.op("Shape", [prompts], { start: { i: 0 }, end: { i: 1 } });
  return graph.op("Expand", [reshape(graph, tokens, [1, -1, width]), graph.op("Concat", [batch, graph.ints([1, 1])], { axis: { i: 0 } })]);
}

/** A small network behind a token, x [.., D]. */
function head(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value): Value {
  let hidden = x;
  for (let layer = 0; layer < HEAD_LAYERS; layer++) {
    hidden = linear(graph, tensors, `${name}.layers.${layer}`, layer === 0 ? hidden : graph.op("Relu", [hidden]));
  }
  return hidden;
}

/** Each mask token through its own network, all at once: [B, masks, D] -> [B, masks, D / 8]. */
function filters(graph: GraphBuilder, tensors: TensorSource, maskTokens: Value, masks: number): Value {
  const swapped = { perm: { is: [1, 0, 2] } };
  const network = (mask: number, layer: number) => `${DECODER}.output_hypernetworks_mlps.${mask}.layers.${layer}`;
  let hidden = graph.op("Transpose", [maskTokens], swapped);
  for (let layer = 0; layer < HEAD_LAYERS; layer++) {
    const [outputs, inputs] = matrixShape(tensors, `${network(0, layer)}.weight`);
    const all = Array.from({ length: outputs }, (_, row) => row);
    const weights = graph.constant(() => stacked(masks, async (mask) => transposed(await tensors.read(`${network(mask, layer)}.weight`), all, inputs, 1)), [masks, inputs, outputs]);
    const biases = graph.constant(() => stacked(masks, (mask) => tensors.read(`${network(mask, layer)}.bias`)), [masks, 1, outputs]);
    hidden = graph.op("Add", [graph.op("MatMul", [layer === 0 ? hidden : graph.op("Relu", [hidden]), weights]), biases]);
  }
  return graph.op("Transpose", [hidden], swapped);
}

async function stacked(count: number, read: (index: number) => Promise<Float32Array>): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (let index = 0; index < count; index++) parts.push(await read(index));
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
