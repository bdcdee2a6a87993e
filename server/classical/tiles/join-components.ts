// Components of chunks joined to components of the volume: a voxel that two chunks have labelled is the same voxel.
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { sizeOf } from "./box3.ts";
import { chunkBeside, chunkBox } from "./chunk-grid.ts";
import type { ChunkGrid } from "./chunk-grid.ts";
import { createPieceTable } from "./piece-table.ts";
import type { PieceTable } from "./piece-table.ts";
import type { ComponentPiece } from "./tile-task.ts";

export interface ComponentJoin {
  /** In any order, each chunk once. Planes are kept only until all neighbours have come. */
  add(chunk: number, piece: ComponentPiece): void;
  readonly pieces: PieceTable;
  /** By set: 1 where a piece had a value of 2. Once all have come. */
  strong(): Uint8Array;
}

const behind: readonly Size3[] = [0, -1].flatMap((z) => [0, -1].flatMap((y) => [0, -1].map((x): Size3 => [z, y, x]))).slice(1);

export function joinComponents(grid: ChunkGrid): ComponentJoin {
  const pieces = createPieceTable(grid);
  const held = new Map<number, ComponentPiece>();
  const joined = new Set<number>();
  const strongOf: { first: number; strong: Uint8Array }[] = [];

  const before = (chunk: number): number[] => behind.map((away) => chunkBeside(grid, chunk, away)).filter((near) => near !== undefined);
  const after = (chunk: number): number[] => behind.map(([z, y, x]) => chunkBeside(grid, chunk, [-z, -y, -x])).filter((near) => near !== undefined);

  /** Looks the voxels before a chunk up among the last planes of those they belong to. */
  const join = (chunk: number): void => {
    const piece = held.get(chunk)!;
    const box = chunkBox(grid, chunk);
    const [depth, height, width] = sizeOf(box);
    const [z0, y0, x0] = box.start.map((at) => (at > 0 ? -1 : 0));
    const first = pieces.firstOf(chunk)!;
    const meet = (own: number, z: number, y: number, x: number): void => {
      if (own === 0) return;
      const away: Size3 = [z < 0 ? -1 : 0, y < 0 ? -1 : 0, x < 0 ? -1 : 0];
      const owner = chunkBeside(grid, chunk, away)!;
      const [, h, w] = sizeOf(chunkBox(grid, owner));
      const at: Size3 = [z, y < 0 ? h - 1 : y, x < 0 ? w - 1 : x];
      const { upper } = held.get(owner)!;
      const other = z < 0 ? upper[0][at[1] * w + at[2]]! : y < 0 ? upper[1][z * w + at[2]]! : upper[2][z * h + at[1]]!;
      pieces.sets.join(first + own - 1, pieces.firstOf(owner)! + other - 1);
    };
    const [alongZ, alongY, alongX] = piece.lower;
    let at = 0;
    if (z0! < 0) for (let y = y0!; y < height; y++) for (let x = x0!; x < width; x++) meet(alongZ[at++]!, -1, y, x);
    at = 0;
    if (y0! < 0) for (let z = 0; z < depth; z++) for (let x = x0!; x < width; x++) meet(alongY[at++]!, z, -1, x);
    at = 0;
    if (x0! < 0) for (let z = 0; z < depth; z++) for (let y = 0; y < height; y++) meet(alongX[at++]!, z, y, -1);
    joined.add(chunk);
  };

  return {
    add: (chunk, piece) => {
      held.set(chunk, piece);
      strongOf.push({ first: pieces.add(chunk, piece), strong: piece.strong });
      for (const ready of [chunk, ...after(chunk)]) if (held.has(ready) && !joined.has(ready) && before(ready).every((near) => held.has(near))) join(ready);
      // Dropped as soon as nobody will look at them again.
      for (const old of [chunk, ...before(chunk), ...after(chunk)]) if (joined.has(old) && after(old).every((near) => joined.has(near))) held.delete(old);
    },
    pieces,
    strong: () => {
      const strong = new Uint8Array(pieces.sets.size());
      for (const part of strongOf) for (let label = 0; label < part.strong.length; label++) if (part.strong[label] === 1) strong[pieces.sets.root(part.first + label)] = 1;
      return strong;
    },
  };
}
