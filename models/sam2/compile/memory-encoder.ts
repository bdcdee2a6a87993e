// The memory encoder: what is remembered of a frame, from its features and the mask found there.
// Ravi et al., SAM 2 (2024); the fuser's blocks are those of Liu et al., A ConvNet for the 2020s (2022).
import { createGraph, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { memoryTokens, type Sam2Config } from "../config.ts";
import { channelsFirst, channelsLast, convolution, gelu, layerNorm, layerNormOfChannels, linear, linearGelu, tensor, type TensorSource } from "./layers.ts";
import { perceived } from "./perceiver.ts";

const EPSILON = 1e-6;
/** What a probability becomes before the downsampler: 20 p - 10. */
const MASK_SCALE = 20;
const MASK_BIAS = -10;
/** Convolutions of the downsampler; each halves the mask's side. */
const HALVINGS = 4;

/**
 * `features` [1, D, g, g] the raw s2, `logits` [1, 1, 4g, 4g], `binarise` [1] and `absent` [1] (0 or 1) -> `memory` [g * g, M],
 * places row by row, or with a perceiver [tokens, M] as `memoryLayout` has them. Binarised masks are those a person prompted. An absent object's memory gets a learned vector (2.1 only).
 */
export function memoryEncoderGraph(config: Sam2Config, tensors: TensorSource): GraphBuilder {
  const graph = createGraph("memory-encoder");
  const { imageSize, width, memoryWidth } = config;
  const grid = imageSize / 16;
  const features = graph.input("features", [1, width, grid, grid]);
  const logits = graph.input("logits", [1, 1, 4 * grid, 4 * grid]);
  const binarise = graph.input("binarise", [1]);
  const absent = graph.input("absent", [1]);

  const mask = downsampled(graph, tensors, probability(graph, logits, binarise, imageSize));
  let x = graph.op("Add", [convolution(graph, tensors, "memory_encoder.pix_feat_proj", features), mask]);
  for (let layer = 0; layer < config.fuserLayers; layer++) x = fuse(graph, tensors, `memory_encoder.fuser.layers.${layer}`, x);
  const places = placesFirst(graph, tensors, x, grid * grid, width, memoryWidth);
  // An input stays an input of the graph only while something reads it: for 2.0 it is multiplied by nothing but zeros.
  const vector = config.occlusionMemory ? tensor(graph, tensors, "no_obj_embed_spatial") : graph.constant(new Float32Array(memoryWidth), [1, memoryWidth]);
  const memory = graph.op("Add", [places, graph.op("Mul", [vector, absent])]);
  graph.output("memory", config.perceiver === undefined ? memory : perceived(graph, tensors, config, config.perceiver, memory), [memoryTokens(config), memoryWidth]);
  return graph;
}

/** At the picture's size, between -10 and 10. */
function probability(graph: GraphBuilder, logits: Value, binarise: Value, side: number): Value {
  const sizes = graph.ints([1, 1, side, side]);
  const large = graph.op("Resize", [logits, undefined, undefined, sizes], { mode: { s: "linear" }, coordinate_transformation_mode: { s: "half_pixel" } });
  const inside = graph.op("Where", [graph.op("Greater", [large, graph.scalar(0)]), graph.scalar(1), graph.scalar(0)]);
  const chosen = graph.op("Where", [graph.op("Greater", [binarise, graph.scalar(0.5)]), inside, graph.op("Sigmoid", [large])]);
  return graph.op("Add", [graph.op("Mul", [chosen, graph.scalar(MASK_SCALE)]), graph.scalar(MASK_BIAS)]);
}

/** [1, 1, S, S] -> [1, D, g, g]. Layers are counted as in the checkpoint: convolution, norm, GELU, and so on. */
function downsampled(graph: GraphBuilder, tensors: TensorSource, mask: Value): Value {
  const name = (layer: number) => `memory_encoder.mask_downsampler.encoder.${layer}`;
  let x = mask;
  for (let step = 0; step < HALVINGS; step++) {
    const convolved = convolution(graph, tensors, name(3 * step), x, { stride: 2, pad: 1 });
    x = gelu(graph, layerNormOfChannels(graph, tensors, name(3 * step + 1), convolved, EPSILON));
  }
  return convolution(graph, tensors, name(3 * HALVINGS), x);
}

/** x + gamma * Linear(GELU(Linear(Norm(depthwise 7 x 7 of x)))), [1, D, g, g] */
function fuse(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value): Value {
  const [channels] = tensors.shape(`${name}.dwconv.weight`);
  const spread = convolution(graph, tensors, `${name}.dwconv`, x, { pad: 3, groups: channels! });
  const normed = layerNorm(graph, tensors, `${name}.norm`, channelsLast(graph, spread), EPSILON);
  const changed = linear(graph, tensors, `${name}.pwconv2`, linearGelu(graph, tensors, `${name}.pwconv1`, normed));
  return graph.op("Add", [x, channelsFirst(graph, graph.op("Mul", [changed, tensor(graph, tensors, `${name}.gamma`)]))]);
}

/** The last 1 x 1 convolution, as a product that leaves places first. */
function placesFirst(graph: GraphBuilder, tensors: TensorSource, x: Value, places: number, width: number, memoryWidth: number): Value {
  const flat = graph.op("Reshape", [x, graph.ints([width, places])]);
  const weight = tensor(graph, tensors, "memory_encoder.out_proj.weight", [memoryWidth, width]);
  return graph.op("Gemm", [flat, weight, tensor(graph, tensors, "memory_encoder.out_proj.bias")], { transA: { i: 1 }, transB: { i: 1 } });
}
