// The image encoder: a trunk, its neck, and the decoder's two convolutions of the fine maps, which depend on the picture alone.
// Ravi et al., SAM 2: Segment anything in images and videos (2024).
import { createGraph, type GraphBuilder } from "../../onnx/graph.ts";
import type { Sam2Config } from "../config.ts";
import { hieraTrunk } from "./hiera-trunk.ts";
import type { TensorSource } from "./layers.ts";
import { neck } from "./neck.ts";
import { repVitTrunk } from "./repvit-trunk.ts";

/**
 * `image` [1, 3, S, S], normalised -> `s0` [1, D/8, 4g, 4g], `s1` [1, D/4, 2g, 2g], `s2` [1, D, g, g] with g = S/16.
 * `int8` is for a trunk of linear layers; see hiera-trunk.ts.
 * Nothing is added to s2 for a missing memory; that is the caller's.
 */
export function imageEncoderGraph(config: Sam2Config, tensors: TensorSource, options: { readonly int8?: boolean } = {}): GraphBuilder {
  const graph = createGraph("image-encoder");
  const { imageSize, width, trunk } = config;
  const image = graph.input("image", [1, 3, imageSize, imageSize]);
  const stages = trunk.kind === "hiera" ? hieraTrunk(graph, tensors, config, trunk, image, options.int8 === true) : repVitTrunk(graph, tensors, config, trunk, image);
  const { s0, s1, s2 } = neck(graph, tensors, config, stages);
  const grid = imageSize / 16;
  graph.output("s0", s0, [1, width / 8, 4 * grid, 4 * grid]);
  graph.output("s1", s1, [1, width / 4, 2 * grid, 2 * grid]);
  graph.output("s2", s2, [1, width, grid, grid]);
  return graph;
}
