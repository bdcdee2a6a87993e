// One block of the Hiera trunk: attention inside windows (or over the whole grid), then a network for each place.
// Ryali et al., Hiera (2023).
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { layerNorm, type TensorSource } from "./layers.ts";
import { trunkAttention } from "./trunk-attention.ts";
import type { TrunkLinears } from "./trunk-linears.ts";
import { pooled, reorder } from "./windows.ts";

export interface TrunkBlock {
  /** Prefix of its tensors, such as image_encoder.trunk.blocks.3 */
  readonly name: string;
  /** Side of the incoming grid. */
  readonly side: number;
  readonly widthIn: number;
  readonly widthOut: number;
  readonly heads: number;
  /** Side of the windows, or undefined for the whole grid. */
  readonly window: number | undefined;
  /** Opens a stage: queries and shortcut are pooled 2 x 2, which halves the grid's side. */
  readonly pools: boolean;
}

/** A grid's places [side * side, width], and the side of the windows they are stored by. */
export interface Stored {
  readonly x: Value;
  readonly order: number;
}

const EPSILON = 1e-6;

/** What comes out is stored as suits the block. */
export function trunkBlock(graph: GraphBuilder, tensors: TensorSource, layers: TrunkLinears, block: TrunkBlock, from: Stored): Stored {
  const { name, side, widthIn, widthOut, heads, window, pools } = block;
  const order = orderFor(block, from.order);
  const x = reorder(graph, from.x, side, from.order, order, widthIn);
  const normed = layerNorm(graph, tensors, `${name}.norm1`, x, EPSILON);
  // The shortcut of a block that widens is projected from the normalised values, not from x.
  const projected = widthIn === widthOut ? x : layers.linear(`${name}.proj`, normed);
  const shortcut = pools ? pooled(graph, projected, (side / order) ** 2, order, widthOut) : projected;
  const answered = trunkAttention(graph, tensors, layers, { name: `${name}.attn`, side, order, width: widthOut, heads, window, pools }, normed);
  const attended = graph.op("Add", [shortcut, answered]);
  const inner = layers.linearGelu(`${name}.mlp.layers.0`, layerNorm(graph, tensors, `${name}.norm2`, attended, EPSILON));
  return { x: graph.op("Add", [attended, layers.linear(`${name}.mlp.layers.1`, inner)]), order: pools ? order / 2 : order };
}

function orderFor({ side, window, pools }: TrunkBlock, order: number): number {
  if (window !== undefined) return side % window === 0 ? window : side;
  return pools && order % 2 !== 0 ? side : order;
}
