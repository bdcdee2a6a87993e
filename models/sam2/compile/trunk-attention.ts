// The attention of a trunk block. Three exact rewrites save work: keys need no bias, since it changes all scores of a query alike
// and the softmax forgets it; the bias of the values passes through the weighted mean into the projection after it; and so the
// places that fill up a window, whose keys and values are the biases alone, are zeros. They are not masked: they take part.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { reshape, type TensorSource } from "./layers.ts";
import type { TrunkLinears } from "./trunk-linears.ts";
import { cut, join, pooled } from "./windows.ts";

export interface TrunkAttention {
  /** Prefix of its tensors, such as image_encoder.trunk.blocks.3.attn */
  readonly name: string;
  readonly side: number;
  /** Side of the windows the places are stored by. */
  readonly order: number;
  readonly width: number;
  readonly heads: number;
  /** Side of the attention's windows, or undefined for the whole grid; where it is not `order`, that is the side. */
  readonly window: number | undefined;
  /** Queries are pooled 2 x 2. */
  readonly pools: boolean;
}

/** normed [side * side, width in] -> [side' * side', width], side' half where queries are pooled. */
export function trunkAttention(graph: GraphBuilder, tensors: TensorSource, layers: TrunkLinears, attention: TrunkAttention, normed: Value): Value {
  const attended = attention.window === undefined ? overall(graph, layers, attention, normed) : windowed(graph, layers, attention, attention.window, normed);
  return layers.linear(`${attention.name}.proj`, attended, { bias: () => projectedBias(tensors, attention) });
}

/** The contributed operator never holds a whole matrix of scores, as long as it is given no mask. */
function overall(graph: GraphBuilder, layers: TrunkLinears, attention: TrunkAttention, normed: Value): Value {
  const { side, width, heads } = attention;
  const { query, key, value } = projections(graph, layers, attention, normed, 0, width);
  const places = attention.pools ? side ** 2 / 4 : side ** 2;
  const inputs = [reshape(graph, query, [1, places, width]), reshape(graph, key, [1, side ** 2, width]), reshape(graph, value, [1, side ** 2, width])];
  return reshape(graph, graph.op("MultiHeadAttention", inputs, { num_heads: { i: heads }, scale: { f: 1 } }, { domain: CONTRIB }), [places, width]);
}

/** Head by head: each one's projections come out as the matrices it needs, so nothing is moved between them. */
function windowed(graph: GraphBuilder, layers: TrunkLinears, attention: TrunkAttention, window: number, normed: Value): Value {
  const { side, order, width, heads, pools } = attention;
  const headWidth = width / heads;
  const all = { side, window };
  const asked = pools ? { side: side / 2, window: window / 2 } : all;
  const filled = order === window;
  const inWindows = (x: Value, windows: { side: number; window: number }) =>
    filled ? reshape(graph, x, [(windows.side / windows.window) ** 2, windows.window ** 2, headWidth]) : cut(graph, x, windows, headWidth);
  const answers = Array.from({ length: heads }, (_, head) => {
    const { query, key, value } = projections(graph, layers, attention, normed, head * headWidth, headWidth);
    const turned = graph.op("Transpose", [inWindows(key, all)], { perm: { is: [0, 2, 1] } });
    const weights = graph.op("Softmax", [graph.op("MatMul", [inWindows(query, asked), turned])], { axis: { i: -1 } });
    return graph.op("MatMul", [weights, inWindows(value, all)]);
  });
  const together = heads === 1 ? answers[0]! : graph.op("Concat", answers, { axis: { i: -1 } });
  return filled ? reshape(graph, together, [asked.side ** 2, width]) : join(graph, together, asked, width);
}

/** Channels `from` to `from + count` of queries (scaled, pooled), keys and values; the three stand one after the other in the weight. */
function projections(graph: GraphBuilder, layers: TrunkLinears, attention: TrunkAttention, normed: Value, from: number, count: number): { query: Value; key: Value; value: Value } {
  const { name, side, order, width, heads, pools } = attention;
  const rows = (part: number) => Array.from({ length: count }, (_, index) => part * width + from + index);
  const query = layers.linear(`${name}.qkv`, normed, { rows: rows(0), scale: (width / heads) ** -0.5 });
  return {
    query: pools ? pooled(graph, query, (side / order) ** 2, order, count) : query,
    key: layers.linear(`${name}.qkv`, normed, { rows: rows(1), bias: "none" }),
    value: layers.linear(`${name}.qkv`, normed, { rows: rows(2), bias: "none" }),
  };
}

/** b + W bv */
async function projectedBias(tensors: TensorSource, { name, width }: TrunkAttention): Promise<Float32Array> {
  const valueBias = (await tensors.read(`${name}.qkv.bias`)).subarray(2 * width);
  const weight = await tensors.read(`${name}.proj.weight`);
  return (await tensors.read(`${name}.proj.bias`)).map((own, row) => {
    let sum = own;
    for (let column = 0; column < width; column++) sum += weight[row * width + column]! * valueBias[column]!;
    return sum;
  });
}
