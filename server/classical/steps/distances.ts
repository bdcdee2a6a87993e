// Exact distances over a volume of any size, in two passes: planes, then columns.
import { manyBins } from "#server/classical/kernels/histogram.ts";
import type { Bins, Histogram } from "#server/classical/kernels/histogram.ts";
import { addInto, emptyHistogram } from "#server/classical/kernels/histogram.ts";
import type { Box3 } from "../contract.ts";
import { chunkBox } from "../tiles/chunk-grid.ts";
import type { Field } from "../tiles/field.ts";
import type { Tiles } from "../tiles/tiles.ts";
import { everyChunk } from "./passes.ts";

/** Voxels that a thread works on at once in either pass: 64 MiB of float32. */
const partVoxels = 2 ** 24;

/** Distances in units of the smallest spacing, in a new store of float32. */
export async function writeDistances(mask: Field, tiles: Tiles): Promise<Field & { op: "store" }> {
  const { size } = tiles.grid;
  const { spacing } = tiles;
  const within = tiles.store("float32");
  const slabs = parts(size[0], Math.max(1, Math.floor(partVoxels / (size[1] * size[2]))));
  const slabTasks = slabs.map(([z0, z1]) => ({ kind: "plane-distances" as const, box: { start: [z0, 0, 0], end: [z1, size[1], size[2]] } satisfies Box3, inside: mask, spacing, store: within }));
  await tiles.run<"plane-distances">("plane-distances", slabTasks, () => undefined);
  // Not in place: a column that is finished twice, by a run that was killed and gone on with, would be wrong.
  const store = tiles.store("float32");
  // Columns of whole chunk widths, since stores are written in whole rows of chunks.
  const widths = parts(size[2], tiles.grid.side);
  const rows = Math.max(1, Math.floor(partVoxels / (size[0] * tiles.grid.side)));
  const columnTasks = parts(size[1], rows).flatMap(([y0, y1]) => widths.map(([x0, x1]) => ({ kind: "column-distances" as const, box: { start: [0, y0, x0], end: [size[0], y1, x1] } satisfies Box3, of: { op: "store" as const, store: within }, spacing, store })));
  await tiles.run<"column-distances">("column-distances", columnTasks, () => undefined);
  tiles.drop(within);
  return { op: "store", store };
}

function parts(length: number, step: number): [number, number][] {
  return Array.from({ length: Math.ceil(length / step) }, (_, nth) => [nth * step, Math.min(length, (nth + 1) * step)]);
}

/** Farther than this the map's summits are all alike: enough to tell thin bodies from thick ones. */
const nearCap = 8;

/** How thick bodies are: the distances at their middles, up to `nearCap`, in units of the smallest spacing. */
export async function middles(mask: Field, tiles: Tiles): Promise<Histogram> {
  const field: Field = { op: "local", kernel: { kernel: "near-distance", cap: nearCap, spacing: tiles.spacing }, of: mask };
  const bins: Bins = { low: 0, high: nearCap, bins: manyBins };
  const sum = emptyHistogram(bins);
  const tasks = everyChunk(tiles).map((chunk) => ({ kind: "summits" as const, box: chunkBox(tiles.grid, chunk), field, bins }));
  await tiles.run<"summits">("middles", tasks, (_, part) => addInto(sum, part));
  return sum;
}
