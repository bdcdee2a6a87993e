// Random Fourier codes of places in the picture (Tancik et al., arXiv 2006.10739), for points and for the decoder's grid alike.
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { matrixShape, tensor, type TensorSource } from "./layers.ts";

const FREQUENCIES = "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix";

/** Codes of `points` [B, P, 2], (x, y) in pixels of the network's input whose first pixel has its centre at 0; [B, P, D]. */
export function codesOfPoints(graph: GraphBuilder, tensors: TensorSource, imageSize: number, points: Value): Value {
  // From -1 at the left and upper edges to 1 at the others.
  const place = graph.op("Sub", [graph.op("Mul", [graph.op("Add", [points, graph.scalar(0.5)]), graph.scalar(2 / imageSize)]), graph.scalar(1)]);
  const turns = graph.op("MatMul", [place, tensor(graph, tensors, FREQUENCIES)]);
  const angles = graph.op("Mul", [turns, graph.scalar(2 * Math.PI)]);
  return graph.op("Concat", [graph.op("Sin", [angles]), graph.op("Cos", [angles])], { axis: { i: -1 } });
}

/** Codes of the centres of a grid's places, [1, side * side, D], as a constant. */
export function codesOfGrid(graph: GraphBuilder, tensors: TensorSource, side: number): Value {
  const [, frequencies] = matrixShape(tensors, FREQUENCIES);
  return graph.constant(async () => gridCode(await tensors.read(FREQUENCIES), side), [1, side * side, 2 * frequencies]);
}

/**
 * @param frequencies [2, n], turns per half side: those of x, then those of y
 * @returns [side * side, 2 n], places row by row; all sines, then all cosines
 */
export function gridCode(frequencies: Float32Array, side: number): Float32Array {
  const count = frequencies.length / 2;
  const code = new Float32Array(side * side * 2 * count);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * 2 * count;
      const x = (2 * (column + 0.5)) / side - 1;
      const y = (2 * (row + 0.5)) / side - 1;
      for (let index = 0; index < count; index++) {
        const angle = 2 * Math.PI * (x * frequencies[index]! + y * frequencies[count + index]!);
        code[at + index] = Math.sin(angle);
        code[at + count + index] = Math.cos(angle);
      }
    }
  }
  return code;
}
