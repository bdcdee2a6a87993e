import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { matrixShape, type TensorSource } from "./layers.ts";

/**
 * An attention's value and output projections as one. With one head, and because the weights of a sum add up to one,
 * out(sum(a * value(v))) = sum(a * v) * (Wo Wv) + (Wo bv + bo).
 * @param sum [.., value width], values summed as they came in
 */
export function foldedOutput(graph: GraphBuilder, tensors: TensorSource, name: string, sum: Value): Value {
  const [middle, inputs] = matrixShape(tensors, `${name}.v_proj.weight`);
  const [outputs] = matrixShape(tensors, `${name}.out_proj.weight`);
  const weight = graph.constant(async () => product(await tensors.read(`${name}.v_proj.weight`), await tensors.read(`${name}.out_proj.weight`), inputs, middle, outputs), [inputs, outputs]);
  const bias = graph.constant(async () => {
    const moved = product(await tensors.read(`${name}.v_proj.bias`), await tensors.read(`${name}.out_proj.weight`), 1, middle, outputs);
    const own = await tensors.read(`${name}.out_proj.bias`);
    return moved.map((value, output) => value + own[output]!);
  }, [outputs]);
  return graph.op("Add", [graph.op("MatMul", [sum, weight]), bias]);
}

/** transpose(second [outputs, middle] * first [middle, inputs]), summed in double precision. */
export function product(first: Float32Array, second: Float32Array, inputs: number, middle: number, outputs: number): Float32Array {
  const folded = new Float32Array(inputs * outputs);
  const row = new Float64Array(inputs);
  for (let output = 0; output < outputs; output++) {
    row.fill(0);
    for (let between = 0; between < middle; between++) {
      const factor = second[output * middle + between]!;
      const from = between * inputs;
      for (let input = 0; input < inputs; input++) row[input]! += factor * first[from + input]!;
    }
    for (let input = 0; input < inputs; input++) folded[input * outputs + output] = row[input]!;
  }
  return folded;
}
