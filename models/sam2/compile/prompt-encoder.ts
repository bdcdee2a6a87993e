// Prompts as tokens and as features (facebookresearch/sam2: sam2/modeling/sam/prompt_encoder.py).
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { gridSide, type Sam2Config } from "../config.ts";
import { codesOfPoints } from "./fourier-code.ts";
import { gelu, layerNorm, matrixShape, picked, reshape, tensor, transposed, type TensorSource } from "./layers.ts";

const ENCODER = "sam_prompt_encoder";
const CHANNEL_NORM_EPSILON = 1e-6;
/** Padding, negative and positive clicks, the corners of a box; padding has no place, only its embedding. */
const LABELS = [-1, 0, 1, 2, 3];

/** One token [B, P, D] for each of `points` [B, P, 2] and `labels` [B, P]; an unknown label adds nothing to the place. */
export function pointTokens(graph: GraphBuilder, config: Pick<Sam2Config, "imageSize">, tensors: TensorSource, points: Value, labels: Value): Value {
  const label = graph.op("Unsqueeze", [labels, graph.ints([-1])]);
  const isLabel = (values: readonly number[]) => graph.op("Cast", [graph.op("Equal", [label, graph.constant(Float32Array.from(values), [values.length])])], { to: { i: 1 } });
  const names = LABELS.map((value) => (value === -1 ? `${ENCODER}.not_a_point_embed.weight` : `${ENCODER}.point_embeddings.${value}.weight`));
  const embeddings = graph.op("Concat", names.map((name) => tensor(graph, tensors, name)), { axis: { i: 0 } });
  const placed = graph.op("Sub", [graph.scalar(1), isLabel([-1])]);
  const places = graph.op("Mul", [codesOfPoints(graph, tensors, config.imageSize, points), placed]);
  return graph.op("Add", [places, graph.op("MatMul", [isLabel(LABELS), embeddings])]);
}

/**
 * What a mask prompt adds to the features, [b, g * g, D], or the embedding of none.
 * The convolutions do not overlap, so each place's 16 logits are sorted into rows once and multiplied from there.
 * @param maskPrompt [b, 1, 4 g, 4 g], logits
 * @param hasMask [1]; at or below a half the logits are not looked at
 */
export function densePrompt(graph: GraphBuilder, config: Pick<Sam2Config, "imageSize">, tensors: TensorSource, maskPrompt: Value, hasMask: Value): Value {
  const side = gridSide(config);
  const steps = `${ENCODER}.mask_downscaling`;
  const isGiven = graph.op("Greater", [hasMask, graph.scalar(0.5)]);
  // Place, quarter of the place, quarter of that.
  const blocks = graph.op("Transpose", [reshape(graph, maskPrompt, [-1, side, 2, 2, side, 2, 2])], { perm: { is: [0, 1, 4, 2, 5, 3, 6] } });
  const [quarterWidth] = tensors.shape(`${steps}.0.weight`);
  const quarters = normalised(graph, tensors, `${steps}.1`, blockProduct(graph, tensors, `${steps}.0`, reshape(graph, blocks, [-1, 4 * side * side, 4])));
  const places = normalised(graph, tensors, `${steps}.4`, blockProduct(graph, tensors, `${steps}.3`, reshape(graph, quarters, [-1, side * side, 4 * quarterWidth!])));
  const [width, hidden] = matrixShape(tensors, `${steps}.6.weight`);
  const rows = Array.from({ length: width }, (_, row) => row);
  const weight = graph.constant(async () => transposed(await tensors.read(`${steps}.6.weight`), rows, hidden, 1), [hidden, width]);
  const ofMask = graph.op("MatMul", [graph.op("Where", [isGiven, places, graph.scalar(0)]), weight]);
  const everywhere = graph.op("Where", [isGiven, tensor(graph, tensors, `${steps}.6.bias`), tensor(graph, tensors, `${ENCODER}.no_mask_embed.weight`, [width])]);
  return graph.op("Add", [ofMask, everywhere]);
}

function normalised(graph: GraphBuilder, tensors: TensorSource, norm: string, x: Value): Value {
  return gelu(graph, layerNorm(graph, tensors, norm, x, CHANNEL_NORM_EPSILON));
}

/** A 2 x 2 convolution of stride 2 on rows [.., 4 * in] that hold the four pixels of a block one after another. */
function blockProduct(graph: GraphBuilder, tensors: TensorSource, name: string, rows: Value): Value {
  const [outputs, inputs] = tensors.shape(`${name}.weight`);
  const all = Array.from({ length: outputs! }, (_, output) => output);
  const weight = graph.constant(async () => transposed(pixelsFirst(await tensors.read(`${name}.weight`), inputs!), all, 4 * inputs!, 1), [4 * inputs!, outputs!]);
  const bias = graph.constant(async () => picked(await tensors.read(`${name}.bias`), all, 1), [outputs!]);
  return graph.op("Add", [graph.op("MatMul", [rows, weight]), bias]);
}

/** [out, in, 2, 2] -> [out, 2, 2, in] */
export function pixelsFirst(kernel: Float32Array, inputs: number): Float32Array {
  const sorted = new Float32Array(kernel.length);
  for (let at = 0; at < kernel.length; at++) {
    const pixel = at % 4;
    const input = Math.floor(at / 4) % inputs;
    const output = Math.floor(at / (4 * inputs));
    sorted[(output * 4 + pixel) * inputs + input] = kernel[at]!;
  }
  return sorted;
}
