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
export function upscaledMasks(graph: GraphBuilder, config: Pick<Sam2Config, "imageSize">, tensors: TensorSource, places: Value, s0: Value, s1: Value, filters: Value): Value {
  const side = gridSide(config);
  const [width, half] = tensors.shape(`${UPSCALING}.0.weight`);
  const [, fine] = tensors.shape(`${UPSCALING}.3.weight`);
  const pixels = 4 * side * side;
  const firstWeight = graph.constant(async () => channelsLastKernel(await tensors.read(`${UPSCALING}.0.weight`), half!), [width!, 4 * half!]);
  const first = reshape(graph, graph.op("MatMul", [places, firstWeight]), [0, pixels, half!]);
  const skip1 = reshape(graph, sortedSkip(graph, tensors, `${UPSCALING}.0`, s1, [side, 2, side, 2], [0, 2, 1, 3]), [1, pixels, half!]);
  const normed = gelu(graph, layerNorm(graph, tensors, `${UPSCALING}.1`, graph.op("Add", [first, skip1]), CHANNEL_NORM_EPSILON));
  // One of the last four pixels at a time: all at once would be the largest array of the network four times over.
  const skips = reshape(graph, sortedSkip(graph, tensors, `${UPSCALING}.3`, s0, [side, 2, 2, side, 2, 2], [2, 5, 0, 3, 1, 4]), [4, pixels, fine!]);
  const logits = [0, 1, 2, 3].map((pixel) => {
    const weight = graph.constant(async () => pixelOfKernel(await tensors.read(`${UPSCALING}.3.weight`), pixel), [half!, fine!]);
    const skip = graph.op("Gather", [skips, graph.int(pixel)], { axis: { i: 0 } });
    const features = gelu(graph, graph.op("Add", [graph.op("MatMul", [normed, weight]), skip]));
    return graph.op("FusedMatMul", [features, filters], { transB: { i: 1 } }, { domain: CONTRIB });
  });
  const blocks = reshape(graph, graph.op("Concat", logits, { axis: { i: -1 } }), [0, side, side, 2, 2, 2, 2, -1]);
  return reshape(graph, graph.op("Transpose", [blocks], { perm: { is: [0, 7, 1, 3, 5, 2, 4, 6] } }), [0, -1, 4 * side, 4 * side]);
}

/**
 * Finer features [1, C, h, w] with the bias of the product they are added to, as rows in another order of pixels.
 * Once channels are last, whole rows move. The bias goes between, and thereby keeps the runtime from making one slow
 * transposition of the two.
 */
function sortedSkip(graph: GraphBuilder, tensors: TensorSource, name: string, skip: Value, pixels: readonly number[], order: readonly number[]): Value {
  const [, channels] = tensors.shape(`${name}.weight`);
  const rows = graph.op("Transpose", [reshape(graph, skip, [channels!, -1])], { perm: { is: [1, 0] } });
  const biased = graph.op("Add", [rows, tensor(graph, tensors, `${name}.bias`)]);
  return graph.op("Transpose", [reshape(graph, biased, [...pixels, channels!])], { perm: { is: [...order, order.length] } });
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

/** [in, out, 2, 2] -> [in, out] for one of the four pixels. */
export function pixelOfKernel(kernel: Float32Array, pixel: number): Float32Array {
  return Float32Array.from({ length: kernel.length / 4 }, (_, at) => kernel[4 * at + pixel]!);
}
