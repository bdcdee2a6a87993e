// Passes that several steps make: one task for each chunk.
import type { Connectivity } from "#server/classical/kernels/size3.ts";
import { chunkBox } from "../tiles/chunk-grid.ts";
import type { Field } from "../tiles/field.ts";
import { joinComponents } from "../tiles/join-components.ts";
import type { ComponentJoin } from "../tiles/join-components.ts";
import type { ComponentsTask } from "../tiles/tile-task.ts";
import type { Tiles } from "../tiles/tiles.ts";

export function everyChunk(tiles: Tiles): number[] {
  return Array.from({ length: tiles.grid.chunks }, (_, chunk) => chunk);
}

/** Writes a field into a new store of flags. @returns the store as a field, and how many voxels are not 0 */
export async function writeMask(pass: string, field: Field, tiles: Tiles): Promise<{ mask: Field & { op: "store" }; voxels: number }> {
  const store = tiles.store("uint8");
  let voxels = 0;
  const tasks = everyChunk(tiles).map((chunk) => ({ kind: "write" as const, box: chunkBox(tiles.grid, chunk), field, store }));
  await tiles.run<"write">(pass, tasks, (_, present) => { voxels += present; });
  return { mask: { op: "store", store }, voxels };
}

/** Components of the voxels above 0. @param store where each chunk's own labels go */
export async function labelAll(pass: string, inside: Field, connectivity: Connectivity, tiles: Tiles, store?: string): Promise<{ join: ComponentJoin; tasks: readonly ComponentsTask[] }> {
  const tasks = everyChunk(tiles).map((chunk): ComponentsTask => ({ kind: "components", box: chunkBox(tiles.grid, chunk), inside, connectivity, store }));
  const join = joinComponents(tiles.grid);
  await tiles.run(pass, tasks, (chunk, piece) => join.add(chunk, piece));
  return { join, tasks };
}

/**
 * Keeps components, and writes them into a new store; with `fill` what the components were not is written as well.
 * @param keep by the root of a component's set
 */
export async function keepComponents(pass: string, { join, tasks }: Awaited<ReturnType<typeof labelAll>>, keep: (root: number) => boolean, fill: boolean, tiles: Tiles): Promise<{ mask: Field & { op: "store" }; voxels: number }> {
  const store = tiles.store("uint8");
  const { sets } = join.pieces;
  let voxels = 0;
  const kept = tasks.map((of, chunk) => {
    const { first, count } = join.pieces.spanOf(chunk);
    return { kind: "keep" as const, of, kept: Uint8Array.from({ length: count }, (_, label) => (keep(sets.root(first + label)) ? 1 : 0)), store, fill, limits: tiles.limits };
  });
  await tiles.run<"keep">(pass, kept, (_, present) => { voxels += present; });
  return { mask: { op: "store", store }, voxels };
}

/** Forgets a mask that was replaced, if it was a store. */
export function dropMask(mask: Field | undefined, tiles: Tiles): void {
  if (mask?.op === "store") tiles.drop(mask.store);
}
