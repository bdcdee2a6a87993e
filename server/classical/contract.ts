// What the classical side is asked and what it answers.
import type { Dtype, Watch } from "#protocol/types.ts";
import type { Size3, Voxels } from "#server/classical/kernels/size3.ts";

/** A part of a volume in voxels, `[start, end)` along each axis. */
export interface Box3 {
  readonly start: Size3;
  readonly end: Size3;
}

/** One channel and frame of a volume. */
export interface VoxelReader {
  readonly size: Size3;
  readonly dtype: Dtype;
  /** Micrometres; undefined = not calibrated, and voxels are cubes. */
  readonly spacing: Size3 | undefined;
  /** Raw values, `[z, y, x]` over the box, in a new array. @throws what reading throws, cancelled */
  read(box: Box3, signal?: AbortSignal): Promise<Voxels>;
}

export type StepValue = number | string | boolean;

/** One step and its parameters; an `id` tells two steps of one kind apart and is the step's own name otherwise. */
export interface RecipeStep {
  readonly step: string;
  readonly id?: string | undefined;
  readonly [parameter: string]: StepValue | undefined;
}

/** A pipeline as data: steps in the order they are done. */
export interface Recipe {
  readonly name: string;
  readonly steps: readonly RecipeStep[];
}

/** A step as it was done: every parameter with the value that held, and what the step found out (thresholds in grey values, ...). */
export interface UsedStep {
  readonly id: string;
  readonly step: string;
  readonly parameters: Readonly<Record<string, StepValue>>;
  readonly found: Readonly<Record<string, StepValue>>;
}

export interface ClassicalProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: "voxels";
  /** The step that is being done. */
  readonly step: string;
}

export interface ClassicalRequest {
  readonly reader: VoxelReader;
  /** As `completeRecipe` gives it. */
  readonly recipe: Recipe;
  /** The id of the step whose output is wanted; default the last, which must give labels. */
  readonly until?: string | undefined;
  /** 1 where a voxel may belong to an object, over the box. */
  readonly limits?: ((box: Box3) => Uint8Array | Promise<Uint8Array>) | undefined;
  /** 0, or the number of the seed that a voxel belongs to, over the box: the split step grows its parts from these alone. */
  readonly seeds?: ((box: Box3) => Uint32Array | Promise<Uint32Array>) | undefined;
  /** A folder for what does not fit into memory. */
  readonly scratch: string;
  /** Names input and recipe, so that a run that was killed is gone on with; without it every run begins anew. */
  readonly resumeKey?: string | undefined;
  readonly memoryBytes?: number | undefined;
  readonly threads?: number | undefined;
  /** Side of the cubes that a volume is worked on in; the result does not depend on it. */
  readonly chunkSide?: number | undefined;
}

export interface ClassicalObject {
  /** 1..N in raster order of the objects' first voxels. */
  readonly id: number;
  readonly voxels: number;
  readonly box: Box3;
  /** The seed it grew from; 0 = none. */
  readonly seed: number;
}

/** What a run leaves: the output of its last step. */
export interface ClassicalRun {
  readonly kind: "grey" | "mask" | "map" | "labels";
  readonly steps: readonly UsedStep[];
  /** Sentences a person should read: values that were not finite, no object found, ... */
  readonly warnings: readonly string[];
  /** Of labels; empty otherwise. */
  readonly objects: readonly ClassicalObject[];
  /** float32 for grey and map, uint8 for mask, uint32 for labels; `[z, y, x]` over the box. */
  read(box: Box3): Promise<Uint8Array | Uint32Array | Float32Array>;
  /** Ends its threads and removes what lies in memory and scratch. @param keep a run of the same `resumeKey` is to go on from what lies in scratch */
  close(keep?: boolean): Promise<void>;
}

/** @throws recipe_invalid, pixels_not_finite, disk_full, cancelled, and what reading throws */
export type RunRecipe = (request: ClassicalRequest, watch: Omit<Watch, "onProgress"> & { readonly onProgress?: ((progress: ClassicalProgress) => void) | undefined }) => Promise<ClassicalRun>;
