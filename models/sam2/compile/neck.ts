// From the trunk's stages to the three maps that the decoder and the memory read.
// Lin et al., Feature pyramid networks (2017), of which SAM 2 keeps one step down from the deepest stage.
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import type { Sam2Config } from "../config.ts";
import { matrixShape, reshape, tensor, type TensorSource } from "./layers.ts";
import type { Stage } from "./stage.ts";

const NECK = "image_encoder.neck.convs";

export interface NeckMaps {
  /** [1, width/8, 4g, 4g] */
  readonly s0: Value;
  /** [1, width/4, 2g, 2g] */
  readonly s1: Value;
  /** [1, width, g, g] */
  readonly s2: Value;
}

/** @param stages the trunk's outputs, the finest first */
export function neck(graph: GraphBuilder, tensors: TensorSource, config: Sam2Config, stages: readonly Stage[]): NeckMaps {
  const side = config.imageSize / 4;
  const { width } = config;
  const [finest, fine, middle, deepest] = stages;
  // Convolutions count from the deepest stage. Broadcasting one place over 2 x 2 enlarges to the nearest neighbour.
  const top = graph.op("Reshape", [lateral(graph, tensors, 0, deepest!), graph.ints([width, side / 8, 1, side / 8, 1])]);
  const below = graph.op("Reshape", [lateral(graph, tensors, 1, middle!), graph.ints([width, side / 8, 2, side / 8, 2])]);
  return {
    s0: skip(graph, tensors, { skip: "sam_mask_decoder.conv_s0", neck: 3 }, finest!),
    s1: skip(graph, tensors, { skip: "sam_mask_decoder.conv_s1", neck: 2 }, fine!),
    s2: reshape(graph, graph.op("Add", [below, top]), [1, width, side / 4, side / 4]),
  };
}

/** One 1 x 1 convolution of the neck: [1, width, side, side] */
function lateral(graph: GraphBuilder, tensors: TensorSource, index: number, stage: Stage): Value {
  const name = `${NECK}.${index}.conv`;
  const [outputs, inputs] = matrixShape(tensors, `${name}.weight`);
  const weight = tensor(graph, tensors, `${name}.weight`, [outputs, inputs]);
  return stage.project(weight, tensor(graph, tensors, `${name}.bias`, [outputs, 1]), outputs);
}

/** The neck's convolution and the decoder's after it have nothing between them, so they are one: W = Ws Wn, b = Ws bn + bs. */
function skip(graph: GraphBuilder, tensors: TensorSource, names: { skip: string; neck: number }, stage: Stage): Value {
  const neckName = `${NECK}.${names.neck}.conv`;
  const [outputs, inner] = matrixShape(tensors, `${names.skip}.weight`);
  const [, inputs] = matrixShape(tensors, `${neckName}.weight`);
  const weight = graph.constant(async () => product(await tensors.read(`${names.skip}.weight`), await tensors.read(`${neckName}.weight`), outputs, inner, inputs), [outputs, inputs]);
  const bias = graph.constant(async () => {
    const inside = product(await tensors.read(`${names.skip}.weight`), await tensors.read(`${neckName}.bias`), outputs, inner, 1);
    const own = await tensors.read(`${names.skip}.bias`);
    return inside.map((value, index) => value + own[index]!);
  }, [outputs, 1]);
  return stage.project(weight, bias, outputs);
}

/** [rows, inner] x [inner, columns], summed in double precision. */
function product(left: Float32Array, right: Float32Array, rows: number, inner: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let at = 0; at < inner; at++) {
      const factor = left[row * inner + at]!;
      for (let column = 0; column < columns; column++) sums[column]! += factor * right[at * columns + column]!;
    }
    result.set(sums, row * columns);
  }
  return result;
}
