// The labels that a chunk numbered for itself, as labels of the volume.
import type { Box3 } from "../contract.ts";
import { sizeOf } from "./box3.ts";
import { chunkBox, chunksTouching } from "./chunk-grid.ts";
import type { ChunkGrid } from "./chunk-grid.ts";

export interface LabelTables {
  readonly grid: ChunkGrid;
  /** For each chunk the label of its own label 1, 2, ...; 0 = background. Shared by all threads. */
  readonly ofChunk: readonly Uint32Array[];
}

/** A new array. @param values the chunks' own labels, `[z, y, x]` over the box */
export function relabelled(values: Uint32Array, box: Box3, { grid, ofChunk }: LabelTables): Uint32Array {
  const out = new Uint32Array(values.length);
  const [, height, width] = sizeOf(box);
  for (const chunk of chunksTouching(grid, box)) {
    const { start, end } = chunkBox(grid, chunk);
    const table = ofChunk[chunk]!;
    const x0 = Math.max(start[2], box.start[2]) - box.start[2];
    const x1 = Math.min(end[2], box.end[2]) - box.start[2];
    for (let z = Math.max(start[0], box.start[0]); z < Math.min(end[0], box.end[0]); z++) {
      for (let y = Math.max(start[1], box.start[1]); y < Math.min(end[1], box.end[1]); y++) {
        const row = ((z - box.start[0]) * height + y - box.start[1]) * width;
        for (let at = row + x0; at < row + x1; at++) if (values[at] !== 0) out[at] = table[values[at]! - 1]!;
      }
    }
  }
  return out;
}
