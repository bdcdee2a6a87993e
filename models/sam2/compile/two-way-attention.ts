// The decoder's attentions between few tokens and all places of the picture.
//
// With few tokens it is cheaper to carry the tokens into the picture's width, head by head, than to project every place:
// (q Wq) . (x Wk) = (q Wq Wk^T) . x. Nothing is then projected on the picture's side, so that a batch of prompts on one
// picture shares it as it is. A bias of the keys adds the same to all scores of a query and falls out of the softmax; that
// of the values passes through it.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { linear, matrixShape, reshape, tensor, transposed, type TensorSource } from "./layers.ts";

/** All attentions of the decoder have as many heads. */
export interface Heads {
  readonly graph: GraphBuilder;
  readonly tensors: TensorSource;
  readonly count: number;
  /** N, the places of the picture. */
  readonly places: number;
}

/** Tokens [B, T, D] among themselves; `plain` are the values. */
export function amongTokens({ graph, tensors, count }: Heads, name: string, coded: Value, plain: Value): Value {
  const inputs = [linear(graph, tensors, `${name}.q_proj`, coded), linear(graph, tensors, `${name}.k_proj`, coded), linear(graph, tensors, `${name}.v_proj`, plain)];
  return linear(graph, tensors, `${name}.out_proj`, graph.op("MultiHeadAttention", inputs, { num_heads: { i: count } }, { domain: CONTRIB }));
}

/**
 * Tokens ask the picture.
 * @param asking [B, T, D], codes added
 * @param coded [1 or B, N, D]; `plain` the same without the code
 * @returns [B, T, D]
 */
export function tokensToPlaces(heads: Heads, name: string, asking: Value, coded: Value, plain: Value): Value {
  const { graph, tensors, count } = heads;
  const [inner, width] = matrixShape(tensors, `${name}.k_proj.weight`);
  const queries = inHeads(heads, linear(graph, tensors, `${name}.q_proj`, asking, { scale: scoreScale(inner, count) }), inner);
  const carried = reshape(graph, graph.op("MatMul", [queries, perHead(heads, `${name}.k_proj`)]), [0, -1, width]);
  const shares = graph.op("Softmax", [product(graph, carried, coded)], { axis: { i: -1 } });
  const seen = reshape(graph, graph.op("MatMul", [shares, plain]), [0, count, -1, width]);
  const values = graph.op("Transpose", [product(graph, seen, perHead(heads, `${name}.v_proj`))], { perm: { is: [0, 2, 1, 3] } });
  const withBias = graph.op("Add", [reshape(graph, values, [0, 0, inner]), tensor(graph, tensors, `${name}.v_proj.bias`)]);
  return linear(graph, tensors, `${name}.out_proj`, withBias);
}

/**
 * The picture asks the tokens.
 * @param asking [1 or B, N, D], code added
 * @param coded [B, T, D]; `plain` the same without the codes
 * @returns [B, N, D]
 */
export function placesToTokens(heads: Heads, name: string, asking: Value, coded: Value, plain: Value): Value {
  const { graph, tensors, count, places } = heads;
  const [inner, width] = matrixShape(tensors, `${name}.q_proj.weight`);
  const keys = inHeads(heads, linear(graph, tensors, `${name}.k_proj`, coded, { scale: scoreScale(inner, count) }), inner);
  const carriedKeys = reshape(graph, graph.op("MatMul", [keys, perHead(heads, `${name}.q_proj`)]), [0, -1, width]);
  const queryBias = tensor(graph, tensors, `${name}.q_proj.bias`, [count, inner / count, 1]);
  const ofBias = reshape(graph, graph.op("MatMul", [keys, queryBias]), [0, -1, 1]);
  const scores = graph.op("Add", [product(graph, carriedKeys, asking), ofBias]);
  const shares = shared(graph, reshape(graph, scores, [0, count, -1, places]));
  // The shares of each head add up to one, so that the output's bias may come in equal parts with the values.
  const values = graph.op("MatMul", [inHeads(heads, linear(graph, tensors, `${name}.v_proj`, plain), inner), outputPerHead(heads, `${name}.out_proj`)]);
  const withBias = graph.op("Add", [values, graph.constant(async () => (await tensors.read(`${name}.out_proj.bias`)).map((value) => value / count), [width])]);
  return graph.op("FusedMatMul", [reshape(graph, shares, [0, -1, places]), reshape(graph, withBias, [0, -1, width])], { transA: { i: 1 } }, { domain: CONTRIB });
}

/** Softmax over the tokens, x [B, heads, T, N]. In steps, because one over so few would be taken row by row. */
function shared(graph: GraphBuilder, x: Value): Value {
  const highest = graph.op("ReduceMax", [x], { axes: { is: [2] } });
  const raised = graph.op("Exp", [graph.op("Sub", [x, highest])]);
  return graph.op("Div", [raised, graph.op("ReduceSum", [raised, graph.ints([2])])]);
}

function scoreScale(inner: number, count: number): number {
  return (inner / count) ** -0.5;
}

/** [B, T, inner] -> [B, heads, T, inner / heads] */
function inHeads({ graph, count }: Heads, x: Value, inner: number): Value {
  return graph.op("Transpose", [reshape(graph, x, [0, 0, count, inner / count])], { perm: { is: [0, 2, 1, 3] } });
}

/** The weight of a projection as [heads, inner / heads, D]. */
function perHead({ graph, tensors, count }: Heads, name: string): Value {
  const [inner, width] = matrixShape(tensors, `${name}.weight`);
  return tensor(graph, tensors, `${name}.weight`, [count, inner / count, width]);
}

/** The weight of an output projection as [heads, inner / heads, D]. */
function outputPerHead({ graph, tensors, count }: Heads, name: string): Value {
  const [width, inner] = matrixShape(tensors, `${name}.weight`);
  const rows = Array.from({ length: width }, (_, row) => row);
  return graph.constant(async () => transposed(await tensors.read(`${name}.weight`), rows, inner, 1), [count, inner / count, width]);
}

/** left * transpose(right) over the last two axes. */
function product(graph: GraphBuilder, left: Value, right: Value): Value {
  return graph.op("FusedMatMul", [left, right], { transB: { i: 1 } }, { domain: CONTRIB });
}
