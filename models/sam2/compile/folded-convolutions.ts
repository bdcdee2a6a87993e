// RepViT's convolutions as plain ones. A batch norm after a convolution and branches beside it are linear once trained, so one
// convolution with a bias does the same (Ding et al., RepVGG, arXiv 2101.03697, section 3.3). Folded in double precision.
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import type { TensorSource } from "./layers.ts";

const EPSILON = 1e-5;
/** Of the wider branch; the other one is 1 x 1. */
const KERNEL = 3;

interface Folded {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

export interface ConvolutionShape {
  readonly stride?: number;
  readonly groups?: number;
}

/** `${name}.c` and the batch norm after it: x [1, in, h, w] -> [1, out, h', w'], padded so that places stay in the middle of the kernel. */
export function foldedConvolution(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value, shape: ConvolutionShape = {}): Value {
  return convolution(graph, tensors.shape(`${name}.c.weight`), () => folded(tensors, name), x, shape);
}

/** Each channel alone: conv 3 x 3 + conv 1 x 1 + x, x [1, c, h, w]. */
export function foldedTokenMixer(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value): Value {
  const shape = tensors.shape(`${name}.conv.c.weight`);
  return convolution(graph, shape, async () => {
    const { weight, bias } = await folded(tensors, `${name}.conv`);
    const narrow = await folded(tensors, `${name}.conv1`);
    const middle = (KERNEL * KERNEL - 1) / 2;
    for (let channel = 0; channel < bias.length; channel++) {
      weight[channel * KERNEL * KERNEL + middle]! += narrow.weight[channel]! + 1;
      bias[channel]! += narrow.bias[channel]!;
    }
    return { weight, bias };
  }, x, { groups: shape[0]! });
}

async function folded(tensors: TensorSource, name: string): Promise<Folded> {
  const weight = Float64Array.from(await tensors.read(`${name}.c.weight`));
  const [gain, offset, mean, variance] = [await tensors.read(`${name}.bn.weight`), await tensors.read(`${name}.bn.bias`), await tensors.read(`${name}.bn.running_mean`), await tensors.read(`${name}.bn.running_var`)];
  const perOutput = weight.length / gain.length;
  const bias = new Float64Array(gain.length);
  for (let output = 0; output < gain.length; output++) {
    const scale = gain[output]! / Math.sqrt(variance[output]! + EPSILON);
    for (let at = output * perOutput; at < (output + 1) * perOutput; at++) weight[at]! *= scale;
    bias[output] = offset[output]! - mean[output]! * scale;
  }
  return { weight, bias };
}

function convolution(graph: GraphBuilder, dims: readonly number[], values: () => Promise<Folded>, x: Value, { stride = 1, groups = 1 }: ConvolutionShape): Value {
  const [outputs, , height, width] = dims;
  const pad = (height! - 1) / 2;
  const weight = graph.constant(async () => Float32Array.from((await values()).weight), dims);
  const bias = graph.constant(async () => Float32Array.from((await values()).bias), [outputs!]);
  return graph.op("Conv", [x, weight, bias], {
    kernel_shape: { is: [height!, width!] }, strides: { is: [stride, stride] }, pads: { is: [pad, pad, pad, pad] }, group: { i: groups },
  });
}
