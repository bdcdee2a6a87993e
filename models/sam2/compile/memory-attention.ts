// memory-attention.onnx: the features of a frame, conditioned on what is remembered of an object (SAM 2, arXiv 2408.00714;
// facebookresearch/sam2: sam2/modeling/memory_attention.py).
import { CONTRIB, createGraph, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { gridSide, memoryLayout, memoryTokens, type Sam2Config } from "../config.ts";
import { foldedOutput } from "./folded-output.ts";
import { layerNorm, linear, reshape, type TensorSource } from "./layers.ts";
import { sineCode } from "./position-codes.ts";
import { pairsToHalves, rotaryTables, rotated } from "./rotary.ts";

const NORM_EPSILON = 1e-5;
/** How much of the position code is added to the features. */
const CODE_SHARE = 0.1;

interface Tokens {
  /** [tokens, any width]; what is projected to queries and keys. */
  readonly coded: Value;
  /** The same without codes; what is summed. */
  readonly plain: Value;
  readonly plainWidth: number;
  /** int64 [tokens, 1], rows of the rotary tables. */
  readonly positions: Value;
}

/**
 * Inputs: `features` [1, D, g, g] as the image encoder gives them; `memory` [n, tokens, M]; `temporal` [n, M], the row of the
 * temporal code for each of them; `pointers` [k, D]; `pointer_time` [k, D], the sine code of each pointer's distance, not yet
 * projected (ignored by networks without one). Output: `conditioned` [1, D, g, g]. n >= 1, k >= 0.
 */
export function memoryAttentionGraph(config: Sam2Config, tensors: TensorSource): GraphBuilder {
  const side = gridSide(config);
  const { width } = config;
  const graph = createGraph("memory-attention");
  const features = graph.input("features", [1, width, side, side]);
  const remembered = rememberedTokens(graph, config, tensors);
  const attended = attention(graph, config, tensors);
  const positions = reshape(graph, graph.ints(rowsOf(side, side)), [-1, 1]);
  const own = (x: Value) => ({ coded: x, plain: x, plainWidth: width, positions });
  const code = graph.constant(() => sineCode(side, width).map((value) => CODE_SHARE * value), [side * side, width]);
  let x = graph.op("Add", [graph.op("Transpose", [reshape(graph, features, [width, -1])], { perm: { is: [1, 0] } }), code]);
  for (let index = 0; index < config.memoryAttention.layers; index++) {
    const layer = `memory_attention.layers.${index}`;
    const normed = (name: string) => layerNorm(graph, tensors, `${layer}.${name}`, x, NORM_EPSILON);
    const self = own(normed("norm1"));
    x = graph.op("Add", [x, attended(`${layer}.self_attn`, self, self)]);
    x = graph.op("Add", [x, attended(`${layer}.cross_attn_image`, own(normed("norm2")), remembered)]);
    const hidden = graph.op("Relu", [linear(graph, tensors, `${layer}.linear1`, normed("norm3"))]);
    x = graph.op("Add", [x, linear(graph, tensors, `${layer}.linear2`, hidden)]);
  }
  x = layerNorm(graph, tensors, "memory_attention.norm", x, NORM_EPSILON);
  const conditioned = reshape(graph, graph.op("Transpose", [x], { perm: { is: [1, 0] } }), [1, width, side, side]);
  graph.output("conditioned", conditioned, [1, width, side, side]);
  return graph;
}

/**
 * Memory frames, then pointers, each cut into tokens as wide as the memory's. Frames carry the codes of place and time and are
 * turned by their place, counted on their own grid; tokens that lie nowhere and pointers carry the code of time alone and are
 * not turned.
 */
function rememberedTokens(graph: GraphBuilder, config: Sam2Config, tensors: TensorSource): Tokens {
  const side = gridSide(config);
  const { width, memoryWidth } = config;
  const { loose, side: memorySide } = memoryLayout(config);
  const count = memoryTokens(config);
  const memory = graph.input("memory", ["n", count, memoryWidth]);
  const temporal = graph.input("temporal", ["n", memoryWidth]);
  const pointers = graph.input("pointers", ["k", width]);
  const pointerTime = graph.input("pointer_time", ["k", width]);
  const cut = reshape(graph, pointers, [-1, width / memoryWidth, memoryWidth]);
  const ofItem = (x: Value) => graph.op("Unsqueeze", [x, graph.ints([1])]);
  const place = graph.constant(() => placeCode(loose, memorySide, memoryWidth), [count, memoryWidth]);
  const rows = [...Array.from({ length: loose }, () => side * side), ...rowsOf(memorySide, side)];
  const codedMemory = graph.op("Add", [graph.op("Add", [memory, place]), ofItem(temporal)]);
  const codedPointers = config.pointerTime ? graph.op("Add", [cut, ofItem(linear(graph, tensors, "obj_ptr_tpos_proj", pointerTime))]) : cut;
  const tokensOf = (x: Value) => graph.op("Shape", [x], { start: { i: 0 }, end: { i: 2 } });
  const inRow = (parts: Value[], channels: number) => graph.op("Concat", parts.map((part) => reshape(graph, part, [-1, channels])), { axis: { i: 0 } });
  return {
    coded: inRow([codedMemory, codedPointers], memoryWidth),
    plain: inRow([memory, cut], memoryWidth),
    plainWidth: memoryWidth,
    // The row after the grid's turns nothing.
    positions: inRow([graph.op("Expand", [graph.ints(rows), tokensOf(memory)]), graph.op("Expand", [graph.ints([side * side]), tokensOf(cut)])], 1),
  };
}

/** Where the places of a grid of `side`, row by row, stand in the tables of a grid that is no smaller. */
function rowsOf(side: number, tableSide: number): number[] {
  return Array.from({ length: side * side }, (_, place) => Math.floor(place / side) * tableSide + (place % side));
}

function placeCode(loose: number, side: number, width: number): Float32Array {
  const code = new Float32Array((loose + side * side) * width);
  code.set(sineCode(side, width), loose * width);
  return code;
}

/**
 * One head as wide as a token, scores divided by the root of its width (the operator's default). Values enter unprojected: for
 * memory that is a quarter of the width. Without a mask the runtime works in tiles and never writes all scores out.
 */
function attention(graph: GraphBuilder, { width, ...config }: Sam2Config, tensors: TensorSource): (name: string, asking: Tokens, asked: Tokens) => Value {
  const { cos, sin } = rotaryTables(width, gridSide(config));
  const rows = pairsToHalves(width);
  const tables = { cos: graph.constant(cos, [cos.length / (width / 2), width / 2]), sin: graph.constant(sin, [sin.length / (width / 2), width / 2]) };
  const asOneItem = (x: Value, channels: number) => reshape(graph, x, [1, -1, channels]);
  const projected = (name: string, tokens: Tokens) => {
    const upright = linear(graph, tensors, name, tokens.coded, { rows });
    return asOneItem(rotated(graph, reshape(graph, upright, [-1, 1, width]), tokens.positions, tables), width);
  };
  return (name, asking, asked) => {
    const inputs = [projected(`${name}.q_proj`, asking), projected(`${name}.k_proj`, asked), asOneItem(asked.plain, asked.plainWidth)];
    const summed = graph.op("MultiHeadAttention", inputs, { num_heads: { i: 1 } }, { domain: CONTRIB });
    return foldedOutput(graph, tensors, name, reshape(graph, summed, [-1, asked.plainWidth]));
  };
}
