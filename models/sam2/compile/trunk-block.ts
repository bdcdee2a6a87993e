// One block of the Hiera trunk: attention inside windows (or over the whole grid), then a network for each place.
// Ryali et al., Hiera (2023); Bolya et al., Window attention is bugged (2023) for the position embedding it rests on.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { gelu, layerNorm, linear, matrixShape, reshape, tensor, transposed, type TensorSource } from "./layers.ts";
import { cut, join, windowCount } from "./windows.ts";

export interface TrunkBlock {
  /** Prefix of its tensors, such as image_encoder.trunk.blocks.3 */
  readonly name: string;
  /** Side of the incoming grid. */
  readonly side: number;
  readonly widthIn: number;
  readonly widthOut: number;
  readonly heads: number;
  /** Side of the windows, or undefined for the whole grid. */
  readonly window: number | undefined;
  /** Opens a stage: queries and shortcut are pooled 2 x 2. */
  readonly pools: boolean;
}

const EPSILON = 1e-6;

/** x [1, side, side, widthIn] -> [1, side', side', widthOut], side' half where the block pools. */
export function trunkBlock(graph: GraphBuilder, tensors: TensorSource, block: TrunkBlock, x: Value): Value {
  const { name, side, widthIn, widthOut, pools } = block;
  const normed = layerNorm(graph, tensors, `${name}.norm1`, x, EPSILON);
  // The shortcut of a block that widens is projected from the normalised values, not from x.
  const projected = widthIn === widthOut ? x : linear(graph, tensors, `${name}.proj`, normed);
  const shortcut = pools ? pool(graph, projected, side, widthOut) : projected;
  const attended = graph.op("Add", [shortcut, linear(graph, tensors, `${name}.attn.proj`, attention(graph, tensors, block, normed))]);
  const inner = gelu(graph, linear(graph, tensors, `${name}.mlp.layers.0`, layerNorm(graph, tensors, `${name}.norm2`, attended, EPSILON)));
  return graph.op("Add", [attended, linear(graph, tensors, `${name}.mlp.layers.1`, inner)]);
}

/**
 * Queries, keys and values are computed before the grid is padded, and their bias is added inside the attention. Places outside
 * the grid then hold the bias alone, exactly as if zeros had been projected: they take part as keys and are not masked.
 */
function attention(graph: GraphBuilder, tensors: TensorSource, block: TrunkBlock, normed: Value): Value {
  const { name, side, widthOut, heads, pools } = block;
  const windows = { side, window: block.window ?? side };
  const [outputs, inputs] = matrixShape(tensors, `${name}.attn.qkv.weight`);
  const rows = Array.from({ length: outputs }, (_, row) => row);
  const weight = graph.constant(async () => transposed(await tensors.read(`${name}.attn.qkv.weight`), rows, inputs, 1), [inputs, outputs]);
  const all = graph.op("MatMul", [normed, weight]);
  const [query, key, value] = graph.op("Split", [cut(graph, all, windows, outputs), graph.ints([widthOut, widthOut, widthOut])], { axis: { i: -1 } }, { outputs: 3 });
  const bias = tensor(graph, tensors, `${name}.attn.qkv.bias`);
  // Pooling takes maxima, so that a bias may be added after it.
  const queries = pools ? poolWindows(graph, query!, windowCount(windows), windows.window, widthOut) : query!;
  const attended = graph.op("MultiHeadAttention", [queries, key!, value!, bias], { num_heads: { i: heads } }, { domain: CONTRIB });
  return join(graph, attended, pools ? { side: side / 2, window: windows.window / 2 } : windows, widthOut);
}

/** [1, side, side, width] -> [1, side/2, side/2, width] */
function pool(graph: GraphBuilder, x: Value, side: number, width: number): Value {
  return reshape(graph, poolWindows(graph, x, 1, side, width), [1, side / 2, side / 2, width]);
}

/** Maxima of 2 x 2 places: [count, window * window, width] -> [count, (window/2)^2, width] */
function poolWindows(graph: GraphBuilder, x: Value, count: number, window: number, width: number): Value {
  // Rows first: two rows that go together lie one after the other.
  const rows = graph.op("Split", [reshape(graph, x, [count * (window / 2), 2, window * width]), graph.ints([1, 1])], { axis: { i: 1 } }, { outputs: 2 });
  const columns = graph.op("Split", [reshape(graph, graph.op("Max", rows), [count * (window / 2) ** 2, 2, width]), graph.ints([1, 1])], { axis: { i: 1 } }, { outputs: 2 });
  return reshape(graph, graph.op("Max", columns), [count, (window / 2) ** 2, width]);
}
