// From the grid to four times its side, with the encoder's finer features (facebookresearch/sam2: sam2/modeling/sam/mask_decoder.py).
//
// The transposed convolutions do not overlap: each place becomes a block of four. They are matrix products whose rows stay in
// the order place, quarter, quarter of that, and only the four masks are sorted into a picture at the end.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { gridSide, type Sam2Config } from "../config.ts";
import { gelu, layerNorm, reshape, tensor, type TensorSource } from "./layers.ts";

const UPSCALING = "sam_mask_decoder.output_upscaling";
const CHANNEL_NORM_EPSILON = 1e-6;

/**
 * @param places [B, g * g, D]
 * @param s0 [1, D / 8, 4 g, 4 g]; `s1` [1, D / 4, 2 g, 2 g]
 * @param filters [B, masks, D / 8]
 * @returns logits [B, masks, 4 g, 4 g]
 */
export function upscaledMasks(graph: GraphBuilder, config: Sam2Config, tensors: TensorSource, places: Value, s0: Value, s1: Value, filters: Value): Value {
  const side = gridSide(config);
  const quarter = { pixels: [side, 2, side, 2], order: [0, 2, 1, 3] };
  const sixteenth = { pixels: [side, 2, 2, side, 2, 2], order: [0, 3, 1, 4, 2, 5] };
  const halfway = enlarged(graph, tensors, `${UPSCALING}.0`, places, inBlocks(graph, tensors, `${UPSCALING}.0`, s1, quarter));
  const normed = gelu(graph, layerNorm(graph, tensors, `${UPSCALING}.1`, halfway, CHANNEL_NORM_EPSILON));
  const fine = gelu(graph, enlarged(graph, tensors, `${UPSCALING}.3`, normed, inBlocks(graph, tensors, `${UPSCALING}.3`, s0, sixteenth)));
  const logits = graph.op("FusedMatMul", [fine, filters], { transB: { i: 1 } }, { domain: CONTRIB });
  const blocks = reshape(graph, logits, [0, side, side, 2, 2, 2, 2, -1]);
  return reshape(graph, graph.op("Transpose", [blocks], { perm: { is: [0, 7, 1, 3, 5, 2, 4, 6] } }), [0, -1, 4 * side, 4 * side]);
}

/** Finer features [1, C, h, w] as rows [1, h * w, C] in the order of blocks, with the bias of the product they are added to. */
function inBlocks(graph: GraphBuilder, tensors: TensorSource, name: string, skip: Value, blocks: { pixels: readonly number[]; order: readonly number[] }): Value {
  const [, channels] = tensors.shape(`${name}.weight`);
  const rows = graph.op("Transpose", [reshape(graph, skip, [channels!, -1])], { perm: { is: [1, 0] } });
  const biased = reshape(graph, graph.op("Add", [rows, tensor(graph, tensors, `${name}.bias`)]), [...blocks.pixels, channels!]);
  return reshape(graph, graph.op("Transpose", [biased], { perm: { is: [...blocks.order, blocks.order.length] } }), [1, -1, channels!]);
}

/** [B, rows, in] -> [B, 4 * rows, out] by the transposed convolution's weight [in, out, 2, 2], plus `skip`. */
function enlarged(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value, skip: Value): Value {
  const [inputs, outputs] = tensors.shape(`${name}.weight`);
  const weight = graph.constant(async () => channelsLastKernel(await tensors.read(`${name}.weight`), outputs!), [inputs!, 4 * outputs!]);
  return graph.op("Add", [reshape(graph, graph.op("MatMul", [x, weight]), [0, -1, outputs!]), skip]);
}

/** [in, out, 2, 2] -> [in, 2, 2, out] */
export function channelsLastKernel(kernel: Float32Array, outputs: number): Float32Array {
  const sorted = new Float32Array(kernel.length);
  for (let at = 0; at < kernel.length; at++) {
    const pixel = at % 4;
    const output = Math.floor(at / 4) % outputs;
    const input = Math.floor(at / (4 * outputs));
    sorted[(input * 4 + pixel) * outputs + output] = kernel[at]!;
  }
  return sorted;
}
