// The image encoder: Hiera's trunk, its neck, and the decoder's two convolutions of the fine maps, which depend on the picture alone.
// Ravi et al., SAM 2: Segment anything in images and videos (2024).
import { createGraph, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import type { Sam2Config } from "../config.ts";
import { enlarge } from "./bicubic.ts";
import { channelsLast, convolution, reshape, type TensorSource } from "./layers.ts";
import { neck } from "./neck.ts";
import { trunkBlock, type Stored } from "./trunk-block.ts";
import { floatLinears, int8Linears } from "./trunk-linears.ts";

const TRUNK = "image_encoder.trunk";
/** The stages that s0 and s1 come from. */
const FINE_STAGES = 2;

/**
 * `image` [1, 3, S, S], normalised -> `s0` [1, D/8, 4g, 4g], `s1` [1, D/4, 2g, 2g], `s2` [1, D, g, g] with g = S/16.
 * `int8` rounds the linear layers of the two deep stages, where most of the work is; s0 and s1 come before them and stay exact.
 * Nothing is added to s2 for a missing memory; that is the caller's.
 */
export function imageEncoderGraph(config: Sam2Config, tensors: TensorSource, options: { readonly int8?: boolean } = {}): GraphBuilder {
  const graph = createGraph("image-encoder");
  const { imageSize, width } = config;
  const image = graph.input("image", [1, 3, imageSize, imageSize]);
  const { s0, s1, s2 } = neck(graph, tensors, config, trunk(graph, tensors, config, image, options.int8 === true));
  const grid = imageSize / 16;
  graph.output("s0", s0, [1, width / 8, 4 * grid, 4 * grid]);
  graph.output("s1", s1, [1, width / 4, 2 * grid, 2 * grid]);
  graph.output("s2", s2, [1, width, grid, grid]);
  return graph;
}

/** @returns what each stage ends with, the finest first */
function trunk(graph: GraphBuilder, tensors: TensorSource, config: Sam2Config, image: Value, int8: boolean): Stored[] {
  const { embedDim, blocks, heads, windows, globalBlocks } = config.trunk;
  let side = config.imageSize / 4;
  let width = embedDim;
  let index = 0;
  const patches = channelsLast(graph, convolution(graph, tensors, `${TRUNK}.patch_embed.proj`, image, { stride: 4, pad: 3 }));
  const places = graph.op("Add", [patches, graph.constant(() => positionEmbedding(tensors, config), [1, side, side, embedDim])]);
  let stored: Stored = { x: reshape(graph, places, [side * side, embedDim]), order: side };
  const stages: Stored[] = [];
  const exact = floatLinears(graph, tensors);
  const deep = int8 ? int8Linears(graph, tensors) : exact;
  for (const [stage, count] of blocks.entries()) {
    for (let inStage = 0; inStage < count; inStage++) {
      const opens = stage > 0 && inStage === 0;
      const widthOut = opens ? width * 2 : width;
      // A block that opens a stage still has the windows of the one before.
      const window = globalBlocks.includes(index) ? undefined : windows[opens ? stage - 1 : stage]!;
      stored = trunkBlock(graph, tensors, stage < FINE_STAGES ? exact : deep, { name: `${TRUNK}.blocks.${index}`, side, widthIn: width, widthOut, heads: heads[stage]!, window, pools: opens }, stored);
      if (opens) side /= 2;
      width = widthOut;
      index++;
    }
    stages.push(stored);
  }
  return stages;
}

/** A small grid enlarged to all places, plus a smaller one tiled: [side, side, embedDim]. */
async function positionEmbedding(tensors: TensorSource, config: Sam2Config): Promise<Float32Array> {
  const { embedDim, positionGrid, windowPositionGrid: tile } = config.trunk;
  const side = config.imageSize / 4;
  const embedding = enlarge(await tensors.read(`${TRUNK}.pos_embed`), embedDim, positionGrid, side);
  const tiled = await tensors.read(`${TRUNK}.pos_embed_window`);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inTile = (y % tile) * tile + (x % tile);
      const at = (y * side + x) * embedDim;
      for (let channel = 0; channel < embedDim; channel++) embedding[at + channel]! += tiled[channel * tile * tile + inTile]!;
    }
  }
  return embedding;
}
