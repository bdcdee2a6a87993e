// Tokens and picture ask each other in turn (facebookresearch/sam2: sam2/modeling/sam/transformer.py).
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { gridSide, type Sam2Config } from "../config.ts";
import { layerNorm, linear, type TensorSource } from "./layers.ts";
import { amongTokens, placesToTokens, tokensToPlaces } from "./two-way-attention.ts";

const TRANSFORMER = "sam_mask_decoder.transformer";
const NORM_EPSILON = 1e-5;

/**
 * @param start [B, T, D]; also the code that is added to the tokens whenever they ask or are asked
 * @param picture [1 or B, N, D]
 * @param pictureCode [1, N, D]
 * @returns tokens [B, T, D] and places [B, N, D]
 */
export function twoWayTransformer(graph: GraphBuilder, config: Sam2Config, tensors: TensorSource, start: Value, picture: Value, pictureCode: Value): { tokens: Value; places: Value } {
  const heads = { graph, tensors, count: config.decoder.heads, places: gridSide(config) ** 2 };
  const sum = (left: Value, right: Value) => graph.op("Add", [left, right]);
  const norm = (name: string, x: Value) => layerNorm(graph, tensors, `${TRANSFORMER}.${name}`, x, NORM_EPSILON);
  let tokens = start;
  let places = picture;
  for (let index = 0; index < config.decoder.layers; index++) {
    const layer = `layers.${index}`;
    const full = `${TRANSFORMER}.${layer}`;
    if (index === 0) {
      // The tokens are still their own code: it is not added twice, and the answer takes their place.
      tokens = amongTokens(heads, `${full}.self_attn`, tokens, tokens);
    } else {
      tokens = sum(tokens, amongTokens(heads, `${full}.self_attn`, sum(tokens, start), tokens));
    }
    tokens = norm(`${layer}.norm1`, tokens);
    const codedPlaces = sum(places, pictureCode);
    tokens = norm(`${layer}.norm2`, sum(tokens, tokensToPlaces(heads, `${full}.cross_attn_token_to_image`, sum(tokens, start), codedPlaces, places)));
    const hidden = graph.op("Relu", [linear(graph, tensors, `${full}.mlp.layers.0`, tokens)]);
    tokens = norm(`${layer}.norm3`, sum(tokens, linear(graph, tensors, `${full}.mlp.layers.1`, hidden)));
    places = norm(`${layer}.norm4`, sum(places, placesToTokens(heads, `${full}.cross_attn_image_to_token`, codedPlaces, sum(tokens, start), tokens)));
  }
  const answer = tokensToPlaces(heads, `${TRANSFORMER}.final_attn_token_to_image`, sum(tokens, start), sum(places, pictureCode), places);
  return { tokens: norm("norm_final_attn", sum(tokens, answer)), places };
}
