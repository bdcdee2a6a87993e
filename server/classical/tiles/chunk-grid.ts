// A volume cut into cubes. They only say how work is shared out: no result depends on their side.
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Box3 } from "../contract.ts";

export interface ChunkGrid {
  readonly size: Size3;
  readonly side: number;
  /** Chunks along each axis; the last ones may be smaller than `side`. */
  readonly counts: Size3;
  readonly chunks: number;
}

export function chunkGrid(size: Size3, side: number): ChunkGrid {
  const counts: Size3 = [Math.ceil(size[0] / side), Math.ceil(size[1] / side), Math.ceil(size[2] / side)];
  return { size, side, counts, chunks: counts[0] * counts[1] * counts[2] };
}

/** Place of a chunk among the chunks; they are numbered in raster order. */
export function chunkPlace({ counts }: ChunkGrid, chunk: number): Size3 {
  return [Math.floor(chunk / (counts[1] * counts[2])), Math.floor(chunk / counts[2]) % counts[1], chunk % counts[2]];
}

export function chunkBox(grid: ChunkGrid, chunk: number): Box3 {
  const { side, size } = grid;
  const [z, y, x] = chunkPlace(grid, chunk);
  return {
    start: [z * side, y * side, x * side],
    end: [Math.min(size[0], (z + 1) * side), Math.min(size[1], (y + 1) * side), Math.min(size[2], (x + 1) * side)],
  };
}

/** The chunk so many chunks away along each axis; undefined beyond the volume. */
export function chunkBeside(grid: ChunkGrid, chunk: number, away: Size3): number | undefined {
  const { counts } = grid;
  const place = chunkPlace(grid, chunk);
  const [z, y, x] = [place[0] + away[0], place[1] + away[1], place[2] + away[2]];
  if (z < 0 || y < 0 || x < 0 || z >= counts[0] || y >= counts[1] || x >= counts[2]) return undefined;
  return (z * counts[1] + y) * counts[2] + x;
}

/** The chunks that a box touches, in raster order. */
export function chunksTouching(grid: ChunkGrid, { start, end }: Box3): number[] {
  const { side, counts } = grid;
  const chunks: number[] = [];
  for (let z = Math.floor(start[0] / side); z * side < end[0]; z++) {
    for (let y = Math.floor(start[1] / side); y * side < end[1]; y++) {
      for (let x = Math.floor(start[2] / side); x * side < end[2]; x++) chunks.push((z * counts[1] + y) * counts[2] + x);
    }
  }
  return chunks;
}
