// The trunk's linear layers, in float32 or rounded to eight bits.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { gelu, linear, linearGelu, matrixShape, picked, transposed, type LinearOptions, type TensorSource } from "./layers.ts";

export interface TrunkLinears {
  /** As `linear` of layers.ts. */
  linear(name: string, x: Value, options?: LinearOptions): Value;
  linearGelu(name: string, x: Value): Value;
}

export function floatLinears(graph: GraphBuilder, tensors: TensorSource): TrunkLinears {
  return {
    linear: (name, x, options) => linear(graph, tensors, name, x, options),
    linearGelu: (name, x) => linearGelu(graph, tensors, name, x),
  };
}

/**
 * Weights are rounded when compiled, with one scale for each output; what is multiplied with them is rounded at run time, with one
 * scale and zero for all of it. Sums stay exact, biases float32. Not exact: a matter of measuring on real pictures.
 */
export function int8Linears(graph: GraphBuilder, tensors: TensorSource): TrunkLinears {
  /** Of each value that was rounded before, by name: several layers take the same one. */
  const rounded = new Map<string, Value[]>();
  const round = (x: Value): Value[] => {
    const outputs = rounded.get(x.name) ?? graph.op("DynamicQuantizeLinear", [x], {}, { outputs: 3 });
    rounded.set(x.name, outputs);
    return outputs;
  };
  const product = (name: string, x: Value, { scale = 1, bias, rows }: LinearOptions = {}): Value => {
    const [outputs, inputs] = matrixShape(tensors, `${name}.weight`);
    const kept = rows ?? Array.from({ length: outputs }, (_, row) => row);
    const matrix = async () => roundedColumns(transposed(await tensors.read(`${name}.weight`), kept, inputs, scale), inputs, kept.length);
    const weight = graph.int8(async () => (await matrix()).values, [inputs, kept.length]);
    const scales = graph.constant(async () => (await matrix()).scales, [kept.length]);
    const own = bias === "none" ? undefined : graph.constant(bias ?? (async () => picked(await tensors.read(`${name}.bias`), kept, scale)), [kept.length]);
    const [values, valueScale, zero] = round(x);
    return graph.op("MatMulIntegerToFloat", [values, weight, valueScale, scales, zero, undefined, own], {}, { domain: CONTRIB });
  };
  return { linear: product, linearGelu: (name, x) => gelu(graph, product(name, x)) };
}

/** [rows, columns] -> whole numbers from -127 to 127, each column times its scale. */
export function roundedColumns(matrix: Float32Array, rows: number, columns: number): { values: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) scales[column] = Math.max(scales[column]!, Math.abs(matrix[row * columns + column]!));
  }
  // A column of zeros needs a scale that can be divided by.
  for (let column = 0; column < columns; column++) scales[column] = scales[column] === 0 ? 1 : scales[column]! / 127;
  const values = new Int8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) values[row * columns + column] = Math.round(matrix[row * columns + column]! / scales[column]!);
  }
  return { values, scales };
}
