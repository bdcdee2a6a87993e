// SAM 2's trunk: Hiera, attention in windows and over the whole grid (Ryali et al., Hiera, arXiv 2306.00989).
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import type { HieraConfig, Sam2Config } from "../config.ts";
import { enlarge } from "./bicubic.ts";
import { channelsLast, convolution, reshape, type TensorSource } from "./layers.ts";
import { ofStored, type Stage } from "./stage.ts";
import { trunkBlock, type Stored } from "./trunk-block.ts";
import { floatLinears, int8Linears } from "./trunk-linears.ts";

const TRUNK = "image_encoder.trunk";
/** The stages that s0 and s1 come from. */
const FINE_STAGES = 2;

/**
 * @param image [1, 3, S, S]
 * @param int8 rounds the linear layers of the two deep stages, where most of the work is; s0 and s1 come before them and stay exact
 * @returns what each stage ends with, the finest first
 */
export function hieraTrunk(graph: GraphBuilder, tensors: TensorSource, { imageSize }: Pick<Sam2Config, "imageSize">, trunk: HieraConfig, image: Value, int8: boolean): Stage[] {
  const { embedDim, blocks, heads, windows, globalBlocks } = trunk;
  let side = imageSize / 4;
  let width = embedDim;
  let index = 0;
  const patches = channelsLast(graph, convolution(graph, tensors, `${TRUNK}.patch_embed.proj`, image, { stride: 4, pad: 3 }));
  const places = graph.op("Add", [patches, graph.constant(() => positionEmbedding(tensors, trunk, imageSize / 4), [1, side, side, embedDim])]);
  let stored: Stored = { x: reshape(graph, places, [side * side, embedDim]), order: side };
  const stages: Stage[] = [];
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
    stages.push(ofStored(graph, stored, side));
  }
  return stages;
}

/** A small grid enlarged to all places, plus a smaller one tiled: [side, side, embedDim]. */
async function positionEmbedding(tensors: TensorSource, { embedDim, positionGrid, windowPositionGrid: tile }: HieraConfig, side: number): Promise<Float32Array> {
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
