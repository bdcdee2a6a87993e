// What a trunk's stage ends with, for the neck, which projects each place alone.
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { reshape } from "./layers.ts";
import type { Stored } from "./trunk-block.ts";
import { plane } from "./windows.ts";

export interface Stage {
  /** weight [out, in], bias [out, 1] -> [1, out, side, side] */
  project(weight: Value, bias: Value, outputs: number): Value;
}

/** Of places [side * side, in]. */
export function ofStored(graph: GraphBuilder, { x, order }: Stored, side: number): Stage {
  return {
    // This product of the two turns channels-last into channels-first.
    project: (weight, bias, outputs) => plane(graph, graph.op("Gemm", [weight, x, bias], { transB: { i: 1 } }), side, order, outputs),
  };
}

/** Of x [1, in, side, side]. */
export function ofPlane(graph: GraphBuilder, x: Value, side: number): Stage {
  return {
    project: (weight, bias, outputs) => reshape(graph, graph.op("Add", [graph.op("MatMul", [weight, reshape(graph, x, [-1, side * side])]), bias]), [1, outputs, side, side]),
  };
}
