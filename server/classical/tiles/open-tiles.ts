// A volume made ready for the steps: its chunks, its threads, stores in memory or on the disk, and its raw values as a field.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { bothExtremes } from "#server/classical/kernels/extremes.ts";
import type { Extremes } from "#server/classical/kernels/extremes.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Box3, ClassicalRequest, VoxelReader } from "../contract.ts";
import type { VoxelArray } from "./box3.ts";
import { chunkBox, chunkGrid } from "./chunk-grid.ts";
import type { ChunkGrid } from "./chunk-grid.ts";
import type { Field } from "./field.ts";
import { extremesNeeded, heldRange } from "./held-range.ts";
import type { HeldRange } from "./held-range.ts";
import { openPassLog } from "./pass-log.ts";
import type { GreyRange, Tiles } from "./tiles.ts";
import { createTilePool } from "./tile-pool.ts";
import type { TilePool } from "./tile-pool.ts";
import { openStore, planInMemory, planOnDisk } from "./voxel-store.ts";
import { storeBytes } from "./store-medium.ts";
import type { StoreDtype } from "./store-medium.ts";
import type { StorePlan } from "./voxel-store.ts";

export interface TilesOptions {
  readonly reader: VoxelReader;
  /** Exists; one run's own. */
  readonly folder: string;
  readonly resumable: boolean;
  readonly limits: ClassicalRequest["limits"];
  readonly seeds: ClassicalRequest["seeds"];
  readonly side: number;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly warnings: string[];
  readonly nth: () => number;
  /** Voxels done in all passes so far, of those expected. */
  readonly onPass: (done: number, total: number) => void;
  /** How many passes there may be. */
  readonly passes: number;
}

export interface OpenTiles extends Tiles {
  readonly grey: Field;
  readonly greyRange: GreyRange;
  /** A field's values over a box. */
  values(field: Field, box: Box3): Promise<VoxelArray>;
  close(): Promise<void>;
}

/** Bytes a voxel that the steps need at most: two masks, labels, a distance map, and limits or seeds. */
const stepBytes = 2 * storeBytes.uint8 + 2 * storeBytes.uint32 + storeBytes.float32;

/** What threads have in hand beside the stores, measured on two threads. */
const workingBytes = 2 ** 29;

/** @throws pixels_not_finite when no value is finite, and what reading throws */
export async function openTiles(options: TilesOptions): Promise<OpenTiles> {
  const { reader, folder, side, signal, warnings } = options;
  const grid = chunkGrid(reader.size, side);
  const voxels = reader.size[0] * reader.size[1] * reader.size[2];
  const inMemory = voxels * (storeBytes[reader.dtype] + stepBytes) + workingBytes <= options.memoryBytes;
  const progress = { done: 0 };
  const pool = createTilePool({
    size: reader.size, threads: Math.max(1, Math.min(options.threads, grid.chunks)),
    readRaw: inMemory ? undefined : (box, stop) => reader.read(box, stop),
    log: options.resumable && !inMemory ? openPassLog(folder) : undefined,
    signal,
    onVoxels: (count) => {
      progress.done += count;
      options.onPass(progress.done, Math.max(options.passes * voxels, progress.done));
    },
  });
  const plans = new Map<string, StorePlan>();
  const names = { next: 1 };
  /** Memory of stores that were dropped: every pass writes all of its store, and threads let go of shared memory only when they clean up. */
  const spare: StorePlan[] = [];
  const addStore = (name: string, dtype: StoreDtype): StorePlan => {
    const used = spare.findIndex((old) => storeBytes[old.dtype] === storeBytes[dtype]);
    const again = used < 0 ? undefined : spare.splice(used, 1)[0]!;
    const plan = again !== undefined ? { ...again, name, dtype } : inMemory ? planInMemory(name, dtype, grid) : planOnDisk(name, dtype, grid, join(folder, `${name}.voxels`));
    plans.set(name, plan);
    pool.tell({ say: "store", plan });
    return plan;
  };
  try {
    if (inMemory) await ingest(reader, addStore("raw", reader.dtype), grid, signal);
    const limits = options.limits === undefined ? undefined : await fillStore(addStore("limits", "uint8"), grid, options.limits);
    const seeds = options.seeds === undefined ? undefined : await fillStore(addStore("seeds", "uint32"), grid, options.seeds);
    const extremes = await rawExtremes(grid, pool);
    const { notFinite, least: [low], greatest: [high] } = extremes;
    if (low === undefined || high === undefined) throw MaskletError.of("pixels_not_finite", { plane: "every plane of the volume", count: notFinite });
    if (notFinite > 0) warnings.push(`${notFinite} values are not finite; they are taken for background.`);
    const held = heldRange(extremes);
    if (held !== undefined) warnings.push(held.warning);
    return {
      grid, limits, seeds,
      spacing: inSmallest(reader.spacing),
      notFinite,
      ...greyOf(extremes, low, high, held, reader.dtype !== "float32"),
      // Two steps of one kind make passes of one name.
      run: (pass, tasks, onAnswer) => pool.run(`${options.nth()}-${pass}`, tasks, onAnswer),
      store: (dtype) => addStore(`store-${names.next++}`, dtype).name,
      drop: (name) => {
        const plan = plans.get(name);
        plans.delete(name);
        pool.tell({ say: "drop", name });
        if (plan === undefined) return;
        if ("file" in plan.place) rmSync(plan.place.file, { force: true });
        else spare.push(plan);
      },
      relabel: (store, tables) => pool.tell({ say: "tables", store, tables }),
      plane: (name, values) => {
        const buffer = new SharedArrayBuffer(values.byteLength);
        new Float32Array(buffer).set(values);
        pool.tell({ say: "plane", name, buffer });
      },
      warn: (sentence) => void warnings.push(sentence),
      nth: options.nth,
      values: async (field, box) => {
        const found: { values: VoxelArray | undefined } = { values: undefined };
        await pool.run<"values">(undefined, [{ kind: "values", box, field }], (_, values) => { found.values = values; });
        return found.values!;
      },
      close: () => pool.close(),
    };
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
}

/** Slabs of this many bytes are read at once. */
const slabBytes = 16 * 2 ** 20;

async function ingest(reader: VoxelReader, plan: StorePlan, grid: ChunkGrid, signal: AbortSignal | undefined): Promise<void> {
  const store = openStore(plan);
  const [depth, height, width] = grid.size;
  const planes = Math.max(1, Math.floor(slabBytes / (height * width * storeBytes[plan.dtype])));
  for (let z = 0; z < depth; z += planes) {
    throwIfCancelled(signal);
    const box: Box3 = { start: [z, 0, 0], end: [Math.min(depth, z + planes), height, width] };
    store.write(box, await reader.read(box, signal));
  }
}

async function fillStore(plan: StorePlan, grid: ChunkGrid, valuesOf: (box: Box3) => VoxelArray | Promise<VoxelArray>): Promise<Field> {
  const store = openStore(plan);
  for (let chunk = 0; chunk < grid.chunks; chunk++) store.write(chunkBox(grid, chunk), await valuesOf(chunkBox(grid, chunk)));
  store.close();
  return { op: "store", store: plan.name };
}

async function rawExtremes(grid: ChunkGrid, pool: TilePool): Promise<Extremes> {
  let all: Extremes = { least: new Float32Array(0), greatest: new Float32Array(0), notFinite: 0 };
  const tasks = Array.from({ length: grid.chunks }, (_, chunk) => ({ kind: "extremes" as const, box: chunkBox(grid, chunk), field: { op: "raw" as const }, count: extremesNeeded }));
  await pool.run<"extremes">("extremes", tasks, (_, part) => { all = bothExtremes(all, part, extremesNeeded); });
  return all;
}

/** The raw values as numbers to count with, and their bounds. @param low the least finite value @param high the greatest */
function greyOf({ notFinite }: Extremes, low: number, high: number, held: HeldRange | undefined, whole: boolean): { grey: Field; greyRange: GreyRange } {
  const finite: Field = notFinite > 0 ? { op: "finite", fill: low, of: { op: "raw" } } : { op: "raw" };
  if (held === undefined) return { grey: finite, greyRange: { low, high, whole } };
  return { grey: { op: "within", low: held.low, high: held.high, of: finite }, greyRange: { low: held.low, high: held.high, whole: false } };
}

function inSmallest(spacing: Size3 | undefined): Size3 {
  if (spacing === undefined) return [1, 1, 1];
  const smallest = Math.min(...spacing);
  return [spacing[0] / smallest, spacing[1] / smallest, spacing[2] / smallest];
}
