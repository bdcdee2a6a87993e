// EdgeTAM's trunk: RepViT, convolutions alone (Wang et al., RepViT, arXiv 2307.09283; timm's repvit_m1).
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import type { RepVitConfig, Sam2Config } from "../config.ts";
import { isSqueezed } from "../repvit-names.ts";
import { foldedConvolution, foldedTokenMixer } from "./folded-convolutions.ts";
import { convolution, gelu, type TensorSource } from "./layers.ts";
import { ofPlane, type Stage } from "./stage.ts";

const TRUNK = "image_encoder.trunk.body";

/** @param image [1, 3, S, S] @returns what each stage ends with, the finest first */
export function repVitTrunk(graph: GraphBuilder, tensors: TensorSource, { imageSize }: Pick<Sam2Config, "imageSize">, { blocks }: RepVitConfig, image: Value): Stage[] {
  const mixed = (name: string, x: Value, squeezed: boolean): Value => {
    const mixer = foldedTokenMixer(graph, tensors, `${name}.token_mixer`, x);
    return expanded(graph, tensors, `${name}.channel_mixer`, squeezed ? squeeze(graph, tensors, `${name}.se`, mixer) : mixer);
  };
  let x = foldedConvolution(graph, tensors, `${TRUNK}.stem.conv1`, image, { stride: 2 });
  x = foldedConvolution(graph, tensors, `${TRUNK}.stem.conv2`, gelu(graph, x), { stride: 2 });
  return blocks.map((count, stage) => {
    if (stage > 0) {
      const opening = `${TRUNK}.stages_${stage}.downsample`;
      const before = mixed(`${opening}.pre_block`, x, false);
      const [channels] = tensors.shape(`${opening}.spatial_downsample.c.weight`);
      const halved = foldedConvolution(graph, tensors, `${opening}.spatial_downsample`, before, { stride: 2, groups: channels! });
      x = expanded(graph, tensors, `${opening}.ffn`, foldedConvolution(graph, tensors, `${opening}.channel_downsample`, halved));
    }
    for (let block = 0; block < count; block++) x = mixed(`${TRUNK}.stages_${stage}.blocks.${block}`, x, isSqueezed(block));
    return ofPlane(graph, x, imageSize / 4 / 2 ** stage);
  });
}

/** x + conv(GELU(conv(x))), places alone */
function expanded(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value): Value {
  const hidden = gelu(graph, foldedConvolution(graph, tensors, `${name}.conv1`, x));
  return graph.op("Add", [x, foldedConvolution(graph, tensors, `${name}.conv2`, hidden)]);
}

/** Each channel times a share that all places together decide (Hu et al., Squeeze-and-excitation networks, 2018). */
export function squeeze(graph: GraphBuilder, tensors: TensorSource, name: string, x: Value): Value {
  // Row by row: the runtime's one sum over a large grid would lose three digits of float32.
  const mean = graph.op("ReduceMean", [graph.op("ReduceMean", [x], { axes: { is: [3] } })], { axes: { is: [2] } });
  const narrow = graph.op("Relu", [convolution(graph, tensors, `${name}.fc1`, mean)]);
  return graph.op("Mul", [x, graph.op("Sigmoid", [convolution(graph, tensors, `${name}.fc2`, narrow)])]);
}
