// The layers all parts are made of. Weights are read under their official names when the graph is written.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";

/** Where tensors come from, under the official names. */
export interface TensorSource {
  shape(name: string): readonly number[];
  /** Row-major. */
  read(name: string): Promise<Float32Array>;
}

export interface LinearOptions {
  /** Multiplies weight and bias, such as an attention's scale. */
  readonly scale?: number;
  /** Keeps these rows of the weight (outputs) in this order; default all. */
  readonly rows?: readonly number[];
  /** Default the checkpoint's own. */
  readonly bias?: "none" | (() => Promise<Float32Array>);
}

/** x [.., in] -> [.., out], with `${name}.weight` [out, in] and `${name}.bias`. */
export function linear(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value, options: LinearOptions = {}): Value {
  const { scale = 1, bias } = options;
  const [outputs, inputs] = matrixShape(tensors, `${name}.weight`);
  const rows = options.rows ?? Array.from({ length: outputs }, (_, row) => row);
  const weight = graph.constant(async () => transposed(await tensors.read(`${name}.weight`), rows, inputs, scale), [inputs, rows.length]);
  const product = graph.op("MatMul", [x, weight]);
  if (bias === "none") return product;
  const values = bias ?? (async () => picked(await tensors.read(`${name}.bias`), rows, scale));
  return graph.op("Add", [product, graph.constant(values, [rows.length])]);
}

/** The exact GELU of a linear layer. The bias is added in the same pass over the values, not by the product. */
export function linearGelu(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value): Value {
  const product = linear(graph, tensors, name, x, { bias: "none" });
  return graph.op("BiasGelu", [product, tensor(graph, tensors, `${name}.bias`)], {}, { domain: CONTRIB });
}

/** Over the last axis. */
export function layerNorm(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value, epsilon: number): Value {
  return graph.op("LayerNormalization", [x, tensor(graph, tensors, `${name}.weight`), tensor(graph, tensors, `${name}.bias`)], { axis: { i: -1 }, epsilon: { f: epsilon } });
}

/** x [b, c, h, w], normalised over c. */
export function layerNormOfChannels(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value, epsilon: number): Value {
  return channelsFirst(graph, layerNorm(graph, tensors, name, channelsLast(graph, x), epsilon));
}

/** x [b, in, h, w], with a bias. */
export function convolution(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value, options: { stride?: number; pad?: number; groups?: number } = {}): Value {
  const { stride = 1, pad = 0, groups = 1 } = options;
  const [, , height, width] = tensors.shape(`${name}.weight`);
  return graph.op("Conv", [x, tensor(graph, tensors, `${name}.weight`), tensor(graph, tensors, `${name}.bias`)], {
    kernel_shape: { is: [height!, width!] }, strides: { is: [stride, stride] }, pads: { is: [pad, pad, pad, pad] }, group: { i: groups },
  });
}

/** The exact one, x/2 * (1 + erf(x / sqrt 2)). */
export function gelu(graph: GraphBuilder, x: Value): Value {
  return graph.op("Gelu", [x], {}, { domain: CONTRIB });
}

/** A tensor of the checkpoint as it is, or under another shape of equal size. */
export function tensor(graph: GraphBuilder, tensors: TensorSource, name: string, dims: readonly number[] = tensors.shape(name)): Value {
  return graph.constant(() => tensors.read(name), dims);
}

/** [b, c, h, w] -> [b, h, w, c] */
export function channelsLast(graph: GraphBuilder, x: Value): Value {
  return graph.op("Transpose", [x], { perm: { is: [0, 2, 3, 1] } });
}

/** [b, h, w, c] -> [b, c, h, w] */
export function channelsFirst(graph: GraphBuilder, x: Value): Value {
  return graph.op("Transpose", [x], { perm: { is: [0, 3, 1, 2] } });
}

export function reshape(graph: GraphBuilder, x: Value, dims: readonly number[]): Value {
  return graph.op("Reshape", [x, graph.ints(dims)]);
}

export function matrixShape(tensors: TensorSource, name: string): [number, number] {
  const [rows, columns] = tensors.shape(name);
  return [rows!, columns!];
}

/** Rows of [out, in] as columns of [in, rows]. */
export function transposed(matrix: Float32Array, rows: readonly number[], inputs: number, scale: number): Float32Array {
  const turned = new Float32Array(inputs * rows.length);
  for (let column = 0; column < rows.length; column++) {
    const from = rows[column]! * inputs;
    for (let input = 0; input < inputs; input++) turned[input * rows.length + column] = matrix[from + input]! * scale;
  }
  return turned;
}

export function picked(vector: Float32Array, rows: readonly number[], scale: number): Float32Array {
  return Float32Array.from(rows, (row) => vector[row]! * scale);
}
