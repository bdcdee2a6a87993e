// From a checkpoint to a folder that the runtime can open: four graphs, their weights in one file, and network.json.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Watch } from "#protocol/types.ts";
import { writeGraphs } from "../../onnx/write-graphs.ts";
import { COMPILER_VERSION, encodeNetworkDescription, networkFiles, type NetworkConstants } from "../network-description.ts";
import type { Sam2Weights } from "../weights.ts";
import { imageEncoderGraph } from "./image-encoder.ts";
import { maskDecoderGraph } from "./mask-decoder.ts";
import { memoryAttentionGraph } from "./memory-attention.ts";
import { memoryEncoderGraph } from "./memory-encoder.ts";
import { recentTensors } from "./recent-tensors.ts";

export interface CompileOptions extends Watch {
  /** Of the checkpoint, lower-case hex. */
  readonly sourceSha256?: string | undefined;
  /** Rounds the linear layers of the image encoder's deep stages to eight bits: faster, not exact. Default false. */
  readonly int8?: boolean;
}

/** An attention's weight and bias, and the projection's beside them. */
const TENSORS_KEPT = 4;

/**
 * Writes into an existing folder; one that must be whole or absent is the caller's care. Memory stays near the few largest
 * tensors. Progress counts bytes of weights.
 * @throws what reading the checkpoint throws, disk_full, cancelled
 */
export async function compileSam2(weights: Sam2Weights, folder: string, options: CompileOptions = {}): Promise<void> {
  const { config } = weights;
  const { sourceSha256, int8 = false } = options;
  const tensors = recentTensors(weights, TENSORS_KEPT);
  await writeGraphs(folder, [
    { file: networkFiles.imageEncoder, graph: imageEncoderGraph(config, tensors, { int8 }) },
    { file: networkFiles.maskDecoder, graph: maskDecoderGraph(config, tensors) },
    { file: networkFiles.memoryEncoder, graph: memoryEncoderGraph(config, tensors) },
    { file: networkFiles.memoryAttention, graph: memoryAttentionGraph(config, tensors) },
  ], networkFiles.weights, options);
  const constants = await readConstants(weights);
  await writeFile(join(folder, networkFiles.description), encodeNetworkDescription({ compilerVersion: COMPILER_VERSION, sourceSha256, int8, config, constants }));
}

async function readConstants(weights: Sam2Weights): Promise<NetworkConstants> {
  const [bias] = await weights.read("mask_downsample.bias");
  return {
    noMemory: await weights.read("no_mem_embed"),
    temporal: await weights.read("maskmem_tpos_enc"),
    noObjectPointer: await weights.read("no_obj_ptr"),
    maskDownsample: { weight: await weights.read("mask_downsample.weight"), bias: bias! },
  };
}
