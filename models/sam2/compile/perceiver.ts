// EdgeTAM's 2D spatial perceiver: a memory of g * g tokens read into few (Zhou et al., EdgeTAM, arXiv 2501.07256, section 3.3;
// facebookresearch/EdgeTAM: sam2/modeling/perceiver.py). Two sets of latents pass through the same layers: loose ones read the
// whole grid, where its places' codes are added to keys and values alike; the others each read their own window, uncoded, and
// are alone in their self-attention.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { gridSide, type PerceiverConfig, type Sam2Config } from "../config.ts";
import { gelu, layerNorm, linear, reshape, tensor, type TensorSource } from "./layers.ts";
import { sineCode } from "./position-codes.ts";

const PERCEIVER = "spatial_perceiver";
const NORM_EPSILON = 1e-5;

/** memory [g * g, M], places row by row -> [loose + side * side, M], loose ones first */
export function perceived(graph: GraphBuilder, tensors: TensorSource, config: Sam2Config, { layers, loose, side }: PerceiverConfig, memory: Value): Value {
  const { memoryWidth: width } = config;
  const places = gridSide(config) ** 2;
  const inWindows = side * side;
  const code = graph.constant(() => sineCode(gridSide(config), width), [1, places, width]);
  const coded = (x: Value) => graph.op("Add", [reshape(graph, x, [1, places, width]), code]);
  const cut = (x: Value) => windows(graph, x, gridSide(config), side, width);
  const sum = (x: Value, y: Value) => graph.op("Add", [x, y]);
  let whole = tensor(graph, tensors, `${PERCEIVER}.latents`, [1, loose, width]);
  let parts = tensor(graph, tensors, `${PERCEIVER}.latents_2d`, [inWindows, 1, width]);
  for (let at = 0; at < layers; at++) {
    const layer = `${PERCEIVER}.layers.${at}`;
    const normed = (name: string, x: Value) => layerNorm(graph, tensors, `${layer}.${name}`, x, NORM_EPSILON);
    const unbiased = (name: string, x: Value, rows?: number[]) => linear(graph, tensors, `${layer}.${name}`, x, { bias: "none", ...(rows && { rows }) });
    const half = (name: string, x: Value, part: 0 | 1) => unbiased(`${name}.to_kv`, x, Array.from({ length: width }, (_, row) => part * width + row));
    // One head as wide as a token.
    const attended = (name: string, asking: Value, keys: Value, values: Value) =>
      unbiased(`${name}.to_out`, graph.op("MultiHeadAttention", [unbiased(`${name}.to_q`, asking), keys, values], { num_heads: { i: 1 } }, { domain: CONTRIB }));
    const forward = (name: string, x: Value) => sum(x, unbiased(`${name}.3`, gelu(graph, unbiased(`${name}.1`, normed(`${name}.0`, x)))));

    const read = normed("attn.norm_x", memory);
    const [keys, values] = [half("attn", read, 0), half("attn", read, 1)];
    whole = forward("ff", sum(whole, attended("attn", normed("attn.norm_latents", whole), coded(keys), coded(values))));
    parts = forward("ff", sum(parts, attended("attn", normed("attn.norm_latents", parts), cut(keys), cut(values))));
    const own = normed("self_attn.norm", whole);
    whole = forward("self_ff", sum(whole, attended("self_attn", own, half("self_attn", own, 0), half("self_attn", own, 1))));
    // Attention to oneself alone is one's own value.
    parts = forward("self_ff", sum(parts, unbiased("self_attn.to_out", half("self_attn", normed("self_attn.norm", parts), 1))));
  }
  const all = graph.op("Concat", [reshape(graph, whole, [loose, width]), reshape(graph, parts, [inWindows, width])], { axis: { i: 0 } });
  return layerNorm(graph, tensors, `${PERCEIVER}.norm`, all, NORM_EPSILON);
}

/** x [grid * grid, width] -> [count * count, places of a window, width] */
function windows(graph: GraphBuilder, x: Value, grid: number, count: number, width: number): Value {
  const window = grid / count;
  const split = reshape(graph, x, [count, window, count, window, width]);
  return reshape(graph, graph.op("Transpose", [split], { perm: { is: [0, 2, 1, 3, 4] } }), [count * count, window * window, width]);
}
