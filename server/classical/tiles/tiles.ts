// What the steps of a recipe are given to work on.
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { ChunkGrid } from "./chunk-grid.ts";
import type { Field } from "./field.ts";
import type { LabelTables } from "./relabel.ts";
import type { TaskAnswers } from "./run-task.ts";
import type { TaskOf, TileTask } from "./tile-task.ts";
import type { StoreDtype } from "./store-medium.ts";

/** Bounds of grey values, and whether they are whole numbers. */
export interface GreyRange {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

/** The volume in chunks, and the threads that work on them. */
export interface Tiles {
  readonly grid: ChunkGrid;
  /** In units of its smallest side, 1 for cubes. */
  readonly spacing: Size3;
  /** Finite raw values; where `notFinite` is not 0 some voxels have none, and `raw` gives the least or greatest value there. */
  readonly notFinite: number;
  readonly limits: Field | undefined;
  readonly seeds: Field | undefined;
  /** Does tasks on all threads; the name must be new within a step. */
  run<K extends TileTask["kind"]>(pass: string, tasks: readonly TaskOf<K>[], onAnswer: (nth: number, answer: TaskAnswers[K]) => void): Promise<void>;
  /** A store that the next pass writes whole. @returns its name */
  store(dtype: StoreDtype): string;
  /** A store that nothing reads any more. */
  drop(store: string): void;
  /** From now on the store gives labels of the volume. */
  relabel(store: string, tables: LabelTables): void;
  /** A plane `[y, x]` that fields may name. */
  plane(name: string, values: Float32Array): void;
  warn(sentence: string): void;
  /** The place of the step that is being done: two steps of one kind name what they leave by it. */
  nth(): number;
}
