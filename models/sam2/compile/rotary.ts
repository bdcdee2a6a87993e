// Rotary positions on a square grid (RoFormer, arXiv 2104.09864, over two axes as SAM 2's memory attention has it): half of
// the channel pairs turn with the column, half with the row.
import { CONTRIB, type GraphBuilder, type Value } from "../../onnx/graph.ts";

const THETA = 10000;

/** The angle of each token and channel pair; both tables are [side * side + 1, width / 2], the last row turns nothing. */
export interface RotaryTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** @param width channels of a token, a multiple of 4 */
export function rotaryTables(width: number, side: number): RotaryTables {
  const pairs = width / 2;
  const tokens = side * side;
  const cos = new Float32Array((tokens + 1) * pairs).fill(1);
  const sin = new Float32Array((tokens + 1) * pairs);
  for (let token = 0; token < tokens; token++) {
    const column = token % side;
    const row = Math.floor(token / side);
    for (let pair = 0; pair < pairs; pair++) {
      const inAxis = pair % (pairs / 2);
      const angle = (pair < pairs / 2 ? column : row) * THETA ** ((-4 * inAxis) / width);
      cos[token * pairs + pair] = Math.cos(angle);
      sin[token * pairs + pair] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

/** SAM 2 turns neighbouring channels together; projections with rows in this order put the two of a pair half a token apart. */
export function pairsToHalves(width: number): number[] {
  return Array.from({ length: width }, (_, at) => (at < width / 2 ? 2 * at : 2 * (at - width / 2) + 1));
}

/**
 * Turns each token by the row of the tables that its position names.
 * @param x [tokens, 1, width], channels in `pairsToHalves` order; many short sequences, since one may not be longer than the tables
 * @param positions int64 [tokens, 1]
 */
export function rotated(graph: GraphBuilder, x: Value, positions: Value, tables: { readonly cos: Value; readonly sin: Value }): Value {
  return graph.op("RotaryEmbedding", [x, positions, tables.cos, tables.sin], {}, { domain: CONTRIB });
}
